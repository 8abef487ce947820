"""Files that people upload, what was found in them, and what became of each record."""
