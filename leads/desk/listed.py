"""The rows of the list of leads, drawn at once instead of cell by cell in a template."""

from collections.abc import Sequence
from datetime import date, datetime
from html import escape
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from leads.core.words.stages import StageWords
from leads.models import Lead
from portal.look import words as look


class Listed(NamedTuple):
    """What a row shows of a lead."""

    pk: int
    name: str
    closed_as: str
    company: str | None
    stage: str
    segment: str
    source: str
    received_at: datetime


def listed(found: "QuerySet[Lead]", number: int) -> list[Listed]:
    """The first `number` rows of a list, without the leads around them."""
    rows: Any = found.values_list(
        "pk", "name", "closed_as", "company__name", "stage", "segment", "source", "received_at"
    )
    return [Listed(*row) for row in rows[:number]]


def drawn(rows: Sequence[Listed], words: StageWords, legacy: bool, at: datetime) -> SafeString:
    """The rows as HTML, every value escaped; `at` is the page's instant."""
    before, closed = reverse("leads:lead-list"), {"": "", **dict(Lead.Closed.choices)}
    now = localtime(at)
    days: dict[date, str] = {}

    def when(value: datetime) -> str:
        """As `look.instant`, its day worked out once for each date."""
        day = value.date()
        if day not in days:
            days[day] = look.instant(value, now)[:-5]
        return f"{days[day]}{value:%H:%M}"

    def row(one: Listed) -> str:
        how = f' <small class="dim">{escape(str(closed[one.closed_as]))}</small>'
        return (
            f'<tr role="row"><th role="rowheader" scope="row">'
            f'<a href="{before}{one.pk}/">{escape(one.name)}</a>'
            f"{how if one.closed_as else ''}</th>"
            f'<td role="cell">{escape(one.company or "")}</td>'
            f'<td role="cell">{escape(words.spoken(one.stage, legacy))}</td>'
            f'<td role="cell">{escape(_said(one.segment))}</td>'
            f'<td role="cell">{escape(_said(one.source))}</td>'
            f'<td role="cell"><time datetime="{look.machine(one.received_at)}">'
            f"{when(localtime(one.received_at))}</time></td></tr>\n"
        )

    return SafeString("".join(map(row, rows)))


def _said(key: str) -> str:
    return key.replace("_", " ").replace("-", " ").capitalize()
