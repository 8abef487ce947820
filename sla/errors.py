"""Refusals about agreements. The message of each is for the person who pressed the button."""

from collections.abc import Sequence

from portal.errors import DomainError
from portal.reader.language import say
from sla.core.diff import Change
from sla.core.merge import Conflict
from sla.core.terms import Fault


class TermsInvalid(DomainError):
    """The terms have faults; each is named with its path and the reason."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("; ".join(fault.by(say) for fault in faults[:8]))


class AgreementExists(DomainError):
    """The key of a new agreement is another's."""


class KeyReserved(DomainError):
    """The key of a new agreement is the address of a page."""


class DraftChanged(DomainError):
    """Somebody saved the draft after it was read; the difference is shown, nothing is lost.

    `changes` lead from what was to be saved to what stands there: in whole sentences, both
    texts. `conflicts` are the parts that both changed, as values.
    """

    def __init__(
        self, message: str, changes: list[Change], conflicts: Sequence[Conflict] = ()
    ) -> None:
        self.changes = changes
        self.conflicts = conflicts
        super().__init__(message)


class SignedTextChanged(DomainError):
    """The stored text is not the one on the page that was read; nothing was signed."""

    def __init__(self, message: str, changes: list[Change]) -> None:
        self.changes = changes
        super().__init__(message)


class NotInThisState(DomainError):
    """The version is past the state in which this can be done."""


class MayNot(DomainError):
    """This person may not do this; the message says who may."""


class AlreadySigned(DomainError):
    """The department, or this person, has signed this revision before."""


class AuthenticationTooOld(DomainError):
    """The proof of who signs is older than five minutes."""


class WarningsNotAcknowledged(DomainError):
    """A grave warning was not ticked."""


class ReasonMissing(DomainError):
    """A reason is required and was empty."""


class NoSuchClause(DomainError):
    """The clause that is spoken of is not in the text."""


class LoginProvesNothing(DomainError):
    """A fresh login at the identity provider was somebody else's, or for another text."""
