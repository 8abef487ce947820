"""What a move found before it changed anything, kept with it in JSON for 30 seconds' use.

`remember` before the first write, `restore` when its author takes the move back.
"""

from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Model

from leads.actions import clocks
from leads.actions.owning import pools, routing
from leads.actions.saving import save
from leads.core.words import reasons
from leads.models import (
    Assignment,
    Handoff,
    HandoffMove,
    Lead,
    StageEntry,
    Timer,
    Touch,
    Turn,
)
from portal.accounts.models import Team, User
from portal.bulk.prepared import Prepared
from portal.ledger import known

HANDOFF = (
    "round", "receiver_id", "giver_id", "offered_at", "accepted_at", "returned_at", "ended_at",
    "return_reason", "return_note", "disputed_at", "dispute_note", "decided_as", "outcome",
    "outcome_reason", "evidence", "gaps", "why",
)  # fmt: skip
LEAD = ("stage", "closed_at", "closed_as", "closed_reason")

Memory = dict[str, Any]


def remember(handoff: Handoff, *, touch: Touch | None = None) -> Memory:
    """The locked handoff as it stands, with lead, clocks, seats, turns and timers."""
    lead = handoff.lead
    return {
        "handoff": _written(handoff, HANDOFF),
        "lead": _written(lead, LEAD),
        "clocks": clocks.snapshot(handoff),
        "seats": {seat.department_id: [seat.team_id, seat.member_id] for seat in _seats(lead)},
        "turns": {str(pk): _text(back) for pk, back in _TURNS(lead.pk)},
        "timers": [pk for (pk,) in _TIMERS(lead.pk)],
        **_newest(handoff),
        "touch": touch.pk if touch else None,
        "also": [],
    }


def add(made: HandoffMove, *, also: list[int]) -> None:
    """Note moves of other handoffs that came with this one, and go back with it."""
    if also:
        made.undo["also"] = also
        made.save(update_fields=["undo"])


def restore(handoff: Handoff, kept: Memory, *, by: User, at: datetime) -> None:
    """Let everything but the handoff's state be as it was; the caller's move saves it."""
    _set(handoff, kept["handoff"])
    _restore_lead(handoff.lead, kept, by=by, at=at)
    _restore_seats(handoff.lead, kept["seats"], by=by, at=at)
    _restore_turns(handoff.lead, kept["turns"], at)
    _restore_timers(handoff.lead, kept["timers"], at)
    clocks.reopen(kept["clocks"], handoff=handoff, at=at)
    if kept["touch"] is not None:
        Touch.objects.filter(pk=kept["touch"]).update(undone_at=at)


def entries_since(handoff: Handoff, kept: Memory) -> list[StageEntry]:
    """Stages that the lead entered with the move or after it."""
    entries = handoff.lead.stage_entries.filter(undone_at=None, pk__gt=kept["last_entry"])
    return list(entries)


def _restore_lead(lead: Lead, kept: Memory, *, by: User, at: datetime) -> None:
    entered = lead.stage_entries.filter(undone_at=None, pk__gt=kept["last_entry"])
    entered.update(undone_at=at)
    if _written(lead, LEAD) != kept["lead"]:
        _set(lead, kept["lead"])
        save(lead, *LEAD, at=at, by=by)


def _restore_seats(
    lead: Lead, seats: dict[str, list[int | None]], *, by: User, at: datetime
) -> None:
    for seat in _seats(lead):
        team_id, member_id = seats[seat.department_id]
        if team_id is not None and [seat.team_id, seat.member_id] != [team_id, member_id]:
            team = Team.objects.get(pk=team_id)
            why = [reasons.TAKEN_BACK % {"who": by}]
            routing.seat(
                lead, seat.department_id, team=team, member=member_id, at=at, by=by, why=why
            )


def _restore_turns(lead: Lead, turns: dict[str, str | None], at: datetime) -> None:
    """Turns that somebody has made good since stay as they are."""
    for turn in Turn.objects.filter(lead=lead, made_good_at=None):
        before = turns.get(str(turn.pk), _text(at))
        if _text(turn.given_back_at) != before:
            turn.given_back_at = datetime.fromisoformat(before) if before else None
            turn.save(update_fields=["given_back_at"])
            known.forget_kind(pools.KNOWN)


def _restore_timers(lead: Lead, to_come: list[int], at: datetime) -> None:
    timers = _timers(lead.pk).filter(done_at=None)
    timers.to_come().exclude(pk__in=to_come).update(cancelled_at=at)
    timers.filter(pk__in=to_come).update(cancelled_at=None)


_NEWEST = """
    SELECT (SELECT MAX(id) FROM leads_stageentry WHERE lead_id = %s),
           (SELECT MAX(id) FROM leads_touch WHERE handoff_id = %s),
           (SELECT MAX(pause.id) FROM leads_clockpause AS pause
              JOIN leads_clock AS clock ON clock.id = pause.clock_id
             WHERE clock.handoff_id = %s)
"""


def _newest(handoff: Handoff) -> Memory:
    """The highest ids, in one question: what comes later has a higher one."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [handoff.lead_id, handoff.pk, handoff.pk])
        found = cursor.fetchone()
    names = ("last_entry", "last_touch", "last_pause")
    return {name: last or 0 for name, last in zip(names, found, strict=True)}


def _timers(lead_id: int) -> Any:
    """Those of pauses go with their clocks."""
    return Timer.objects.filter(lead=lead_id).exclude(kind=Timer.Kind.PAUSE_ENDS)


def _turns_of(lead_id: int) -> Any:
    turns = Turn.objects.filter(lead=lead_id).order_by("pk")
    return turns.values_list("pk", "given_back_at")


_TURNS = Prepared(_turns_of, int)
_TIMERS = Prepared(lambda lead_id: _timers(lead_id).to_come().values_list("pk"), int)


def _seats(lead: Lead) -> list[Assignment]:
    return list(routing.seats_of(lead).values())


def _written(row: Model, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _text(getattr(row, name)) for name in names}


def _text(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _set(row: Model, values: dict[str, Any]) -> None:
    for name, value in values.items():
        field = row._meta.get_field(name.removesuffix("_id"))
        typed = value if field.is_relation else field.to_python(value)  # type: ignore[union-attr]
        setattr(row, name, typed)
