"""A count for each week: of how many, and where it begins to be worth a question."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Drawing, Straight
from portal.look.words import count, percent

WIDTH, HEIGHT, LEFT, FLOOR, TOP = 360, 108, 34, 86, 28


@dataclass(frozen=True)
class Weeks:
    """`values` are (number, of) for each week, oldest first; `first` and `last` name the
    ends of the axis; `limit` is the share up to which the figure is quiet."""

    values: Sequence[tuple[int, int]]
    first: str
    last: str
    noun: str
    limit: float


def weeks(shown: Weeks) -> Drawing:
    """The share of each week as a bar from nought; the limit as a dashed line."""
    shares = [number / of if of else 0.0 for number, of in shown.values]
    top = max([*shares, shown.limit * 1.25, 0.01])
    drawing = Drawing(WIDTH, HEIGHT, _title(shown, shares), fit=True)
    x = Straight(0, max(len(shares), 1), LEFT, WIDTH)
    y = Straight(0, top, FLOOR, TOP)
    drawing.text("end", LEFT - 6, TOP + 4, percent(top))
    drawing.text("end", LEFT - 6, FLOOR + 4, "0")
    for place, share in enumerate(shares):
        if share:
            over = share > shown.limit
            left, right = x(place) + 1.5, x(place + 1) - 1.5
            drawing.rect(
                "f-ink" if over else "f-q", left, y(share), right - left, FLOOR - y(share)
            )
    drawing.line("ax", LEFT, FLOOR, WIDTH, FLOOR)
    if shown.limit:
        drawing.line("l l-ink thin dash", LEFT, y(shown.limit), WIDTH, y(shown.limit))
    drawing.text("", LEFT, FLOOR + 18, shown.first)
    drawing.text("end", WIDTH, FLOOR + 18, shown.last)
    up = _("share of n = %(of)s") % {"of": count(sum(of for _number, of in shown.values))}
    drawing.named(((LEFT + WIDTH) / 2, FLOOR + 18, _("week")), (0, 11, up))
    return drawing


def _title(shown: Weeks, shares: Sequence[float]) -> str:
    words = {
        "n": count(sum(number for number, _of in shown.values)),
        "of": count(sum(of for _number, of in shown.values)),
        "weeks": len(shown.values),
        "highest": percent(max(shares, default=0.0)) or "0",
        "noun": shown.noun,
    }
    return _("%(noun)s: %(n)s of %(of)s in %(weeks)s weeks, at most %(highest)s a week") % words
