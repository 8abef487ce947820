"""What must exist by an instant, computed again from what was written down."""
