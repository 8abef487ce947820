"""The scorecard on paper: the same figures as a PDF, for the meeting and the file.

Texts reach the typesetter as data and never as its markup.
"""

import json
from itertools import groupby
from pathlib import Path
from typing import Any

import typst
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.reports.scorecard.card import Scorecard
from leads.reports.scorecard.lines import Line, lines
from portal.look.states import VERDICTS, side
from portal.look.words import count

DAY = "j F Y"
TEMPLATE = Path(__file__).with_name("scorecard.typ")
_fonts = typst.Fonts(include_system_fonts=False)  # one per process: it holds the fonts


def pdf(card: Scorecard, *, head: str = "", covered: str = "") -> bytes:
    """The card as PDF; `head` is the ledger's, to be printed under each page. `covered`: which
    part of all leads it is of, where that has to be said."""
    made = typst.compile(
        str(TEMPLATE),
        format="pdf",
        sys_inputs={"data": json.dumps(content(card, head) | {"covered": covered})},
        font_paths=_fonts,
        timestamp=card.at.replace(microsecond=0),  # a PDF's date has whole seconds
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter made no single document")
    return made


def content(card: Scorecard, head: str) -> dict[str, Any]:
    """Everything that is printed, as the template reads it."""
    period = card.filters.period
    made = f"{card.at.astimezone(period.zone):%Y-%m-%d %H:%M}"
    shown = [one for one in lines(card) if one.value or one.of]  # what is none takes no line
    parts = [
        {"title": part, "rows": [_row(one) for one in some]}
        for part, some in groupby(shown, key=lambda one: one.part)
    ]
    chosen = (card.filters.team, card.filters.source, card.filters.segment)
    return {
        "title": _("Are we keeping our word?"),
        "period": f"{date_format(period.first, DAY)} – {date_format(period.last, DAY)}",
        "version": _("Beside the terms of version %(n)s.") % {"n": card.version.number}
        if card.version
        else "",
        "chosen": ", ".join(filter(None, chosen)),
        "parts": parts,
        "columns": [_("Figure"), _("Rows"), _("Of"), "%", _("Agreed"), _("Verdict")],
        "made": _("Made %(when)s") % {"when": made},
        "head": head,
    }


def _row(one: Line) -> dict[str, Any]:
    look = VERDICTS.get(one.verdict)
    return {
        "colour": {"mk": "#6b3fb0", "sl": "#0f6348"}.get(side(one.department).form, "#4c4b47"),
        "department": str(side(one.department).word),
        "name": str(one.name),
        "value": count(one.value),
        "of": count(one.of),
        "percent": "" if one.percent is None else f"{one.percent:g}",
        "share": min(one.percent or 0, 100),
        "bar": one.percent is not None,
        "agreed": one.agreed or 0,
        "interval": "" if one.low is None else f"{one.low:g} – {one.high:g}",
        "verdict": "" if look is None or one.verdict in {"none", "open"} else str(look.word),
        "late": one.verdict in {"below", "no"},
    }
