"""Sealed figures: what a period's figures were when it closed, and what they are now."""
