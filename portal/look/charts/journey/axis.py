"""The time axis of the wide drawing: straight, or with today stretched at its end."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Broken, Drawing, Scale, Shelf, Straight, length
from portal.look.charts.journey.shape import Journey
from portal.look.words import month

LEFT, RIGHT = 96, 862
TOP, FLOOR = 30, 318
KNEE = 752
STEPS = (1, 2, 7, 14, 30, 61, 91, 182, 365)  # days between two dates of the axis
MOST_DATES = 6
LONG = timedelta(days=3)


def scale(shown: Journey, first: datetime) -> Scale:
    """Straight; where a long life has something today, today is stretched at the end."""
    low, high = first.timestamp(), shown.now.timestamp()
    knee = _knee(shown)
    if shown.over or shown.now - first < LONG or knee is None:
        return Straight(low, high, LEFT, RIGHT)
    at = knee.timestamp()
    return Broken(Straight(low, at, LEFT, KNEE), Straight(at, high, KNEE, RIGHT), at)


def _knee(shown: Journey) -> datetime | None:
    """Where today begins to be stretched: noon, if nothing was before; None: nothing today."""
    instants = [touch.at for touch in shown.touches]
    instants += [arrow.at for arrow in shown.arrows]
    instants += [at for at, _words in shown.late]
    today = [at for at in instants if at.date() == shown.now.date()]
    if not today:
        return None
    hour = 12 if min(today).hour >= 12 else 0
    return datetime.combine(shown.now.date(), time(hour), shown.now.tzinfo)


def axis(drawing: Drawing, shown: Journey, first: datetime, x: Scale) -> None:
    shelf = Shelf()
    clock = f"{shown.now:%H:%M}"
    if shown.over or (shown.now - first >= LONG and not isinstance(x, Broken)):
        clock = f"{shown.now.day} {month(shown.now)}"
    drawing.line("l l-ink", RIGHT, TOP, RIGHT, FLOOR + 4)
    drawing.text("tb end", RIGHT + 14, 338, clock)
    shelf.room(RIGHT + 14 - length(clock), RIGHT + 14)
    if isinstance(x, Broken):
        knee = _knee(shown)
        hour = f", {knee:%H:%M}" if knee and knee.hour else ""
        words = _("today") + hour
        drawing.line("g", KNEE, 44, KNEE, FLOOR)
        drawing.text("", KNEE + 2, 338, words)
        shelf.room(KNEE + 2, KNEE + 2 + length(words))
    for at, words in _ticks(first, shown.now):
        place = x(at.timestamp())
        if shelf.room(place, place + length(words)):
            drawing.line("ax", place, FLOOR, place, FLOOR + 5)
            drawing.text("", place, 338, words)


def _ticks(first: datetime, now: datetime) -> list[tuple[datetime, str]]:
    """Dates at an even step, or the hours of a life that is shorter than two days."""
    span = now - first
    if span < timedelta(days=2):
        hours = 1 if span < timedelta(hours=7) else 6
        start = first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        step, number = timedelta(hours=hours), int(span / timedelta(hours=hours)) + 1
        return [(start + step * k, f"{start + step * k:%H:%M}") for k in range(number)][:8]
    days = next((step for step in STEPS if span.days / step <= MOST_DATES), STEPS[-1])
    dates = [first + timedelta(days=days * k) for k in range(span.days // days + 1)]
    return [(at, f"{at.day} {month(at)}") for at in dates]
