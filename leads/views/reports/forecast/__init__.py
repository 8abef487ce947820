"""What will be late: the page, the clocks behind its figures, their file."""
