"""One row behind a figure: what stands in its columns, on the page and in a file.

Each row opens its lead, its handoff or clock, and its entries in the ledger.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.links import lead_link
from leads.models import (
    Clock,
    ClockPause,
    Content,
    Contribution,
    Handoff,
    HandoffMove,
    StageEntry,
    Touch,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A value with where it leads; an instant is shown in the reader's zone, and a key, which
    files keep for programs, as words.
    """

    value: Any
    url: str = ""
    is_key: bool = False

    @property
    def at(self) -> datetime | None:
        return self.value if isinstance(self.value, datetime) else None


@dataclass(frozen=True)
class Row:
    """The cells of a row; `ledger` opens the entries about it."""

    cells: Sequence[Cell]
    ledger: str


def header(noun: str) -> list[str]:
    """The columns of a kind of row; the lead is the first."""
    return [_("Lead"), *SHEETS[noun][0]()] if noun != "content" else SHEETS[noun][0]()


def shown(noun: str, row: Any, at: datetime) -> Row:
    return SHEETS[noun][1](row, at)


def file_header(noun: str) -> list[str]:
    """The columns of a file: those of the page, and where the evidence of each row is."""
    return [*header(noun), _("Page"), _("Evidence"), _("Ledger")]


def values(noun: str, row: Any, at: datetime) -> list[Any]:
    """The row as a file holds it: plain values and addresses within the portal."""
    one = shown(noun, row, at)
    links = [cell.url for cell in one.cells if cell.url]
    return [*(cell.value for cell in one.cells), links[0], links[-1], one.ledger]


def _ledger(subject: str, number: int) -> str:
    return f"{reverse('ledger')}?of={subject}-{number}"


def _of_lead(lead_id: int, kind: str) -> str:
    return f"{reverse('ledger')}?lead={lead_id}&kind={kind}"


def _lead(row: Any) -> Cell:
    return Cell(str(row.lead), lead_link(row.lead_id))


def _clock(row: Clock, at: datetime) -> Row:
    url = reverse("leads:clock", args=[row.pk])
    state = str(row.get_outcome_display())
    if row.is_breached(at) and row.stopped_at is None:
        state = _("late, never stopped")
    return Row(
        [
            _lead(row), Cell(str(row.owner or row.team)),
            Cell(row.obligation, url, is_key=True),
            Cell(row.started_at), Cell(row.due_at, url), Cell(row.stopped_at), Cell(state),
        ],
        _ledger("clock", row.pk),
    )  # fmt: skip


def _entry(row: StageEntry, at: datetime) -> Row:
    told = row.waiver_reason or (_("imported") if row.imported else "")
    return Row(
        [
            _lead(row), Cell(row.stage, _handoff_link(row.handoff_id), is_key=True),
            Cell(row.entered_at), Cell(row.lead.source, is_key=True), Cell(told),
        ],
        _of_lead(row.lead_id, "stage_entered"),
    )  # fmt: skip


def _move(row: HandoffMove, at: datetime) -> Row:
    handoff = row.handoff
    return Row(
        [
            Cell(str(handoff.lead), lead_link(handoff.lead_id)),
            Cell(handoff.kind, _handoff_link(handoff.pk), is_key=True), Cell(row.at),
            Cell(str(row.by or "")), Cell(row.reason, is_key=True), Cell(row.note),
        ],
        _ledger("handoff", handoff.pk),
    )  # fmt: skip


def _handoff(row: Handoff, at: datetime) -> Row:
    return Row(
        [
            _lead(row), Cell(row.kind, _handoff_link(row.pk), is_key=True),
            Cell(str(row.receiver or row.receiver_team)), Cell(row.first_offered_at),
            Cell(row.accepted_at), Cell(row.standing), Cell(row.round),
        ],
        _ledger("handoff", row.pk),
    )  # fmt: skip


def _contribution(row: Contribution, at: datetime) -> Row:
    used = "" if row.used is None else _("yes") if row.used else _("no")
    return Row(
        [
            _lead(row), Cell(str(row)), Cell(row.asked_at), Cell(str(row.owner or "")),
            Cell(row.delivered_at), Cell(used),
        ],
        _ledger("contribution", row.pk),
    )  # fmt: skip


def _touch(row: Touch, at: datetime) -> Row:
    return Row(
        [
            _lead(row), Cell(row.kind, _handoff_link(row.handoff_id), is_key=True),
            Cell(row.occurred_at), Cell(row.recorded_at), Cell(row.claimed_at),
            Cell(str(row.by or row.source)),
            Cell(row.seconds),
        ],
        _ledger("touch", row.pk),
    )  # fmt: skip


def _pause(row: ClockPause, at: datetime) -> Row:
    clock = row.clock
    url = reverse("leads:clock", args=[clock.pk])
    return Row(
        [
            Cell(str(clock.lead), lead_link(clock.lead_id)),
            Cell(clock.obligation, url, is_key=True),
            Cell(row.paused_at), Cell(row.reason, is_key=True), Cell(str(row.by or "")),
            Cell(row.resumed_at), Cell(clock.due_at),
        ],
        _ledger("clock", clock.pk),
    )  # fmt: skip


def _content(row: Content, at: datetime) -> Row:
    url = reverse("leads:content", args=[row.pk])
    return Row(
        [Cell(row.title, url), Cell(row.stage, is_key=True), Cell(str(row.published_on or ""))],
        _ledger("content", row.pk),
    )


def _handoff_link(handoff_id: int | None) -> str:
    return reverse("leads:handoff", args=[handoff_id]) if handoff_id is not None else ""


SHEETS: dict[str, tuple[Callable[[], list[str]], Callable[[Any, datetime], Row]]] = {
    "clocks": (
        lambda: [
            _("Owed by"), _("Promise"), _("Started"), _("Due"), _("Stopped"), _("State"),
        ],
        _clock,
    ),
    "entries": (lambda: [_("Stage"), _("Entered"), _("Source"), _("Why it passed")], _entry),
    "moves": (lambda: [_("Handoff"), _("When"), _("By"), _("Reason"), _("Note")], _move),
    "handoffs": (
        lambda: [
            _("Handoff"), _("Receiver"), _("First offered"), _("Accepted"), _("State"),
            _("Round"),
        ],
        _handoff,
    ),
    "contributions": (
        lambda: [_("What"), _("Asked"), _("Owed by"), _("Delivered"), _("Used")],
        _contribution,
    ),
    "touches": (
        lambda: [_("Kind"), _("Happened"), _("Recorded"), _("Claimed"), _("By"), _("Seconds")],
        _touch,
    ),
    "pauses": (
        lambda: [
            _("Promise"), _("Paused"), _("Reason"), _("By"), _("Resumed"), _("Due"),
        ],
        _pause,
    ),
    "content": (lambda: [_("Title"), _("Stage"), _("Published")], _content),
}  # fmt: skip
