"""The day strip: my working day, what ran out, what is due, and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.look.charts.drawing import Drawing, Shelf, Straight, length
from portal.look.charts.spans import Span, shared, without

WIDTH, HEIGHT, LEFT, RIGHT = 1180, 74, 8, 1172
TOP, TALL, MIDDLE, TICKS, WORDS = 26, 22, 37, 48, 68
AN_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Due:
    """An instant on the strip; `state` is `late`, `risk`, or `ok` for all that is quiet."""

    at: datetime
    state: str


def day_strip(openings: Sequence[Span], now: datetime, dues: Sequence[Due]) -> Drawing | None:
    """The day of `now`; every instant is aware and in the reader's zone.

    None on a day without openings: there is nothing to draw then. Instants outside the
    day's hours are left out, and the bands below say them.
    """
    if not openings:
        return None
    start, end = openings[0][0], openings[-1][1]
    x = Straight(start.timestamp(), end.timestamp(), LEFT, RIGHT)
    inside = sorted((due for due in dues if start <= due.at <= end), key=lambda due: due.at)
    drawing = Drawing(WIDTH, HEIGHT, _title(openings, now, inside))
    _hours(drawing, openings, now, x)
    _ticks(drawing, start, end, x)
    shelf = Shelf()
    if start <= now <= end:
        _now(drawing, now, x, shelf)
    _dues(drawing, inside, x)
    _groups(drawing, inside, x, shelf)
    return drawing


def _hours(drawing: Drawing, openings: Sequence[Span], now: datetime, x: Straight) -> None:
    for start, end in openings:
        left = x(start.timestamp())
        drawing.rect("open", left, TOP, x(end.timestamp()) - left, TALL, rx=3)
    for start, end in shared(openings, [(openings[0][0], now)] if openings[0][0] < now else []):
        left = x(start.timestamp())
        drawing.rect("shut", left, TOP, x(end.timestamp()) - left, TALL, rx=3)
    for (_start, closes), (opens, _end) in pairwise(openings):
        middle = (x(closes.timestamp()) + x(opens.timestamp())) / 2
        if x(opens.timestamp()) - x(closes.timestamp()) > length(_("break")):
            drawing.text("mid", middle, 41, _("break"))


def _ticks(drawing: Drawing, start: datetime, end: datetime, x: Straight) -> None:
    hour = start.replace(minute=0, second=0, microsecond=0)
    hour += AN_HOUR if hour < start else timedelta(0)
    shelf = Shelf()
    last = f"{end:%H:%M}"
    drawing.text("end", RIGHT, WORDS, last)
    shelf.room(RIGHT - length(last), RIGHT)
    while hour < end:
        at, words = x(hour.timestamp()), f"{hour:%H:%M}"
        drawing.line("g", at, TICKS, at, TICKS + 6)
        middle = max(at, LEFT + length(words) / 2)
        if shelf.room(middle - length(words) / 2, middle + length(words) / 2):
            drawing.text("mid", middle, WORDS, words)
        hour += AN_HOUR


def _now(drawing: Drawing, now: datetime, x: Straight, shelf: Shelf) -> None:
    at, words = x(now.timestamp()), _("now %(time)s") % {"time": f"{now:%H:%M}"}
    half = length(words) / 2
    middle = min(max(at, LEFT + half), RIGHT - half)
    drawing.line("l l-ink", at, 18, at, 54)
    drawing.text("tb mid", middle, 12, words)
    shelf.room(middle - half, middle + half)


def _dues(drawing: Drawing, dues: Sequence[Due], x: Straight) -> None:
    for due in dues:
        at = x(due.at.timestamp())
        if due.state == "late":
            drawing.triangle("f-late", at, MIDDLE)
        elif due.state == "risk":
            drawing.diamond("f-risk", at, MIDDLE, 8)
        else:
            drawing.circle("f-ink", at, MIDDLE, 5.5)


def _groups(drawing: Drawing, dues: Sequence[Due], x: Straight, shelf: Shelf) -> None:
    """How many of each kind, over the middle of them, where there is room."""
    for state, css in (("late", "t-late"), ("risk", "t-risk"), ("ok", "")):
        places = [x(due.at.timestamp()) for due in dues if due.state == state]
        if not places:
            continue
        words = _group(state, len(places))
        if found := shelf.place(sum(places) / len(places), words, (LEFT, RIGHT)):
            drawing.text(f"{css} {found[1]}".strip(), found[0], 12, words)


def _group(state: str, number: int) -> str:
    if state == "late":
        return _("%(number)s late") % {"number": number}
    if state == "risk":
        return _("%(number)s at risk") % {"number": number}
    return _("%(number)s more today") % {"number": number}


def _title(openings: Sequence[Span], now: datetime, dues: Sequence[Due]) -> str:
    start, end = openings[0][0], openings[-1][1]
    parts = [
        _("Your working day, %(start)s to %(end)s") % {"start": _hm(start), "end": _hm(end)}
    ]
    for closes, opens in without([(start, end)], openings):
        span = {"start": _hm(closes), "end": _hm(opens)}
        parts.append(_("with a break from %(start)s to %(end)s") % span)
    sentences = [", ".join(parts) + ".", _("It is %(now)s.") % {"now": _hm(now)}]
    late = [_hm(due.at) for due in dues if due.state == "late"]
    ahead = [_hm(due.at) for due in dues if due.state != "late"]
    if late:
        text = ngettext(
            "%(n)s clock ran out at %(at)s.", "%(n)s clocks ran out at %(at)s.", len(late)
        )
        sentences.append(text % {"n": len(late), "at": ", ".join(late)})
    if ahead:
        text = ngettext("%(n)s is due at %(at)s.", "%(n)s are due at %(at)s.", len(ahead))
        sentences.append(text % {"n": len(ahead), "at": ", ".join(ahead)})
    return " ".join(sentences)


def _hm(value: datetime) -> str:
    return f"{value:%H:%M}"
