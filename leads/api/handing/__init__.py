"""Calls about handoffs: read, and every move of their table."""
