"""The tables and drawings of the scorecard below its two columns."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.core.statistics import Rate
from leads.reports.period import Filters
from leads.reports.scorecard.card import Scorecard
from leads.reports.scorecard.conversions import Conversion
from leads.reports.scorecard.response import NAMES
from leads.reports.scorecard.returns import Returned
from portal.look.charts.bars import Part, interval, lag, limit_for
from portal.look.charts.histogram import Timing, histogram
from portal.look.parts import Link
from portal.look.words import count, duration, percent
from portal.reader.language import say
from sla.core.criteria import named, sentence

MINUTE = 60.0
SHOWN = 8  # groups of returns in the table; the others are under it


def query(figure: str, filters: Filters) -> str:
    """What an address says of a figure under its filters."""
    return "&".join(part for part in (filters.query, urlencode({"figure": figure})) if part)


def address(figure: str, filters: Filters) -> str:
    """Where the rows of a figure are."""
    return f"{reverse('leads:scorecard-rows')}?{query(figure, filters)}"


def _count(number: int, figure: str, filters: Filters) -> Link:
    return Link(count(number), address(figure, filters))


def speed_of(card: Scorecard) -> dict[str, Any]:
    """From the offer to the first attempt: bands, the never attempted apart, where the time
    goes."""
    made = card.responses
    words = (_("up to 5 min"), _("5 to 15 min"), _("15 to 60 min"), _("over 60 min"))
    n, numbers = made.n, made.numbers
    shown = [
        {
            "words": said,
            "number": _count(numbers[name], f"speed:{name}", card.filters),
            "share": percent(Rate(numbers[name], n).share),
        }
        for said, name in zip(words, NAMES, strict=True)
    ]
    return {
        "n": n,
        "made": _count(n, "speed:made", card.filters),
        "bands": shown,
        "never": _count(made.never, "speed:never", card.filters),
        "withdrawn": _count(made.withdrawn, "speed:withdrawn", card.filters),
        "nobody": made.never,
        "taken_back": made.withdrawn,
        "drawing": _spread(card),
        "lag": _lag(card),
    }


def _spread(card: Scorecard) -> Any:
    made = card.responses
    if made.p50 is None or made.p90 is None:
        return None
    return histogram(
        Timing(
            values=made.times / MINUTE,
            unit="min",
            department="sales",
            p50=made.p50 / MINUTE,
            p90=made.p90 / MINUTE,
            noun=_("first attempts"),
        )
    )


def _lag(card: Scorecard) -> dict[str, Any] | None:
    lengths = card.responses.lag
    if lengths is None:
        return None
    labels = (_("source to portal"), _("portal to owner"), _("owner to first attempt"))
    sides = ("", "marketing", "sales")
    return {
        "drawing": lag([Part(*one) for one in zip(labels, lengths, sides, strict=True)]),
        "rows": [(name, duration(took)) for name, took in zip(labels, lengths, strict=True)],
        "n": _count(len(card.responses.split), "speed:split", card.filters),
    }


def conversions_of(card: Scorecard) -> dict[str, Any]:
    """The table of steps; every interval is drawn on the same axis."""
    highs = [c.rate.interval[1] for c in card.conversions if c.rate.interval]
    limit = limit_for(highs) if highs else 1.0
    return {
        "limit": percent(limit),
        "rows": [_conversion(c, card, limit) for c in card.conversions],
    }


def _conversion(row: Conversion, card: Scorecard, limit: float) -> dict[str, Any]:
    mark, rate, figure = row.benchmark, row.rate, f"cohort:{row.benchmark.key}"
    terms = card.version.parsed if card.version else None
    names = {stage.key: stage.name for stage in terms.journey} if terms else {}
    agreed = mark.percent / 100 if mark.confirmed else None
    return {
        "step": _step(names, mark.from_stage, mark.to_stage),
        "of_whom": " · ".join(filter(None, (mark.segment, mark.source))),
        "hits": _count(rate.hits, f"{figure}:reached", card.filters),
        "n": _count(rate.n, figure, card.filters),
        "share": percent(rate.share) if rate.share is not None else "–",
        "low": percent(rate.interval[0]) if rate.interval else "",
        "high": percent(rate.interval[1]) if rate.interval else "",
        "agreed": percent(mark.percent / 100),
        "confirmed": mark.confirmed,
        "mature": row.mature,
        "waived": _count(row.waived, f"{figure}:waived", card.filters) if row.waived else None,
        "imported": _count(row.imported, f"{figure}:imported", card.filters)
        if row.imported
        else None,
        "verdict": row.verdict,
        "before": _before(card, mark.key),
        "drawing": interval(rate.share, *rate.interval, agreed, limit)
        if rate.share is not None and rate.interval
        else None,
    }


def _before(card: Scorecard, key: str) -> str:
    if card.before is None or key not in card.before.conversions:
        return ""
    rate = card.before.conversions[key].rate
    when = date_format(card.before.filters.period.first, "M Y")
    return f"{when}: {percent(rate.share) or '–'} ({count(rate.hits)}/{count(rate.n)})"


def _step(names: dict[str, str], before: str, after: str) -> str:
    first = names.get(before, before)
    return f"{first[:1].upper()}{first[1:]} → {names.get(after, after)}"


def returns_of(card: Scorecard) -> list[dict[str, Any]]:
    """Three tables of the same returns: by reason, by criterion, by where they came from."""
    from_where = [*card.returns["campaign"], *card.returns["source"]]
    from_where.sort(key=lambda row: (-row.number, row.key))
    return [
        {
            "title": title,
            "rows": [_returned(row, card) for row in rows[:SHOWN]],
            "more": [_returned(row, card) for row in rows[SHOWN:]],
        }
        for title, rows in (
            (_("Reason"), card.returns["reason"]),
            (_("Criterion in doubt"), card.returns["criterion"]),
            (_("Campaign or source"), from_where),
        )
        if rows
    ]


def _returned(row: Returned, card: Scorecard) -> dict[str, Any]:
    words = {
        "fixed": _("fixed"),
        "disputed": _("disputed"),
        "nurture": _("to nurture"),
        "waiting": _("not answered yet"),
    }
    origin = row.most_from if row.by in {"reason", "criterion"} else None
    answers = sorted(row.answers.items(), key=lambda one: (-one[1], one[0]))
    return {
        "name": _group_name(row, card),
        "number": _count(row.number, f"returns:{row.by}:{row.key}", card.filters),
        "most_from": f"{origin[1]}: {origin[0] or _('unknown')}" if origin else "",
        "answers": ", ".join(f"{n} {words[key]}" for key, n in answers),
    }


def _group_name(row: Returned, card: Scorecard) -> str:
    terms = card.version.parsed if card.version else None
    if row.by == "reason" and terms:
        names = {reason.key: reason.name for reason in terms.return_reasons}
        return names.get(row.key, row.key)
    if row.by == "criterion" and terms:
        trees = [stage.criteria for stage in terms.journey if stage.criteria]
        found = next((part for tree in trees if (part := named(tree, row.key))), None)
        return sentence(found, say) if found else row.key
    return row.key or _("unknown")


def beside_of(card: Scorecard) -> list[dict[str, Any]]:
    """Waivers, contributions, and what both do after the sale."""
    terms = card.version.parsed if card.version else None
    stages = {stage.key: stage.name for stage in terms.journey} if terms else {}
    asked = {
        "asked": _("asked for"), "delivered": _("delivered"), "used": _("used"),
        "won": _("used for leads that were won"), "cancelled": _("cancelled"),
    }  # fmt: skip
    waived = [
        (stages[key], _count(n, f"waived:{key}", card.filters))
        for key, n in card.waived.items()
        if n and key
    ]
    return [
        {
            "title": _("Waived entries"),
            "text": _("Leads that somebody let pass with unmet criteria; shown apart."),
            "rows": [(_("All"), _count(card.waived[""], "waived:", card.filters)), *waived],
        },
        {
            "title": _("Material for Sales"),
            "text": _("What Sales asked of Marketing, late in the journey."),
            "rows": [
                (words, _count(card.contributions[key], f"contributions:{key}", card.filters))
                for key, words in asked.items()
            ],
        },
        {
            "title": _("After the sale"),
            "text": _("Calls, mails and meetings with people who are customers."),
            "rows": [
                (name, _count(side.after_sale, f"after:{side.department}", card.filters))
                for name, side in zip((_("Marketing"), _("Sales")), card.sides, strict=True)
            ],
        },
    ]
