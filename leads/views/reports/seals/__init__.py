"""Seals with what changed since, and the files with which a stranger checks them."""
