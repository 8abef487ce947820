"""A commitment against its pace: what is there, where it leads, what was agreed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Columns, Drawing, Straight, n
from portal.look.states import side
from portal.look.words import count

WIDTH, HEIGHT, LEFT, RIGHT, FLOOR, TOP = 520, 146, 36, 510, 126, 30.8


@dataclass(frozen=True)
class Pace:
    """`done` is the running total at the end of each day so far; `days` the whole period.

    `projected` is what the period would end with at this pace; None: too early to say.
    `first` and `last` name the ends of the axis; `noun` is counted (*leads*).
    """

    done: Sequence[int]
    days: int
    agreed: int
    department: str
    projected: int | None
    first: str
    last: str
    noun: str


def pace(shown: Pace) -> Drawing:
    """The line so far, dashed where it leads, against the thin line of what was agreed."""
    drawing = Drawing(WIDTH, HEIGHT, _title(shown), fit=True)
    top = max(shown.agreed, shown.projected or 0, *shown.done, 1)
    x = Straight(0, max(shown.days, 1), LEFT, RIGHT)
    y = Straight(0, top, FLOOR, TOP)
    for value in sorted({0, shown.agreed // 2, shown.agreed}):
        drawing.line("g", LEFT, y(value), WIDTH, y(value))
        drawing.text("end", LEFT - 6, y(value) + 4, count(value))
    drawing.line("l l-q thin", x(0), y(0), x(shown.days), y(shown.agreed))
    _so_far(drawing, shown, x, y)
    drawing.text("", LEFT, FLOOR + 16, shown.first)
    drawing.text("end", RIGHT, FLOOR + 16, shown.last)
    total = count(shown.done[-1] if shown.done else 0)
    up = _("%(noun)s in all, n = %(n)s") % {"noun": shown.noun, "n": total}
    drawing.named(((LEFT + RIGHT) / 2, FLOOR + 16, _("day")), (0, 11, up))
    rows = tuple((count(day), count(value)) for day, value in enumerate(shown.done, 1))
    drawing.table = Columns((_("Day"), _("In all")), rows)
    return drawing


def _so_far(drawing: Drawing, shown: Pace, x: Straight, y: Straight) -> None:
    form = side(shown.department).form
    points = [(x(place), y(value)) for place, value in enumerate([0, *shown.done])]
    drawing.path(f"l l-{form}", "M" + "L".join(f"{n(px)} {n(py)}" for px, py in points))
    at, height = points[-1]
    agreed = _("agreed %(number)s") % {"number": count(shown.agreed)}
    over = shown.projected is not None and shown.projected >= shown.agreed
    late = at > WIDTH * 0.7
    if late:  # today's mark stands at the right, so the words go where the line is young
        drawing.text("halo", x(shown.days * 0.3) + 8, y(shown.agreed * 0.3) + 16, agreed)
    else:
        drawing.text("end halo", RIGHT - 48, y(shown.agreed) + (16 if over else 2), agreed)
    if shown.projected is not None and len(shown.done) < shown.days:
        drawing.line(f"l l-{form} dash", at, height, x(shown.days), y(shown.projected))
        words = _("%(number)s at this pace") % {"number": count(shown.projected)}
        at_end = y(shown.projected)
        below = -8 if over or at_end + 34 > FLOOR - 4 else 34
        drawing.text(f"t-{form} end halo", RIGHT, max(at_end + below, 10), words)
    drawing.circle(f"f-{form}", at, height, 5)
    today = _("%(number)s today") % {"number": count(shown.done[-1] if shown.done else 0)}
    under = height + 16 if height + 16 < FLOOR - 4 else height - 10
    if late:
        drawing.text(f"t-{form} end halo", at - 9, height - 10, today)
    else:
        drawing.text(f"t-{form} halo", at + 9, under, today)


def _title(shown: Pace) -> str:
    words = {
        "done": count(shown.done[-1] if shown.done else 0),
        "agreed": count(shown.agreed),
        "noun": shown.noun,
        "projected": count(shown.projected),
        "last": shown.last,
    }
    if shown.projected is None:
        return _("%(done)s of %(agreed)s %(noun)s so far") % words
    return (
        _("%(done)s of %(agreed)s %(noun)s so far; at this pace %(projected)s by %(last)s")
        % words
    )
