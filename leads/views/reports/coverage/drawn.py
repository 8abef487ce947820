"""Coverage as the page draws it: bars on one axis, figures that open onto their leads."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.reports.coverage import Coverage, Part, Using
from leads.reports.period import Filters
from portal.look.charts.drawing import Drawing, Straight
from portal.look.parts import Link
from portal.look.words import count, percent

WIDTH, HEIGHT, BAR = 300, 26, 12


def address(figure: str, filters: Filters, **narrowed: str) -> str:
    """Where the leads of a figure are."""
    named = {"figure": figure} | {key: value for key, value in narrowed.items() if value}
    return f"{reverse('leads:coverage-rows')}?{filters.query}&{urlencode(named)}"


def part_of(part: Part, filters: Filters, limit: int, **narrowed: str) -> dict[str, Any]:
    """One row; `limit` ends the axis of its bar, the same for every row of a table."""
    return {
        "name": part.key,
        "crm": count(part.crm),
        "said": part.said is not None and part.said >= part.known,
        "seen": Link(count(part.seen), address("seen", filters, **narrowed)),
        "outside": count(part.outside),
        "known_outside": Link(
            count(part.known - part.seen), address("outside", filters, **narrowed)
        ),
        "nowhere": count(part.crm - part.known) if part.crm > part.known else "",
        "elsewhere": Link(count(part.elsewhere), address("elsewhere", filters, **narrowed)),
        "share": percent(part.share) if part.share is not None else "–",
        "drawing": bar(part, limit),
    }


def bar(part: Part, limit: int) -> Drawing:
    """What the portal sees, dark, on all that the CRM holds. The row says it in words."""
    drawing = Drawing(WIDTH, HEIGHT, fit=True)
    x, top = Straight(0, max(limit, 1), 2, WIDTH - 6), (HEIGHT - BAR) / 2
    drawing.rect("f-q", x(0), top, x(part.crm) - x(0), BAR, rx=2)
    if part.seen:
        drawing.rect("f-ink", x(0), top, x(part.seen) - x(0), BAR, rx=2)
    return drawing


def team_of(one: Using, filters: Filters, limit: int) -> dict[str, Any]:
    """A team's row; of a group that is too small nothing is told of its people."""
    row = part_of(one.part, filters, limit, team=one.team.key)
    return row | {
        "name": one.team.name,
        "department": one.team.department_id,
        "people": count(one.people),
        "small": one.is_small,
        "never": [person.name for person in one.never] if one.named else [],
        "never_n": count(len(one.never)),
        "away": [person.name for person in one.elsewhere] if one.named else [],
        "away_n": count(len(one.elsewhere)),
    }


def months(found: Coverage) -> str:
    """The months that are counted, which are whole ones."""
    first, last = date_format(found.first, "F Y"), date_format(found.last, "F Y")
    return first if first == last else f"{first} – {last}"


def said(found: Coverage) -> str:
    """The same as a sentence, for what leaves the portal without the page around it."""
    share = of_what(found)
    if not share:
        return ""
    sentence = _(
        "%(months)s: the portal sees %(seen)s of %(crm)s leads of the CRM. "
        "Every share is %(share)s."
    )
    whole = found.whole
    numbers = {"seen": count(whole.seen), "crm": count(whole.crm)}
    return sentence % (numbers | {"months": months(found), "share": share})


def of_what(found: Coverage) -> str:
    """What is said beside each attainment where the portal does not see enough; else ""."""
    if not found.is_low or found.whole.share is None:
        return ""
    return _("of the %(share)s that the portal sees") % {"share": percent(found.whole.share)}
