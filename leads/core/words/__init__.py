"""The words that people use for stages: the journey's own, and the old labels."""
