"""What leads put into the cells, counted from their rows."""
