"""What came back to a department, in groups that can be answered together."""
