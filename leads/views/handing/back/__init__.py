"""What came back, answered together, and who comes back from nurture."""
