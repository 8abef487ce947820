"""The rows of a lead's life that put anything into the cells: one statement for all of it."""

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    CharField,
    DateTimeField,
    Field,
    IntegerField,
    QuerySet,
    Value,
)
from django.db.models.functions import Cast

from leads.models import Assignment, Contribution, Handoff, Lead, StageEntry, Touch
from leads.reports.scorecard import beside

Own = dict[str, Any]
"""Which rows are of the leads."""


class Told(NamedTuple):
    """One row of a lead: that it `came`, a stage `entered`, one that was `undone`, something
    `asked` for it, a sale (`sold`), a touch `after` one, any touch (`touched`), a handoff
    `offered`, or who is `seated` for Sales. What the kind does not have is None."""

    what: str
    lead: int
    pk: int
    at: datetime
    word: str
    source: str
    segment: str
    company: int | None
    agreement: int
    email: str
    number: int | None
    team: str | None
    by: int | None
    flag: bool | None
    delivered: datetime | None
    answered: datetime | None
    cancelled: datetime | None


def told(leads: Collection[int]) -> Iterator[Told]:
    """Everything of these leads, but of those that became part of another.

    The `flag` of material is whether it was used, of an entry and of a lead whether a file
    says so, of a touch whether it is an attempt; the `team` of a touch is the system that
    told of it.
    """
    own = {"lead__in": leads, "lead__merged_into": None}
    kinds = (*_stages(own), *_touches(own), *_handoffs(own), _asked(own))
    return (Told(*row) for row in _of_leads(leads).union(*kinds, all=True))


def _stages(own: Own) -> Iterator[QuerySet[Any]]:
    entries, none = StageEntry.objects.filter(**own), _NONE
    yield _rows(
        entries.filter(undone_at=None), "entered", "entered_at", "stage", "version__number",
        "handoff__receiver_team__key", "waived_by", "imported", *_NEVER,
    )  # fmt: skip
    yield _rows(
        entries.filter(undone_at__isnull=False, imported=False), "undone", "entered_at",
        "stage", none["number"], none["team"], none["by"], "imported", "undone_at",
        *_NEVER[1:],
    )  # fmt: skip


def _touches(own: Own) -> Iterator[QuerySet[Any]]:
    none = _NONE
    yield _rows(
        Touch.objects.filter(**own, undone_at=None, imported=False), "touched", "occurred_at",
        "department", none["number"], "source", none["by"], "is_attempt", *_NEVER,
    )  # fmt: skip
    yield _rows(
        beside.after_any_sale().filter(**own), "after", "occurred_at", "department",
        none["number"], none["team"], "by", none["flag"], *_NEVER,
    )  # fmt: skip


def _handoffs(own: Own) -> Iterator[QuerySet[Any]]:
    none = _NONE
    plain = (none["by"], none["flag"], *_NEVER)
    yield _rows(
        beside.won().filter(**own), "sold", "ended_at", _WORD, none["number"], none["team"],
        *plain,
    )  # fmt: skip
    yield _rows(
        Handoff.objects.filter(**own), "offered", "first_offered_at", _WORD, none["number"],
        "receiver_team__key", *plain,
    )  # fmt: skip
    yield _rows(
        Assignment.objects.filter(**own, department="sales", until=None), "seated", "since",
        _WORD, none["number"], "team__key", *plain,
    )  # fmt: skip


def _asked(own: Own) -> QuerySet[Any]:
    return _rows(
        Contribution.objects.filter(**own), "asked", "asked_at", _WORD, "version__number",
        _NONE["team"], "asked_by", "used", "delivered_at", "answered_at", "cancelled_at",
    )  # fmt: skip


def _rows(found: QuerySet[Any], what: str, at: str, *rest: Any) -> QuerySet[Any]:
    """The columns of `Told`, of one kind; `rest` are its word and what follows the mail."""
    word, *more = rest
    return found.order_by().values_list(
        _kind(what), "lead", "pk", at, word, "lead__source", "lead__segment", "lead__company",
        "lead__agreement", "lead__email_key", *more,
    )  # fmt: skip


def _of_leads(leads: Collection[int]) -> QuerySet[Any]:
    none = _NONE
    found = Lead.objects.filter(pk__in=leads, merged_into=None)
    return found.order_by().values_list(
        _kind("came"), "pk", "pk", "received_at", _WORD, "source", "segment", "company",
        "agreement", "email_key", none["number"], none["team"], none["by"], "imported",
        "closed_at", *_NEVER[1:],
    )  # fmt: skip


def _kind(what: str) -> Value:
    return Value(what, output_field=CharField())


def _none(field: Field[Any, Any]) -> Cast:
    """Nothing, of a type: PostgreSQL takes what has none for a text, two parts later."""
    return Cast(Value(None), field)


_WORD = Value("", output_field=CharField())
_NONE = {
    "number": _none(IntegerField()), "team": _none(CharField()), "by": _none(IntegerField()),
    "flag": _none(BooleanField()),
}  # fmt: skip
_NEVER = [_none(DateTimeField())] * 3
