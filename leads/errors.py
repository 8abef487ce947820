"""Why a lead, a handoff or a clock does not do what was asked; each named by the fact."""

from portal.errors import DomainError


class NotYours(DomainError):
    """Somebody asked for what only others may do."""


class HandoffAlreadyAnswered(DomainError):
    """Somebody accepted or returned the handoff first."""


class HandoffHasMoved(DomainError):
    """The handoff is in another state than the page showed."""


class NoVersionInForce(DomainError):
    """No version governs the lead, so nothing can be promised about it."""


class NoSuchHandoff(DomainError):
    """The version in force knows no handoff of this kind."""


class LeadIsClosed(DomainError):
    """The lead is closed, or became part of another."""


class LeadIsHeld(DomainError):
    """The lead is not handed over: it is imported and not live, or its company is ours."""


class HandoffIsOpen(DomainError):
    """A handoff of this kind is open already."""


class AlreadyThere(DomainError):
    """The lead has entered the stage that the handoff would lead to."""


class PackageIncomplete(DomainError):
    """Parts of what the receiver needs are missing; `missing` names their fields."""

    def __init__(self, message: str, *, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class CriteriaUnmet(DomainError):
    """Criteria of the next stage are not met; `unmet` holds their keys."""

    def __init__(self, message: str, *, unmet: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.unmet = unmet


class UnknownReason(DomainError):
    """The version does not list this reason to return a lead."""


class CadenceNotKept(DomainError):
    """A return as unable to reach needs the attempts that were promised."""


class DisputedBefore(DomainError):
    """A return is disputed once."""


class NothingToDecide(DomainError):
    """The return is not disputed, or the dispute is decided."""


class DayIsPast(DomainError):
    """A lead comes back from nurture on a day to come."""


class NotInTheTeam(DomainError):
    """The person is not an active member of the team that has the handoff."""


class UnknownStage(DomainError):
    """The version in force has no stage of this name."""


class NeedsHandoff(DomainError):
    """The stage is entered by a handoff that somebody accepts."""


class NobodyNamed(DomainError):
    """Nothing in an arrival says who it is about."""


class UnknownTouch(DomainError):
    """There is no such kind or direction of touch."""


class UnknownFact(DomainError):
    """No criterion of the version in force asks for this fact."""


class FileRefused(DomainError):
    """A file, or the mapping that reads it, is wrong as a whole; nothing of it was taken."""


class NoTeam(DomainError):
    """A department has no team yet, so nobody there can own a lead."""


class NothingToUndo(DomainError):
    """The last move is somebody else's, or one that is not undone but answered."""


class UndoTooLate(DomainError):
    """More than 30 seconds have passed."""


class UndoOvertaken(DomainError):
    """Something followed that builds on the move."""


class AlertWasRaised(DomainError):
    """An alert came while the action waited for its turn; its time must be read again."""


class TimeInDoubt(DomainError):
    """The host's time is in doubt, so nothing with a deadline can begin."""


class PauseRefused(DomainError):
    """The clock is due, stopped, still or running already, or the reason is not allowed."""


class SnoozeRefused(DomainError):
    """The alert was seen or its clock stopped, or it would be told again too late."""


class ContributionSettled(DomainError):
    """What was asked of Marketing is delivered, cancelled or answered, or not yet there."""


class ContentRefused(DomainError):
    """Material of the library lacks something, is valid no more, or was taken out."""


class CannotBeCorrected(DomainError):
    """The field is not one that a giver puts right, or its new value is somebody else's."""


class MeetingRefused(DomainError):
    """The meeting lies on the wrong side of now, has no host, or was told of before."""


class RulesRefused(DomainError):
    """The rules of a team make no sense, were not tried, or somebody else changed them."""


class ConsentRefused(DomainError):
    """What is said of consent lies in the future, was noted before, or of nobody any more."""


class PersonErased(DomainError):
    """The person was erased: nothing more is done to what is left of their lead."""


class PrivacyRefused(DomainError):
    """A person is not told or erased so: by whom, of whom, or while what is under way."""


class CannotLeave(DomainError):
    """Somebody's account is not closed by this person, or not before another takes over."""


class CannotMove(DomainError):
    """A person or a team does not go to that team, not by this person, or not yet."""


class WaiverNotNeeded(DomainError):
    """All criteria are met, so there is nothing to waive."""


class WaiverSettled(DomainError):
    """The waiver is asked for already, or was answered."""


class EventsRefused(DomainError):
    """A source or a subscription is not as it must be, or not this person's to keep."""


class NothingAgreed(DomainError):
    """Both departments have not agreed on what is to be acted upon."""


class SetupRefused(DomainError):
    """What was said of the company, a team or a person cannot be; the message says why."""


class GroupTooSmall(DomainError):
    """A team has fewer people than the company shows figures of apart."""
