"""The pages of leads: the list, one lead, what is done on it, and what is around it."""
