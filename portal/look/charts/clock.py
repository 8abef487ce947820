"""Explain this clock: each day's open hours, what was counted, paused, late, and now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.look.charts.drawing import Drawing, Shelf, Straight, length
from portal.look.charts.spans import Span, shared, together, without
from portal.look.words import duration, month, weekday

WIDTH, LEFT, RIGHT = 1140, 110, 1120
TOP, ROW, TALL = 40, 88, 48
FEWEST_LEFT_OUT = 2
FIRST_DAYS, LAST_DAYS = 2, 3


@dataclass(frozen=True)
class Event:
    """Something that happened or will: `start`, `warn`, `step` (an alert) or `stop`."""

    at: datetime
    kind: str
    label: str


@dataclass(frozen=True)
class Story:
    """One clock. Every instant is aware and in the reader's zone.

    `openings` are the open hours of the days from start to end. `until` is when the clock
    stopped, or now while it runs (`running`). Counting ends at `due`; after it comes late.
    `outages`: when the portal was down; the clock ran on.
    """

    openings: Sequence[Span]
    start: datetime
    due: datetime
    until: datetime
    running: bool
    pauses: Sequence[Span] = ()
    events: Sequence[Event] = ()
    outages: Sequence[Span] = ()


def clock(story: Story) -> Drawing:
    """A row for each day with open hours; of many days the middle ones become one line."""
    days = _days(story)
    shown = _shown(days)
    x = _hours(story.openings)
    height = TOP + ROW * len(shown) - (ROW - TALL) + 28
    drawing = Drawing(WIDTH, height, _title(story, days))
    _axis(drawing, x, height)
    for place, day in enumerate(shown):
        middle = TOP + place * ROW + TALL / 2
        if day is None:
            _left_out(drawing, story, days[FIRST_DAYS:-LAST_DAYS], middle)
        else:
            _row(drawing, story, day, x, middle)
    return drawing


def _days(story: Story) -> list[date]:
    """Days from the start to now, and on to what is still to come if that is few days more."""
    dates = {start.date() for start, _end in story.openings}
    dates |= {story.start.date(), story.until.date()}  # even where they lie in closed days
    ahead = [event.at for event in story.events] + [story.due]
    to_come = max([story.until, *ahead]) if story.running else story.until
    days = sorted(day for day in dates if story.start.date() <= day <= to_come.date())
    if len(_shown(days)) == len(days):
        return days
    return [day for day in days if day <= story.until.date()]


def _shown(days: list[date]) -> list[date | None]:
    if len(days) < FIRST_DAYS + LAST_DAYS + FEWEST_LEFT_OUT:
        return list(days)
    return [*days[:FIRST_DAYS], None, *days[-LAST_DAYS:]]


def _hours(openings: Sequence[Span]) -> Straight:
    """The same hours for every day: an hour of margin before, the next full hour after."""
    starts = [minute(start) for start, _end in openings] or [480]
    ends = [minute(end, start.date()) for start, end in openings] or [1080]
    low = max(min(starts) // 60 - 1, 0) * 60
    return Straight(low, min(max(ends) // 60 + 1, 24) * 60, LEFT, RIGHT)


def minute(at: datetime, day: date | None = None) -> int:
    """Minutes on the wall since midnight of `day` (its own day, if none is given)."""
    days = (at.date() - (day or at.date())).days
    return days * 1440 + at.hour * 60 + at.minute


def _axis(drawing: Drawing, x: Straight, height: float) -> None:
    hours = range(int(x.low) // 60, int(x.high) // 60 + 1)
    for hour in hours[:: 1 if len(hours) <= 13 else 3]:
        at = x(hour * 60)
        drawing.line("g", at, 26, at, height - 26)
        drawing.text("mid", at, 16, f"{hour:02}:00")


def _row(drawing: Drawing, story: Story, day: date, x: Straight, middle: float) -> None:
    openings = [span for span in story.openings if span[0].date() == day]
    drawing.text("tb", 0, middle - 2, f"{weekday(_at(day))} {day.day} {month(_at(day))}")
    drawing.text("", 0, middle + 16, _sum(story, openings))
    for start, end in openings:
        left = x(minute(start))
        drawing.rect("open", left, middle - TALL / 2, x(minute(end, day)) - left, TALL, rx=4)
    _outages(drawing, story, day, x, middle)
    _stretches(drawing, "l l-ink xthick", _counted(story, openings), x, middle)
    _pauses(drawing, story, openings, x, middle)
    late = [(story.due, story.until)] if story.until > story.due else []
    _stretches(drawing, "l l-late xthick", shared(late, openings), x, middle)
    _marks(drawing, story, day, x, middle)


def _counted(story: Story, openings: Sequence[Span]) -> list[Span]:
    run = shared([(story.start, min(story.due, story.until))], openings)
    return without(run, story.pauses)


def _sum(story: Story, openings: Sequence[Span]) -> str:
    """What became of a day: counted, else late, else closed."""
    counted = together(_counted(story, openings))
    late = together(shared([(story.due, story.until)], openings))
    if counted or not (late or not openings):
        return _("%(time)s counted") % {"time": duration(counted)}
    return (
        _("%(time)s late") % {"time": duration(late)} if late else pgettext("hours", "closed")
    )


def _at(day: date) -> datetime:
    return datetime.combine(day, time())


def _stretches(drawing: Drawing, css: str, spans: list[Span], x: Straight, y: float) -> None:
    for start, end in spans:
        drawing.line(css, x(minute(start)), y, x(minute(end, start.date())), y)


def _outages(drawing: Drawing, story: Story, day: date, x: Straight, middle: float) -> None:
    """Open or not: a portal is down at night, too."""
    for start, end in split_by_day(story.outages):
        left, right = _inside(x, start), min(max(x(minute(end, start.date())), LEFT), RIGHT)
        if start.date() != day or right <= left:
            continue
        drawing.rect("f-lates", left, middle - TALL / 2, max(right - left, 3), TALL)
        words = _("portal down, %(time)s") % {"time": duration(end - start)}
        if right - left > length(words):
            drawing.text("mid", (left + right) / 2, middle + 17, words)


def _pauses(
    drawing: Drawing, story: Story, openings: list[Span], x: Straight, middle: float
) -> None:
    for start, end in shared(story.pauses, openings):
        left, right = x(minute(start)), x(minute(end, start.date()))
        drawing.line("l l-q dash", left, middle, right, middle)
        words = _("paused, %(time)s") % {"time": duration(end - start)}
        if right - left > length(words):
            drawing.text("tb mid halo", (left + right) / 2, middle - 9, words)


def _marks(drawing: Drawing, story: Story, day: date, x: Straight, middle: float) -> None:
    under = Shelf()
    if story.start.date() == day and not any(one.kind == "start" for one in story.events):
        start = Event(story.start, "start", _("started"))
        _event(drawing, start, story, _inside(x, story.start), middle, under)
    if story.due.date() == day and story.due <= story.until:
        at, words = x(minute(story.due)), _("due %(time)s") % {"time": f"{story.due:%H:%M}"}
        drawing.triangle("f-late", at, middle - 2, 12)
        _under(drawing, under, "t-late", at, middle, words)
    elif story.due.date() == day:
        at, words = x(minute(story.due)), _("due %(time)s") % {"time": f"{story.due:%H:%M}"}
        drawing.line("l l-ink dash", at, middle - 24, at, middle + 24)
        _under(drawing, under, "tb", at, middle, words)
    for event in story.events:
        if event.at.date() == day:
            _event(drawing, event, story, _inside(x, event.at), middle, under)
    if story.until.date() == day:
        _until(drawing, story, _inside(x, story.until), middle)


def _inside(x: Straight, at: datetime) -> float:
    """The place of an instant; outside the hours of the drawing, its nearer edge."""
    return min(max(x(minute(at)), LEFT), RIGHT)


def _event(
    drawing: Drawing, event: Event, story: Story, x: float, middle: float, under: Shelf
) -> None:
    if event.kind == "start":
        drawing.circle("hollow l-ink", x, middle, 7)
        words = f"{event.label} {event.at:%H:%M}"
        if x - 13 - length(event.label) > LEFT:
            drawing.text("tb end", x - 13, middle - 3, event.label)
            drawing.text("end", x - 13, middle + 12, f"{event.at:%H:%M}")
        else:
            drawing.text("tb", x - 7, middle - TALL / 2 - 6, words)
        return
    words = f"{event.at:%H:%M} {event.label}"
    ahead = event.at > story.until
    if event.kind == "warn":
        drawing.diamond("hollow l-risk" if ahead else "f-risk", x, middle, 10)
        _under(drawing, under, "t-risk", x, middle, words)
    elif event.kind == "step":
        drawing.triangle("hollow l-late" if ahead else "f-late", x, middle - 2, 11)
        _under(drawing, under, "", x, middle, words)


def _under(
    drawing: Drawing, shelf: Shelf, css: str, x: float, middle: float, words: str
) -> None:
    if found := shelf.place(x, words, (LEFT, WIDTH)):
        drawing.text(f"{css} {found[1]} halo".strip(), found[0], middle + 41, words)


def _until(drawing: Drawing, story: Story, x: float, middle: float) -> None:
    """Now, or the end; how late it is then stands beside it, on the side with room."""
    drawing.line("l l-ink", x, middle - 30, x, middle + 32)
    word = _("now %(time)s") if story.running else _("done %(time)s")
    words = word % {"time": f"{story.until:%H:%M}"}
    late = together(shared([(story.due, story.until)], story.openings))
    anchor, at = ("end", x - 8) if x + 8 + length(words) + 24 > RIGHT else ("", x + 8)
    drawing.text(f"tb {anchor} halo".replace("  ", " "), at, middle - 4, words)
    if late:
        text = _("%(time)s late") % {"time": duration(late)}
        drawing.text(f"t-late {anchor} halo".replace("  ", " "), at, middle + 13, text)


def _left_out(drawing: Drawing, story: Story, days: list[date], middle: float) -> None:
    openings = [span for span in story.openings if span[0].date() in set(days)]
    counted = _counted(story, openings)
    words = {"days": len(days), "time": duration(together(counted))}
    drawing.text("", 0, middle + 4, _("… %(days)s more days, %(time)s counted in them") % words)


def _title(story: Story, days: list[date]) -> str:
    sentences = []
    for day in days:
        openings = [span for span in story.openings if span[0].date() == day]
        counted, paused = _counted(story, openings), shared(story.pauses, openings)
        words = {"day": f"{weekday(_at(day))} {day.day}", "time": duration(together(counted))}
        sentence = _("%(day)s: %(time)s counted") % words
        if paused:
            sentence += ", " + _("%(time)s paused") % {"time": duration(together(paused))}
        if down := shared(story.outages, openings):
            words = {"time": duration(together(down))}
            sentence += ", " + _("the portal was down for %(time)s of it") % words
        sentences.append(sentence)
    late = together(shared([(story.due, story.until)], story.openings))
    end = _("%(time)s late") % {"time": duration(late)} if late else _("in time")
    return ". ".join([*sentences, end]) + "."


def split_by_day(spans: Sequence[Span]) -> list[Span]:
    """Openings cut at midnight, so that a round-the-clock calendar has a row for each day."""
    pieces: list[Span] = []
    for start, end in spans:
        while start < end:
            midnight = datetime.combine(start.date() + timedelta(days=1), time(), start.tzinfo)
            pieces.append((start, min(end, midnight)))
            start = midnight
    return pieces
