"""Forms that are left half way and gone on with later, by whoever may fill them in."""
