"""Refusals about accounts and what belongs to them."""

from portal.errors import DomainError


class MayNotHoldTokens(DomainError):
    """Programs act for a department or for operations, and this person is of neither."""


class TooManyTokens(DomainError):
    """So many tokens are no longer overseen by the person who made them."""


class PasskeyRefused(DomainError):
    """What a device answered proves nothing here; the message says why."""


class CodesAreOn(DomainError):
    """One-time codes are turned on once; whoever lost theirs asks an administrator."""


class NotYourPerson(DomainError):
    """Somebody arranges this for themselves, or who answers for their team."""


class AbsenceRefused(DomainError):
    """The time is wrong or taken, or the deputy cannot stand in."""


class SignOnRefused(DomainError):
    """The identity provider's answer opens no account here; the message says what to do."""


class InvitationIsSpent(DomainError):
    """The link was used, replaced, is too old, or never existed."""


class DirectoryRefused(DomainError):
    """The company's directory may not change this."""


class NameTaken(DomainError):
    """Another account or group has this address, name or id."""
