"""What stands on the two lanes of the wide drawing: touches, arrows, clocks, what is late."""

from collections.abc import Sequence

from portal.look.charts.drawing import Drawing, Mark, Scale, Shelf, length, n
from portal.look.charts.journey.axis import LEFT, RIGHT
from portal.look.charts.journey.shape import Arrow, Journey, Touch, Watch, grouped

MARKETING, SALES = 122, 232
CLOSE = 11  # user units; touches nearer than this would lie on each other
BROAD = 46  # user units that one mark of several touches takes at most
TRACKS = {"marketing": (38, 44, 50), "sales": (288, 294, 300)}


def arrows(drawing: Drawing, shown: Journey, x: Scale) -> None:
    levels = {"sales": Shelf(), "marketing": Shelf()}
    for arrow in shown.arrows:
        at, css = x(arrow.at.timestamp()), _line_of(arrow)
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


def late(drawing: Drawing, shown: Journey, x: Scale, shelf: Shelf) -> None:
    """What ran out, its words to the left or the right of its mark, and over no other one."""
    marks = [x(at.timestamp()) for at, _words in shown.late]
    for place, (_at, words) in zip(marks, shown.late, strict=True):
        drawing.triangle("f-late", place, SALES + 23, 9)
        wide = length(words) * 1.05
        others = [mark for mark in marks if mark != place]
        left, right = (place - 13 - wide, place + 9), (place - 9, place + 13 + wide)
        if left[0] >= LEFT and _clear(left, others) and shelf.room(*left):
            drawing.text("t-late halo end", place - 13, 260, words)
        elif right[1] <= RIGHT and _clear(right, others) and shelf.room(*right):
            drawing.text("t-late halo", place + 13, 260, words)


def _clear(span: tuple[float, float], marks: Sequence[float]) -> bool:
    """Whether no triangle stands in the span."""
    return not any(span[0] < mark + 9 and mark - 9 < span[1] for mark in marks)


def _line_of(arrow: Arrow) -> str:
    if arrow.dash:
        return "l l-q dash"
    return "l l-late" if arrow.late else "l l-ink"


def watches(drawing: Drawing, shown: Journey, x: Scale) -> None:
    """The clocks of each side as thin lines at its edge; what is beyond the due instant is
    late."""
    for department, tracks in TRACKS.items():
        shelves = [Shelf() for _track in tracks]
        for watch in shown.watches:
            if watch.department == department:
                _watch(drawing, watch, x, tracks, shelves)


def _watch(
    drawing: Drawing, watch: Watch, x: Scale, tracks: Sequence[int], shelves: Sequence[Shelf]
) -> None:
    low, high = x(watch.start.timestamp()), x(watch.end.timestamp())
    high = max(high, low + 3)
    place = next((k for k, s in enumerate(shelves) if s.room(low, high, 2)), len(tracks) - 1)
    css, y = f"f-{'mk' if watch.department == 'marketing' else 'sl'}m", tracks[place]
    due = min(max(x(watch.due.timestamp()), low), high)
    late = watch.due < watch.end
    drawing.rect(css, low, y, (due if late else high) - low, 4, rx=2)
    if late:
        drawing.rect("f-late", due, y, max(high - due, 3), 4, rx=2)


def touches(
    drawing: Drawing,
    shown: Journey,
    x: Scale,
    upper: tuple[Shelf, Shelf],
    lower: tuple[Shelf, Shelf],
) -> None:
    """Each touch a mark on its lane; those that would lie on each other are one mark."""
    words: list[Mark] = []  # after all the lines, so that their halo covers what they cross
    for bundle in bundles(shown.touches, x):
        low, high = x(bundle[0].at.timestamp()), x(bundle[-1].at.timestamp())
        high = min(high, low + BROAD - CLOSE - 2)  # so that two of them never touch
        if bundle[0].department == "sales":
            drawing.rect("f-sl", low - 5, SALES - 5, high - low + 10, 10)
            levels, lane = ((lower[0], 252), (lower[1], 274)), SALES + 5
        elif len(bundle) == 1:
            drawing.circle("f-mk", low, MARKETING, 5)
            levels, lane = ((upper[0], 98), (upper[1], 76)), MARKETING - 5
        else:
            drawing.rect("f-mk", low - 5, MARKETING - 5, high - low + 10, 10, rx=5)
            levels, lane = ((upper[0], 98), (upper[1], 76)), MARKETING - 5
        words += _words(drawing, bundle, (low + high) / 2, levels, lane)
    drawing.marks += words


def bundles(found: Sequence[Touch], x: Scale) -> list[list[Touch]]:
    """The touches of one lane that fall on one place together; strong ones first and alone."""
    strong = [[touch] for touch in found if touch.strong]
    together: list[list[Touch]] = []
    for department in ("marketing", "sales"):
        mine = (t for t in found if t.department == department and not t.strong)
        rest: list[list[Touch]] = []
        for touch in sorted(mine, key=lambda one: one.at):
            if rest and _joins(rest[-1], touch, x):
                rest[-1].append(touch)
            else:
                rest.append([touch])
        together += rest
    return [*strong, *sorted(together, key=len, reverse=True)]


def _joins(bundle: Sequence[Touch], touch: Touch, x: Scale) -> bool:
    at = x(touch.at.timestamp())
    near = at - x(bundle[-1].at.timestamp()) < CLOSE
    return near and at - x(bundle[0].at.timestamp()) < BROAD


def _words(
    drawing: Drawing,
    bundle: Sequence[Touch],
    x: float,
    levels: tuple[tuple[Shelf, int], tuple[Shelf, int]],
    lane: int,
) -> list[Mark]:
    """Draw the line to the words of a mark; return the words, if there is room for them."""
    said = bundle[0].label if len(bundle) == 1 else grouped(bundle)
    for shelf, y in levels:
        if found := shelf.place(x, said, (LEFT, RIGHT)):
            drawing.line("g", x, y + 4 if y < lane else y - 12, x, lane)
            css = f"{'tb ' if bundle[0].strong else ''}halo {found[1]}".strip()
            place = (("class", css), ("x", n(found[0])), ("y", n(y)))
            return [Mark("text", place, said)]
    return []
