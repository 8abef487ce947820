"""What the pages of the library read: suggestions, and the plan beside what was promised."""
