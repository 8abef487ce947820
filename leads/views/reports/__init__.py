"""What is read together: the scorecard, the weekly review, the integrity checks."""
