"""What is told of those who work here, and what is not."""
