"""What every drawing is made of: marks with classes, on a straight or broken scale.

A drawing is a value. `templates/components/charts/drawing.html` turns it into SVG, so the
template engine escapes every text; the stylesheet colours the classes. Coordinates are
kept as text, because a template would write the reader's decimal comma into them.
"""

from dataclasses import dataclass, field
from typing import Protocol

LETTER = 6.3  # mean width of a letter at 12 px; bold ones are a little wider


def n(value: float) -> str:
    """A coordinate: one decimal at most, always with a point."""
    return f"{value:.1f}".removesuffix(".0")


@dataclass(frozen=True)
class Mark:
    """One SVG element: its name, its attributes in order, its text and the bold end of it."""

    shape: str
    attributes: tuple[tuple[str, str], ...]
    text: str | None = None
    strong: str = ""


@dataclass(frozen=True)
class Columns:
    """The numbers of a drawing as a table: for eyes that do not see it, and for keys."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass
class Drawing:
    """An SVG of `width` by `height` user units. `title` is the sentence that says the finding.

    `fit` drawings shrink with a narrow screen; the others scroll in a box of their own.
    Without a title it is decoration: what it shows stands in words beside it. `focus` is
    the place, as a share of the width, at which a box that scrolls begins. `axes` are the
    titles of the two axes, where it has any; `table` holds what is drawn, where no table of
    the page does.
    """

    width: int
    height: int
    title: str = ""
    fit: bool = False
    focus: str = ""
    marks: list[Mark] = field(default_factory=list)
    axes: tuple[str, ...] = ()
    table: Columns | None = None

    def named(self, across: tuple[float, float, str], up: tuple[float, float, str]) -> None:
        """The titles of the axes: `across` around its place, `up` from its place on."""
        for css, (x, y, words) in (("axt mid", across), ("axt", up)):
            self.text(css, x, y, words)
        self.axes = (across[2], up[2])

    def add(self, shape: str, css: str, **attributes: float) -> None:
        pairs = [(name, n(value)) for name, value in attributes.items()]
        self.marks.append(Mark(shape, (("class", css), *pairs)))

    def rect(
        self, css: str, x: float, y: float, width: float, height: float, rx: float = 0
    ) -> None:
        rounded = {"rx": rx} if rx else {}
        self.add("rect", css, x=x, y=y, width=max(width, 0), height=max(height, 0), **rounded)

    def line(self, css: str, x1: float, y1: float, x2: float, y2: float) -> None:
        self.add("line", css, x1=x1, x2=x2, y1=y1, y2=y2)

    def circle(self, css: str, cx: float, cy: float, r: float) -> None:
        self.add("circle", css, cx=cx, cy=cy, r=r)

    def path(self, css: str, d: str) -> None:
        self.marks.append(Mark("path", (("class", css), ("d", d))))

    def text(self, css: str, x: float, y: float, words: str, strong: str = "") -> None:
        """`words`, and after them `strong` in bold."""
        named = (("class", css),) if css.strip() else ()
        self.marks.append(Mark("text", (*named, ("x", n(x)), ("y", n(y))), words, strong))

    def triangle(self, css: str, x: float, y: float, r: float = 8) -> None:
        """Late: a triangle that stands around (x, y)."""
        self.path(css, f"M{n(x)} {n(y - r)}l{n(r)} {n(r * 1.9)}h{n(-2 * r)}z")

    def diamond(self, css: str, x: float, y: float, r: float = 9) -> None:
        """At risk: a diamond around (x, y)."""
        self.path(css, f"M{n(x)} {n(y - r)}l{n(r)} {n(r)}-{n(r)} {n(r)}-{n(r)}-{n(r)}z")


class Scale(Protocol):
    """From a value of the domain to a coordinate."""

    def __call__(self, value: float) -> float: ...


@dataclass(frozen=True)
class Straight:
    """A linear scale. A domain without extent puts everything at the start."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        if self.high <= self.low:
            return self.start
        share = (value - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)


@dataclass(frozen=True)
class Broken:
    """A linear scale of two pieces that meet at `knee`, so that the end can be stretched."""

    before: Straight
    after: Straight
    knee: float

    def __call__(self, value: float) -> float:
        return self.before(value) if value < self.knee else self.after(value)


def length(words: str) -> float:
    """About how wide a label is, in user units."""
    return len(words) * LETTER


@dataclass
class Shelf:
    """A line of labels that must not touch, nor cross the upright lines if they can help it."""

    lines: tuple[float, ...] = ()
    taken: list[tuple[float, float]] = field(default_factory=list)

    def room(self, low: float, high: float, gap: float = 6) -> bool:
        """Take the place from `low` to `high` if it is free; say whether it was."""
        if any(low < end + gap and start < high + gap for start, end in self.taken):
            return False
        self.taken.append((low, high))
        return True

    def place(
        self, x: float, words: str, limits: tuple[float, float]
    ) -> tuple[float, str] | None:
        """Where and with which anchor a label for `x` fits: centred, to its right, its left."""
        wide = length(words)
        places = [
            (x - wide / 2, "mid", x),
            (x + 8, "", x + 8),
            (x - 8 - wide, "end", x - 8),
        ]
        for low, anchor, at in sorted(places, key=lambda place: self._crossed(place[0], wide)):
            inside = limits[0] <= low and low + wide <= limits[1]
            if inside and self.room(low, low + wide):
                return at, anchor
        return None

    def _crossed(self, low: float, wide: float) -> int:
        return sum(low < line < low + wide for line in self.lines)
