"""What a manager answers for: the team, and what is unowned."""
