"""The demo company: what is written at once is what the actions would have written."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leads.actions.sweeping import sweep
from leads.demo import company, people, scenes, signing
from leads.demo.bulk import BulkPlayer
from leads.demo.events import Story
from leads.demo.play import Player
from leads.demo.stories import Writer
from leads.models import (
    Alert,
    Assignment,
    Clock,
    Contribution,
    Handoff,
    HandoffMove,
    Lead,
    StageEntry,
    Timer,
    Touch,
    Turn,
)
from leads.reports.audit import audit
from portal import ledger
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.kept import undone

SUNDAY = datetime(2026, 3, 1, 11, tzinfo=UTC)
LEADS, SOME, DAYS = 187, 20, 75  # with the scenes of the morning: 200, or a sample
Picture = dict[str, Any]

pytestmark = pytest.mark.django_db


def test_what_is_written_at_once_equals_what_the_actions_write(whole: bool) -> None:
    now = company.morning(SUNDAY)
    stories = _company(now, LEADS if whole else SOME)

    with undone():
        Player(begin=people.birthday(now)).play(stories, until=now)
        by_actions = _picture()
    BulkPlayer(now=now).play(stories, until=now)
    at_once = _picture()

    assert by_actions["leads"].keys() == at_once["leads"].keys()
    for email, life in by_actions["leads"].items():
        assert at_once["leads"][email] == life, email
    assert at_once["entries"] == by_actions["entries"]
    assert at_once["told"] == by_actions["told"]
    assert [finding.key for finding in audit(now) if not finding.holds] == []
    assert not sweep.raise_due(at=now)


def test_the_morning_begins_on_a_working_day_in_berlin_and_lies_ahead() -> None:
    monday = datetime(2026, 3, 2, 9, 12, tzinfo=UTC)

    assert company.morning(SUNDAY) == monday
    assert company.morning(monday) == monday + timedelta(days=1)


def _company(now: datetime, leads: int) -> list[Story]:
    """People, an agreement, and what happens to some leads of the last weeks."""
    begin = people.birthday(now)
    ledger.open_ledger(simulated=True, at=begin)
    with ledger.recording(at=begin):
        staff = people.hire(now=now)
        scenes.settle_companies(staff)
    signing.agree(staff, begin=begin, now=now)
    lately = now - timedelta(days=DAYS)
    writer = Writer(begin=lately, now=now, second=begin, seed=7)
    today = scenes.Morning(now=now, number=leads, calendar=writer.office.calendar)
    return [*writer.all(leads), *today.stories()]


def _picture() -> Picture:
    """All rows of all leads, by what they say and not by their keys."""
    lives: dict[str, dict[str, Any]] = defaultdict(dict)
    mails = dict(Lead.objects.values_list("pk", "email"))
    for part, (model, lead, names, order) in _PARTS.items():
        rows = model._default_manager.order_by(*order).values_list(lead, *names)
        for lead_id, *row in rows:
            lives[mails[lead_id]].setdefault(part, []).append(row)
    kinds = Counter(LedgerEntry.objects.values_list("kind", flat=True))
    alerts = Delivery.objects.filter(about__startswith="alert:")
    told = Counter(alerts.values_list("recipient__email", "channel", "created_at", "title"))
    return {"leads": dict(lives), "entries": kinds, "told": told}


_HANDOFF = (
    "kind", "state", "round", "segment", "automatic", "giver__email", "receiver__email",
    "giver_team__key", "receiver_team__key", "first_offered_at", "offered_at", "accepted_at",
    "returned_at", "ended_at", "return_reason", "return_note", "disputed_at", "decided_as",
    "outcome", "outcome_reason", "evidence", "gaps", "why", "version__number",
)  # fmt: skip
_CLOCK = (
    "obligation", "kind", "round", "department", "team__key", "owner__email", "owner_since",
    "segment", "calendar", "target", "attempts_needed", "attempts_made", "started_at",
    "due_at", "warn_at", "steps", "next_step", "next_step_at", "stopped_at", "outcome",
    "version__number",
)  # fmt: skip
_PARTS: dict[str, tuple[Any, str, tuple[str, ...], tuple[str, ...]]] = {
    "lead": (Lead, "pk", ("name", "stage", "score", "source", "closed_as", "closed_at",
                          "closed_reason", "provenance", "company__name"), ("pk",)),
    "history": (Lead.history.model, "id", ("stage", "history_date", "history_type",
                                           "score", "closed_as"),
                ("history_date", "history_id")),
    "seats": (Assignment, "lead", ("department", "team__key", "member__email", "since",
                                   "until", "why", "by__email"), ("since", "department", "pk")),
    "turns": (Turn, "lead", ("team__key", "member__email", "spent_at", "start", "finish",
                             "owed", "given_back_at", "made_good_at"), ("spent_at", "pk")),
    "stages": (StageEntry, "lead", ("stage", "from_stage", "entered_at", "evidence",
                                    "by__email", "version__number"), ("entered_at", "pk")),
    "touches": (Touch, "lead", ("kind", "direction", "is_attempt", "is_contact", "department",
                                "by__email", "subject", "seconds", "occurred_at", "source",
                                "handoff__kind"), ("occurred_at", "pk")),
    "handoffs": (Handoff, "lead", _HANDOFF, ("first_offered_at", "pk")),
    "moves": (HandoffMove, "handoff__lead", ("handoff__kind", "move", "from_state", "to_state",
                                             "round", "at", "by__email", "reason", "note"),
              ("at", "pk")),
    "clocks": (Clock, "lead", _CLOCK, ("started_at", "obligation", "round", "pk")),
    "alerts": (Alert, "clock__lead", ("clock__obligation", "clock__round", "step", "level",
                                      "due_at", "raised_at", "found_late"),
               ("due_at", "clock__obligation", "step")),
    "timers": (Timer, "lead", ("kind", "at", "round", "note", "done_at", "cancelled_at"),
               ("at", "kind", "pk")),
    "material": (Contribution, "lead", ("kind", "subject", "asked_at", "owner__email",
                                        "delivered_at", "used", "answered_at"), ("asked_at",)),
}  # fmt: skip
