"""A calendar's week: open hours white in the sunken day."""

from collections.abc import Sequence
from datetime import timedelta

from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import pgettext

from portal.look.charts.drawing import Drawing, Straight
from portal.look.words import duration

WIDTH, HEIGHT, TOP, FLOOR = 560, 262, 30, 242
FIRST, STEP, BROAD = 50, 73, 66
Hours = Sequence[tuple[int, int]]
ROOM_FOR_WORDS = 16


def week(days: Sequence[Hours], title: str) -> Drawing:
    """Seven days from Monday; each a list of openings in minutes since midnight.

    The axis runs from an hour before the first opening to half an hour after the last,
    on even hours. `title` says the hours in a sentence.
    """
    drawing = Drawing(WIDTH, HEIGHT, title, fit=True)
    y = _axis(drawing, days)
    for place, openings in enumerate(days):
        _day(drawing, place, openings, y)
    return drawing


def _axis(drawing: Drawing, days: Sequence[Hours]) -> Straight:
    edges = [minute for openings in days for opening in openings for minute in opening]
    first = max(min(edges, default=480) // 120 * 120, 0)
    last = min(-(-max(edges, default=1080) // 120) * 120, 1440)
    y = Straight(first, last, TOP, FLOOR)
    step = 120 if last - first <= 720 else 240
    for minute in range(first, last + 1, step):
        drawing.line("g", 44, y(minute), WIDTH, y(minute))
        drawing.text("end", 36, y(minute) + 4, f"{minute // 60:02}:00")
    return y


def _day(drawing: Drawing, place: int, openings: Hours, y: Straight) -> None:
    left, middle = FIRST + place * STEP, FIRST + place * STEP + BROAD / 2
    drawing.text("tb mid" if openings else "mid", middle, 18, str(WEEKDAYS_ABBR[place]))
    drawing.rect("shut", left, TOP, BROAD, FLOOR - TOP, rx=3)
    if not openings:
        drawing.text("mid", middle, (TOP + FLOOR) / 2, pgettext("hours", "closed"))
    for opens, closes in openings:
        height = y(closes) - y(opens)
        drawing.rect("open edge", left, y(opens), BROAD, height, rx=3)
        if height >= ROOM_FOR_WORDS:
            words = duration(timedelta(minutes=closes - opens))
            drawing.text("mid tb", middle, y(opens) + height / 2 + 4, words)
