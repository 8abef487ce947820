"""The journey of a lead: Marketing above, Sales below, over its whole life."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Drawing, Scale, Shelf, length
from portal.look.charts.journey.axis import FLOOR, LEFT, RIGHT, TOP, axis, scale
from portal.look.charts.journey.lanes import (
    MARKETING,
    SALES,
    arrows,
    late,
    touches,
    watches,
)
from portal.look.charts.journey.shape import Journey, beginning, title

WIDTH, HEIGHT = 1180, 344
AHEAD, END = 880, 1174
SEEN = 3  # user units; a stage passed through at once is a line without a name


def journey(shown: Journey) -> Drawing:
    """Two lanes over the stages. What finds no room for its words stays a mark; the list
    beside the drawing says everything."""
    first = beginning(shown)
    x = scale(shown, first)
    drawing = Drawing(WIDTH, HEIGHT, title(shown), focus=f"{RIGHT / WIDTH:.2f}")
    _stages(drawing, shown, x)
    _ahead(drawing, shown.ahead)
    watches(drawing, shown, x)
    _lanes(drawing, shown)
    borders = tuple(x(piece.start.timestamp()) for piece in shown.stretches[1:])
    crossing = tuple(x(arrow.at.timestamp()) for arrow in shown.arrows)
    upper = Shelf(borders), Shelf(borders)
    lower = Shelf(borders + crossing), Shelf(borders + crossing)
    arrows(drawing, shown, x)
    late(drawing, shown, x, lower[0])
    touches(drawing, shown, x, upper, lower)
    axis(drawing, shown, first, x)
    return drawing


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
    for form, y, name, owner in (
        ("mk", 52, _("Marketing"), shown.marketing),
        ("sl", 252, _("Sales"), shown.sales),
    ):
        drawing.rect(f"f-{form}s", 0, y, 88, 46, rx=4)
        drawing.text(f"t-{form}", 10, y + 20, name)
        drawing.text("", 10, y + 37, _short(owner))
    drawing.line("l l-mk", LEFT, MARKETING, RIGHT, MARKETING)
    drawing.line("l l-sl", LEFT, SALES, RIGHT, SALES)


def _short(name: str) -> str:
    """A name that fits its plate: the first name goes to a letter before it is cut."""
    if len(name) <= 12:
        return name
    first, _space, last = name.rpartition(" ")
    return f"{first[:1]}. {last}"[:12] if first else f"{name[:11]}…"
