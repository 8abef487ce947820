"""Breaches of a month: groups with what is said of them, causes by month."""
