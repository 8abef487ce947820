"""Very many leads of whom everything is over, written by the database itself: each was offered
once, tried, and spoken with; a tenth came back."""

from datetime import timedelta

from django.db import connection

from ground.company import BEGAN
from ground.many_leads import fill as fill_leads
from ground.open_clocks import hurrying, insert, instant, no
from leads.models import Clock, Handoff, HandoffMove, Lead, StageEntry, Touch
from portal.accounts.models import Team
from sla.models import Version

APART = 60  # seconds between two leads
HOUR = 3_600
OWED = (("accept", 14_400), ("first_attempt", 36_000))
"""What was promised, and in how many seconds at most it was done."""
LAST = BEGAN - timedelta(days=31)
"""A day of the month before the newest one; all leads of it are there if there are many."""


def fill(size: int, version: Version) -> None:
    """`size` leads of as many minutes up to the company's beginning; a handoff, two clocks,
    three touches and two stages each."""
    fill_leads(size, version.agreement_id)
    first = int(Lead.objects.order_by("pk").values_list("pk", flat=True)[0])
    with hurrying():
        _handoffs(size, first, version)
        _clocks(size, first, version)
        _touches(size, first)
        _stages(size, first, version)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _handoffs(size: int, first: int, version: Version) -> None:
    giving, team = (Team.objects.get(key=key) for key in ("demand-generation", "inside-sales"))
    came = "i % 10 = 0"
    insert(Handoff, (1, size), {
        "lead_id": f"({first} + i - 1)", "version_id": str(version.pk),
        "kind": "'to_inside_sales'", "round": "1", "automatic": no(),
        "state": f"CASE WHEN {came} THEN 'returned' ELSE 'completed' END",
        "return_reason": f"CASE WHEN {came} THEN 'no_need' ELSE '' END",
        "giver_team_id": str(giving.pk), "receiver_team_id": str(team.pk),
        "segment": "CASE i % 3 WHEN 0 THEN 'demo_request' ELSE 'content' END",
        "first_offered_at": _at(size, "0"), "offered_at": _at(size, "0"),
        "accepted_at": _at(size, _took(0)),
        "ended_at": f"CASE WHEN {came} THEN NULL ELSE {_at(size, '200000')} END",
        "evidence": "'[]'", "gaps": "'[]'", "why": "'[]'",
    })  # fmt: skip
    insert(HandoffMove, (1, size // 10), {
        "handoff_id": "(10 * i)", "move": "'return'", "from_state": "'accepted'",
        "to_state": "'returned'", "round": "1", "at": _at(size, "90000", "(10 * i)"),
        "reason": "CASE i % 3 WHEN 0 THEN 'no_need' ELSE 'too_small' END", "undo": "'{}'",
    })  # fmt: skip


def _clocks(size: int, first: int, version: Version) -> None:
    team = Team.objects.get(key="inside-sales")
    for place, (key, _most) in enumerate(OWED):
        insert(Clock, (1, size), {
            "id": f"(2 * i - {1 - place})", "lead_id": f"({first} + i - 1)", "handoff_id": "i",
            "version_id": str(version.pk), "obligation": f"'{key}'", "kind": f"'{key}'",
            "round": "1", "department_id": "'sales'", "team_id": str(team.pk),
            "segment": "CASE i % 3 WHEN 0 THEN 'demo_request' ELSE 'content' END",
            "owner_since": _at(size, "0"), "calendar": "'berlin'", "target": "3600000000",
            "attempts_needed": "0", "attempts_made": "0", "started_at": _at(size, "0"),
            "due_at": _at(size, f"{HOUR}"), "steps": "'[]'", "next_step": "0", "paused": "0",
            "stopped_at": _at(size, _took(place)),
            "outcome": f"CASE WHEN {_took(place)} > {HOUR} THEN 'late' ELSE 'met' END",
        })  # fmt: skip


def _touches(size: int, first: int) -> None:
    """One of the lead's own before the offer, an attempt, and a talk."""
    lead, which = "((i - 1) / 3 + 1)", "((i - 1) % 3)"
    tried = f"60 + {lead} * 7919 % 36000"
    when = f"CASE {which} WHEN 0 THEN -600 WHEN 1 THEN {tried} ELSE 40000 END"
    at = _at(size, f"({when})", lead)
    insert(Touch, (1, 3 * size), {
        "lead_id": f"({first} + {lead} - 1)", "kind": "'call'",
        "department_id": f"CASE {which} WHEN 0 THEN 'marketing' ELSE 'sales' END",
        "direction": f"CASE {which} WHEN 0 THEN 'inbound' WHEN 1 THEN 'outbound'"
        " ELSE 'two_way' END",
        "is_attempt": f"({which} = 1)", "is_contact": f"({which} = 2)", "source": "'portal'",
        "occurred_at": at, "recorded_at": at, "trusted": no(), "imported": no(),
    })  # fmt: skip


def _stages(size: int, first: int, version: Version) -> None:
    lead, which = "((i - 1) / 2 + 1)", "((i - 1) % 2)"
    insert(StageEntry, (1, 2 * size), {
        "lead_id": f"({first} + {lead} - 1)", "version_id": str(version.pk),
        "stage": f"CASE {which} WHEN 0 THEN 'noticed' ELSE 'comparing' END",
        "entered_at": _at(size, f"(-7200 + {which} * 3600)", lead),
        "evidence": "'[]'", "imported": no(),
    })  # fmt: skip


def _took(place: int) -> str:
    return f"(60 + i * 7919 % {OWED[place][1]})"


def _at(size: int, seconds: str, number: str = "i") -> str:
    return instant(BEGAN, f"(({number} - {size}) * {APART} + {seconds})")
