"""Refusals. The message of each is for the person who pressed the button."""


class DomainError(Exception):
    """The business says no; nothing was changed. One that escapes a view becomes a 409."""
