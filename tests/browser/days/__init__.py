"""A day of each role, lived in a demo company that was started as a newcomer starts it."""
