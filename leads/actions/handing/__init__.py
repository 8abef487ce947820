"""Handing a lead over: each move of a handoff, who may make it, and taking it back."""
