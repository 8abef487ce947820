"""What reports keep to themselves for the sake of the people they count."""
