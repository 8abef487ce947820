"""Very many handoffs that have ended, written by the database itself: each was accepted and
tried once, so that two clocks stood on it; a fifth of them paused one of them."""

from django.db import connection

from ground.company import BEGAN
from ground.many_leads import fill as fill_leads
from ground.open_clocks import hurrying, insert, instant, no
from leads.models import Clock, ClockPause, Handoff, Lead
from portal.accounts.models import Team
from sla.models import Version

A_LEAD = 20  # handoffs
APART = 60  # seconds between two first offers
HOUR = 3_600
OWED = (("accept", 14_400), ("first_attempt", 36_000))
"""What was promised, and in how many seconds at most it was done."""


def fill(size: int, version: Version) -> None:
    """`size` handoffs of as many minutes up to the company's beginning."""
    fill_leads(max(size // A_LEAD, 1), version.agreement_id)
    first = Lead.objects.order_by("pk").values_list("pk", flat=True)[0]
    giving, team = (Team.objects.get(key=key) for key in ("demand-generation", "inside-sales"))
    lead = f"({first} + (i - 1) / {A_LEAD})"
    with hurrying():
        insert(Handoff, (1, size), {
            "lead_id": f"({first} + (i - 1) / {A_LEAD} % {max(size // A_LEAD, 1)})",
            "version_id": str(version.pk), "kind": "'to_inside_sales'",
            "state": "'completed'", "round": "1", "automatic": no(),
            "giver_team_id": str(giving.pk), "receiver_team_id": str(team.pk),
            "segment": "CASE i % 3 WHEN 0 THEN 'demo_request' ELSE 'content' END",
            "first_offered_at": _at(size, "0"), "offered_at": _at(size, "0"),
            "accepted_at": _at(size, _took(0)), "ended_at": _at(size, "200000"),
            "evidence": "'[]'", "gaps": "'[]'", "why": "'[]'",
        })  # fmt: skip
        for place, (key, _most) in enumerate(OWED):
            insert(Clock, (1, size), {
                "id": f"2 * i - {1 - place}", "lead_id": lead, "handoff_id": "i",
                "version_id": str(version.pk), "obligation": f"'{key}'", "kind": f"'{key}'",
                "round": "1", "department_id": "'sales'", "team_id": str(team.pk),
                "owner_since": _at(size, "0"), "calendar": "'berlin'",
                "target": "3600000000", "attempts_needed": "0", "attempts_made": "0",
                "started_at": _at(size, "0"), "due_at": _at(size, f"{HOUR}"),
                "steps": "'[]'", "next_step": "0", "paused": "0",
                "stopped_at": _at(size, _took(place)),
                "outcome": f"CASE WHEN {_took(place)} > {HOUR} THEN 'late' ELSE 'met' END",
            })  # fmt: skip
        insert(ClockPause, (1, size // 5), {
            "clock_id": "10 * i - 1", "reason": "'call_back'",
            "paused_at": _at(size, "60", "i * 5"), "ends_by": _at(size, "7200", "i * 5"),
            "resumed_at": _at(size, "1800", "i * 5"),
        })  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _took(place: int) -> str:
    return f"(60 + i * 7919 % {OWED[place][1]})"


def _at(size: int, seconds: str, number: str = "i") -> str:
    return instant(BEGAN, f"(({number} - {size}) * {APART} + {seconds})")
