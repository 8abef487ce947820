"""A desk as a table: the rows that its filters show, with the words of both departments."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from leads.core.words.stages import StageWords
from leads.desk import rows
from leads.desk.mine.filters import Filter
from leads.desk.owed import Owed, owed
from leads.models import Clock
from portal.accounts.models import User

MINUTE = timedelta(minutes=1)


def header() -> list[str]:
    """The names of the columns."""
    return [
        _("Due"), _("State"), _("Working minutes left"), _("What is owed"), _("Attempts made"),
        _("Attempts agreed"), _("Lead"), _("Job title"), _("Company"), _("Stage"),
        _("Old label of the stage"), _("Kind of lead"), _("Source"), _("Team"), _("With"),
        _("Marketing seat"), _("Sales seat"), _("Round"),
        _("Version of the agreement"), _("Lead number"),
    ]  # fmt: skip


def lines(user: User, at: datetime, asked: Filter, words: StageWords) -> Iterator[list[Any]]:
    """One line for each row of the desk, over all pages, read page by page."""
    return lines_of(lambda after: owed(user, at, asked, words, after), words)


def lines_of(
    page_after: Callable[[str], tuple[list[Owed], str]], words: StageWords
) -> Iterator[list[Any]]:
    """The same of any rows that are owed, given how a page of them is read."""
    after, more = "", True
    while more:
        page, after = page_after(after)
        for one in page:
            yield _line(one, words)
        more = bool(after)


def _line(one: Owed, words: StageWords) -> list[Any]:
    clock: Any = one.first
    lead = clock.lead
    return [
        clock.due_at, _state(one.state), one.left // MINUTE, rows.what(one).rstrip("."),
        clock.attempts_made if clock.attempts_needed else None, clock.attempts_needed or None,
        lead.name, lead.job_title, lead.company.name if lead.company else "",
        words.spoken(lead.stage), words.labels.get(lead.stage, ""),
        lead.segment.replace("_", " "), lead.source, clock.team.name, _with(clock),
        clock.marketing_seat or "", clock.sales_seat or "", clock.round,
        clock.version.number, lead.pk,
    ]  # fmt: skip


def _with(clock: Clock) -> str:
    return clock.owner.name if clock.owner else _("nobody yet")


def _state(state: str) -> str:
    return {
        "late": _("late"), "risk": _("at risk"), "ok": _("on time"), "pause": _("paused"),
    }[state]  # fmt: skip
