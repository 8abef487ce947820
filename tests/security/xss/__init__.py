"""Texts that would run if they were not shown as text, and where all of them are put."""
