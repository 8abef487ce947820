"""The journey of a lead: Marketing above, Sales below, over its whole life."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Broken, Drawing, Mark, Scale, Shelf, Straight, length, n
from portal.look.words import month

WIDTH, HEIGHT, LEFT, RIGHT = 1180, 344, 96, 862
KNEE, AHEAD, END = 752, 880, 1174
TOP, FLOOR, MARKETING, SALES = 30, 318, 122, 232
STEPS = (1, 2, 7, 14, 30, 61, 91, 182, 365)  # days between two dates of the axis
MOST_DATES = 6
LONG = timedelta(days=3)
SEEN = 3  # user units; a stage passed through at once is a line without a name


@dataclass(frozen=True)
class Stretch:
    """A time in one stage; `end` None: still there."""

    label: str
    start: datetime
    end: datetime | None = None


@dataclass(frozen=True)
class Touch:
    """One contact, by one department. A `strong` one is named first and in bold."""

    at: datetime
    department: str
    label: str
    strong: bool = False


@dataclass(frozen=True)
class Arrow:
    """A handoff (`to` sales) or a return (`to` marketing), with what came of it."""

    at: datetime
    to: str
    title: str
    detail: str = ""
    late: bool = False


@dataclass(frozen=True)
class Journey:
    """What is drawn; instants are aware and in the reader's zone, lists in order of time.

    `now` ends the drawing; of a life that is `over` it is the instant of its end.

    `late` are promises run out, as (instant, sentence). `ahead` names the stages that are
    not reached yet. `marketing` and `sales` name the owners; empty: nobody yet.
    """

    name: str
    now: datetime
    stretches: Sequence[Stretch]
    marketing: str = ""
    sales: str = ""
    touches: Sequence[Touch] = ()
    arrows: Sequence[Arrow] = ()
    late: Sequence[tuple[datetime, str]] = ()
    ahead: Sequence[str] = ()
    over: bool = False


def journey(shown: Journey) -> Drawing:
    """Two lanes over the stages. What finds no room for its words stays a mark; the list
    beside the drawing says everything."""
    first = min([shown.now, *(piece.start for piece in shown.stretches)])
    x = _scale(shown, first)
    drawing = Drawing(WIDTH, HEIGHT, _title(shown, first), focus=f"{RIGHT / WIDTH:.2f}")
    _stages(drawing, shown, x)
    _ahead(drawing, shown.ahead)
    _lanes(drawing, shown)
    borders = tuple(x(piece.start.timestamp()) for piece in shown.stretches[1:])
    arrows = tuple(x(arrow.at.timestamp()) for arrow in shown.arrows)
    upper = Shelf(borders), Shelf(borders)
    lower = Shelf(borders + arrows), Shelf(borders + arrows)
    _arrows(drawing, shown, x)
    _late(drawing, shown, x, lower[0])
    _touches(drawing, shown, x, upper, lower)
    _axis(drawing, shown, first, x)
    return drawing


def _scale(shown: Journey, first: datetime) -> Scale:
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


def _stages(drawing: Drawing, shown: Journey, x: Scale) -> None:
    for place, piece in enumerate(shown.stretches):
        left = x(piece.start.timestamp())
        right = x((piece.end or shown.now).timestamp())
        css = "alt" if place % 2 == 0 else "f-surface"
        drawing.rect(css, left, TOP, right - left, FLOOR - TOP)
        if place:
            drawing.line("ax", left, TOP - 2, left, FLOOR)
    shelf = Shelf()
    for piece in reversed(shown.stretches):  # where there is no room for all, now comes first
        left = x(piece.start.timestamp())
        right = x((piece.end or shown.now).timestamp())
        if right - left >= SEEN:
            _stage_name(drawing, piece.label, left, right, shelf)


def _stage_name(drawing: Drawing, words: str, left: float, right: float, shelf: Shelf) -> None:
    wide = length(words) * 1.05
    start, end = ("", left + 6), ("end", right - 3 - wide)
    for anchor, low in (start, end) if left + 6 + wide <= right else (end, start):
        if low >= LEFT - 60 and low + wide <= RIGHT + 12 and shelf.room(low, low + wide):
            drawing.text(f"tb {anchor}".strip(), low + wide if anchor else low, 20, words)
            return


def _ahead(drawing: Drawing, stages: Sequence[str]) -> None:
    if not stages:
        return
    broad = (END - AHEAD - 6 * (len(stages) - 1)) / len(stages)
    for place, name in enumerate(stages):
        left = AHEAD + place * (broad + 6)
        drawing.rect("open dash", left, TOP, broad, FLOOR - TOP, rx=3)
        if length(name) < broad + 6:
            drawing.text("mid", left + broad / 2, 20, name)
    drawing.text("mid", (AHEAD + END) / 2, 178, _("not reached yet"))


def _lanes(drawing: Drawing, shown: Journey) -> None:
    for form, y, title, owner in (
        ("mk", 52, _("Marketing"), shown.marketing),
        ("sl", 252, _("Sales"), shown.sales),
    ):
        drawing.rect(f"f-{form}s", 0, y, 88, 46, rx=4)
        drawing.text(f"t-{form}", 10, y + 20, title)
        drawing.text("", 10, y + 37, _short(owner))
    drawing.line("l l-mk", LEFT, MARKETING, RIGHT, MARKETING)
    drawing.line("l l-sl", LEFT, SALES, RIGHT, SALES)


def _short(name: str) -> str:
    """A name that fits its plate: the first name goes to a letter before it is cut."""
    if len(name) <= 12:
        return name
    first, _space, last = name.rpartition(" ")
    return f"{first[:1]}. {last}"[:12] if first else f"{name[:11]}…"


def _arrows(drawing: Drawing, shown: Journey, x: Scale) -> None:
    levels = {"sales": Shelf(), "marketing": Shelf()}
    for arrow in shown.arrows:
        at, css = x(arrow.at.timestamp()), "l l-late" if arrow.late else "l l-ink"
        if arrow.to == "sales":
            drawing.path(css, f"M{at:.1f} {MARKETING + 5}V{SALES - 6}m-5 -7l5 7l5 -7")
        else:
            drawing.path(css, f"M{at:.1f} {SALES - 5}V{MARKETING + 6}m-5 7l5 -7l5 7")
        _arrow_words(drawing, arrow, at, levels[arrow.to])


def _arrow_words(drawing: Drawing, arrow: Arrow, at: float, shelf: Shelf) -> None:
    y = 158 if arrow.to == "sales" else 200
    wide = max(length(arrow.title) * 1.05, length(arrow.detail))
    left, right = ("end", at - 8, at - 8 - wide), ("", at + 9, at + 9)
    for anchor, place, low in (left, right) if arrow.to == "sales" else (right, left):
        if low >= LEFT and low + wide <= RIGHT and shelf.room(low, low + wide):
            drawing.text(f"tb halo {anchor}".strip(), place, y, arrow.title)
            drawing.text(f"halo {anchor}".strip(), place, y + 16, arrow.detail)
            return


def _late(drawing: Drawing, shown: Journey, x: Scale, shelf: Shelf) -> None:
    for at, words in shown.late:
        place = x(at.timestamp())
        drawing.triangle("f-late", place, SALES + 23, 9)
        wide = length(words) * 1.05
        if place - 13 - wide >= LEFT and shelf.room(place - 13 - wide, place + 9):
            drawing.text("t-late halo end", place - 13, 260, words)
        elif place + 13 + wide <= RIGHT and shelf.room(place - 9, place + 13 + wide):
            drawing.text("t-late halo", place + 13, 260, words)


def _touches(
    drawing: Drawing,
    shown: Journey,
    x: Scale,
    upper: tuple[Shelf, Shelf],
    lower: tuple[Shelf, Shelf],
) -> None:
    words: list[Mark] = []  # after all the lines, so that their halo covers what they cross
    for touch in sorted(shown.touches, key=lambda touch: not touch.strong):
        at = x(touch.at.timestamp())
        if touch.department == "sales":
            drawing.rect("f-sl", at - 5, SALES - 5, 10, 10)
            levels, lane = ((lower[0], 252), (lower[1], 274)), SALES + 5
        else:
            drawing.circle("f-mk", at, MARKETING, 5)
            levels, lane = ((upper[0], 98), (upper[1], 76)), MARKETING - 5
        words += _touch_words(drawing, touch, at, levels, lane)
    drawing.marks += words


def _touch_words(
    drawing: Drawing,
    touch: Touch,
    x: float,
    levels: tuple[tuple[Shelf, int], tuple[Shelf, int]],
    lane: int,
) -> list[Mark]:
    """Draw the line to the words of a touch; return the words, if there is room for them."""
    for shelf, y in levels:
        if found := shelf.place(x, touch.label, (LEFT, RIGHT)):
            drawing.line("g", x, y + 4 if y < lane else y - 12, x, lane)
            css = f"{'tb ' if touch.strong else ''}halo {found[1]}".strip()
            place = (("class", css), ("x", n(found[0])), ("y", n(y)))
            return [Mark("text", place, touch.label)]
    return []


def _axis(drawing: Drawing, shown: Journey, first: datetime, x: Scale) -> None:
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


def _title(shown: Journey, first: datetime) -> str:
    words = {
        "name": shown.name,
        "first": f"{first.day} {month(first)} {first.year}",
        "now": f"{shown.now.day} {month(shown.now)} {shown.now.year}",
    }
    stages = ", ".join(
        f"{piece.label} {piece.start.day} {month(piece.start)}" for piece in shown.stretches
    )
    text = _("Journey of %(name)s, %(first)s to %(now)s. Marketing above, Sales below.") % words
    return f"{text} {stages}." if stages else text
