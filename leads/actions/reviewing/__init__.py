"""What people say about the figures: notes of a review, answers to a check's question."""
