"""How much somebody has against what they can take, and on which days they are here."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Drawing, Straight
from portal.look.words import weekday

WIDTH, HEIGHT = 300, 30
BAR = 12
DAY = 20  # user units of a day
WEEKEND = 5  # the first day of a weekend, counted from Monday


def load(late: int, risk: int, rest: int, capacity: int | None, limit: int) -> Drawing:
    """A bar of what is open: late, at risk, the rest; a dashed line at the capacity.

    `limit` ends the axis, the same for everybody of a team. Decoration: the row says it in
    words.
    """
    drawing = Drawing(WIDTH, HEIGHT, fit=True)
    x = Straight(0, max(limit, 1), 2, WIDTH - 6)
    drawing.line("g", x(0), HEIGHT / 2, x(limit), HEIGHT / 2)
    start = 0
    for css, number in (("f-late", late), ("f-risk", risk), ("f-q", rest)):
        if number:
            broad = x(start + number) - x(start)
            drawing.rect(css, x(start), (HEIGHT - BAR) / 2, broad - 1, BAR, rx=2)
            start += number
    if capacity is not None:
        drawing.line("l l-ink dash", x(capacity), 3, x(capacity), HEIGHT - 3)
    return drawing


def presence(name: str, first: date, away: Sequence[bool]) -> Drawing:
    """The days from `first` on: open ones white, days away sunken, weekends left out.

    The title says which days somebody is away.
    """
    days = [first + timedelta(days=n) for n in range(len(away))]
    work = [(d, off) for d, off in zip(days, away, strict=True) if d.weekday() < WEEKEND]
    missing = [f"{weekday(one)} {one.day}" for one, off in work if off]
    values = {"name": name, "days": ", ".join(missing)}
    title = (
        _("%(name)s is away on %(days)s.") % values
        if missing
        else _("%(name)s is here on every working day shown.") % values
    )
    drawing = Drawing(DAY * len(work) + 2, 40, title, fit=True)
    for n, (one, off) in enumerate(work):
        left = 1 + n * DAY
        drawing.rect("shut edge" if off else "open", left, 16, DAY - 2, 18, rx=2)
        if off:
            drawing.line("l l-q thin", left + 4, 30, left + DAY - 6, 20)
        if one.weekday() == 0 or n == 0:
            drawing.text("", left, 11, str(one.day))
    return drawing
