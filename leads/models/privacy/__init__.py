"""What people said may be done with what is known of them, and what they asked for."""
