"""What one person's desk shows, and how it is narrowed."""
