from portal.errors import DomainError


class CannotConnect(DomainError):
    """Slack does not know this person, or cannot be asked."""


class NotDead(DomainError):
    """Somebody has sent the message again already."""
