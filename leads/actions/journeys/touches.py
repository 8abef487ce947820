"""Touches: what happened between a department and a lead, and what an attempt sets off."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.handing import handoffs, refusals
from leads.actions.handing.transitions import lock, lock_lead
from leads.actions.journeys import journey
from leads.actions.owning import routing
from leads.core import text
from leads.core.handoff import Move, State
from leads.errors import NotYours, UnknownTouch
from leads.models import Handoff, Lead, Touch
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import User
from sla.core import durations
from sla.core.facts import TOUCH_KINDS, is_attempt, is_contact
from sla.core.terms import Terms

PORTAL = "portal"
_TWO_WAY = frozenset({"meeting", "chat", "reference"})
_OUTBOUND = frozenset(
    {"call", "voicemail", "personal_mail", "mail", "case_study", "comparison"}
)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a touch counts, and what was merely claimed."""

    occurred_at: datetime
    claimed_at: datetime | None = None
    trusted: bool = False


@ledger.recorded
def log(
    *,
    lead_id: int,
    kind: str,
    by: User,
    at: datetime,
    department: str | None = None,
    direction: str | None = None,
    subject: str = "",
    seconds: int | None = None,
    source: str = PORTAL,
    external_id: str = "",
    occurred_at: datetime | None = None,
    claimed_at: datetime | None = None,
) -> Touch:
    """Record what `by` did or saw; the same touch of the same system is recorded once.

    It counts at `at`, the server's time. `occurred_at` counts instead where the terms trust
    `source` for this kind and it arrives within its lag; any other time is kept as a claim.
    An attempt accepts a handoff that is offered to who made it, stops its first attempt and
    counts for its cadence. `direction` left out is the kind's usual one.

    Raises UnknownTouch for a kind or direction that there is not, NotYours for who belongs
    to no department or to the other one.
    """
    direction = direction or usual_direction(kind)
    if kind not in TOUCH_KINDS or direction not in Touch.Direction.values:
        raise UnknownTouch(_("There is no such kind of touch."))
    if (
        not by.is_active
        or by.department_id is None
        or department not in (None, by.department_id)
    ):
        raise NotYours(_("A touch is logged by the department that it belongs to."))
    lead = lock_lead(lead_id)
    source, external_id = text.line(source, 80), text.line(external_id, 120)
    if (before := _known(source, external_id)) is not None:
        return before
    handoff = _handoff_of(lead, by, at)
    moment = _moment(lead, handoff, kind, source, at, occurred_at, claimed_at)
    touch = write(
        Touch(
            lead=lead, handoff=handoff, department_id=by.department_id, kind=kind,
            direction=direction, by=by, source=source, external_id=external_id,
            subject=text.line(subject), seconds=seconds, occurred_at=moment.occurred_at,
            claimed_at=moment.claimed_at, trusted=moment.trusted, recorded_at=at,
        )
    )  # fmt: skip
    if touch.is_attempt and handoff is not None:
        _attempted(handoff, touch, by, at)
    journey.advance(_again(lead), at)
    return touch


def arrived(
    lead: Lead,
    kind: str,
    *,
    at: datetime,
    source: str,
    by: User | None = None,
    claimed_at: datetime | None = None,
    imported: bool = False,
) -> Touch:
    """Log how a person came or came again: inbound, and Marketing's. An inner step.

    Imported history happened when it is said to have; else the server's time counts.
    """
    if kind not in TOUCH_KINDS:
        raise UnknownTouch(_("There is no such kind of touch."))
    return write(
        Touch(
            lead=lead, department_id="marketing", kind=kind, direction="inbound", by=by,
            source=source or PORTAL, claimed_at=claimed_at, recorded_at=at, imported=imported,
            occurred_at=claimed_at if imported and claimed_at else at,
            handoff=lead.handoffs.open().last(),
        )
    )  # fmt: skip


def beside(lead: Lead, subject: str, *, at: datetime) -> Touch:
    """Log on a deal that somebody else of the company got in touch: an inner step."""
    return write(
        Touch(
            lead=lead, department_id="marketing", kind="form", direction="inbound",
            subject=text.line(subject), occurred_at=at, recorded_at=at,
            handoff=lead.handoffs.open().last(),
        )
    )  # fmt: skip


def material(lead: Lead, kind: str, subject: str, *, by: User, at: datetime) -> Touch:
    """Log material of Marketing's that Sales used with the lead: an inner step."""
    return write(
        Touch(
            lead=lead, department_id="marketing", kind=kind, direction="outbound", by=by,
            subject=text.line(subject), occurred_at=at, recorded_at=at,
            handoff=lead.handoffs.open().last(),
        )
    )  # fmt: skip


def usual_direction(kind: str) -> str:
    """From whom to whom a kind of touch goes if nobody says otherwise."""
    if kind in _TWO_WAY:
        return Touch.Direction.TWO_WAY
    return Touch.Direction.OUTBOUND if kind in _OUTBOUND else Touch.Direction.INBOUND


def _known(source: str, external_id: str) -> Touch | None:
    if not external_id:
        return None
    return Touch.objects.named(source, external_id).first()


def _handoff_of(lead: Lead, by: User, at: datetime) -> Handoff | None:
    """The open handoff that the touch belongs to: of who acts, else of the department."""
    open_ones = lead.handoffs.open().select_related(
        "version", "receiver_team__department", "giver_team__department"
    )
    ours = [
        one
        for one in open_ones.order_by("-offered_at", "-pk")
        if by.department_id in (one.receiver_team.department_id, one.giver_team.department_id)
    ]
    return next((one for one in ours if receives(one, by, at)), ours[0] if ours else None)


def receives(handoff: Handoff, by: User, at: datetime) -> bool:
    """Whether an attempt of `by` counts for the handoff's receiving side."""
    team = handoff.receiver_team
    if handoff.state == State.ACCEPTED and permissions.in_team(by, team):
        return True  # a colleague's call is the team's attempt, but takes no offer on
    waits = handoff.state in (State.OFFERED, State.ACCEPTED)
    return waits and permissions.may_act_for(by, handoff.receiver_id, team, at)


def _moment(
    lead: Lead,
    handoff: Handoff | None,
    kind: str,
    source: str,
    at: datetime,
    occurred_at: datetime | None,
    claimed_at: datetime | None,
) -> Moment:
    if occurred_at is None:
        return Moment(at, claimed_at)
    version = handoff.version if handoff else routing.version_for(lead, at)
    if version is not None and _is_trusted(version.parsed, kind, source, at - occurred_at):
        return Moment(occurred_at, claimed_at, trusted=True)
    return Moment(at, claimed_at or occurred_at)


def _is_trusted(terms: Terms, kind: str, source: str, lag: timedelta) -> bool:
    """Whether the terms let this system's own time count, so long after it."""
    return any(
        one.source == source
        and kind in one.kinds
        and timedelta(0) <= lag <= durations.elapsed(one.max_lag)
        for one in terms.trusted_sources
    )


def write(touch: Touch) -> Touch:
    """Save a touch, with what its kind makes of it, and its entry: an inner step."""
    touch.is_attempt = is_attempt(touch.kind, touch.direction)
    touch.is_contact = is_contact(touch.kind, touch.direction)
    touch.save()
    ledger.append(
        "touch_logged",
        at=touch.recorded_at,
        by=touch.by,
        subject=("touch", touch.pk),
        lead=touch.lead_id,
        department=touch.department_id,
        clear={
            "kind": touch.kind,
            "direction": touch.direction,
            "attempt": touch.is_attempt,
            "contact": touch.is_contact,
            "occurred_at": touch.occurred_at,
            "trusted": touch.trusted,
            "source": touch.source,
            "handoff": touch.handoff_id,
        },
        committed={"subject": touch.subject} if touch.subject else None,
    )
    return touch


def _attempted(handoff: Handoff, touch: Touch, by: User, at: datetime) -> None:
    """What an attempt sets off, at the instant at which it counts."""
    handoff = lock(handoff.pk)
    if not receives(handoff, by, at) or touch.occurred_at < handoff.offered_at:
        return
    evidence_at = at if touch.occurred_at < at else None
    if refusals.may(handoff, Move.ACCEPT, by, at):
        handoffs.accept_step(
            handoff, by=by, at=touch.occurred_at, touch=touch, evidence_at=evidence_at
        )
    clocks.attempted(handoff, touch.occurred_at, evidence_at=evidence_at)


def _again(lead: Lead) -> Lead:
    """The locked lead as it stands after what the touch set off."""
    lead.refresh_from_db()
    return lead
