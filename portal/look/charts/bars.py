"""Bars and dots on one line: a share used, a rate with its interval, a delay in parts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import gettext as _

from portal.look.charts.drawing import Drawing, Straight, length, n
from portal.look.states import side
from portal.look.words import duration

FORMS = {"late": "f-late", "risk": "f-risk"}
INTERVAL = (316, 34)  # user units
LAG = (1192, 62)
THINNEST = 4  # a part that took no time is still seen


def burn(used: float, state: str) -> dict[str, str]:
    """The burn bar of a row: `used` is a share of the target, 1 or more fills the bar.

    Decoration: the row says the same in words.
    """
    share = 1.0 if state == "late" else min(max(used, 0.0), 1.0)
    return {"form": FORMS.get(state, "f"), "width": n(share * 100)}


def meter(share: float) -> dict[str, str]:
    """A share of a whole, on the ink of a live count."""
    return {"width": n(min(max(share, 0.0), 1.0) * 240)}


def interval(
    rate: float, low: float, high: float, benchmark: float | None, limit: float
) -> Drawing:
    """A rate as a dot on its 95 % interval, the benchmark as a dash. All are shares of one.

    `limit` ends the axis, the same for every row of a table. Decoration: the row gives
    the four numbers and the verdict in words.
    """
    (width, height), middle = INTERVAL, INTERVAL[1] / 2
    drawing = Drawing(width, height, fit=True)
    x = Straight(0, limit, 8, width - 8)
    drawing.line("g", 8, middle, width - 8, middle)
    drawing.line("l l-ink thick", x(low), middle, x(min(high, limit)), middle)
    drawing.circle("hollow l-ink", x(min(rate, limit)), middle, 5.5)
    if benchmark is not None and benchmark <= limit:
        drawing.line("l l-q dash", x(benchmark), 3, x(benchmark), height - 3)
    return drawing


def limit_for(highs: Sequence[float]) -> float:
    """The end of an axis that holds every interval: the next full ten percent."""
    tenths = int(max(highs, default=0.0) * 10) + 1
    return min(tenths, 10) / 10


@dataclass(frozen=True)
class Part:
    """One part of a delay: its words, how long it took, and whose it is (or nobody's)."""

    label: str
    took: timedelta
    department: str = ""


def lag(parts: Sequence[Part]) -> Drawing:
    """Widths follow the durations; labels stand over the bar, or under it if they touch."""
    words = [f"{part.label} {duration(part.took)}" for part in parts]
    drawing = Drawing(*LAG, _("Where the time goes: %s") % ", ".join(words))
    whole = sum((part.took for part in parts), timedelta(0)) or timedelta(seconds=1)
    x, ends = 0.0, {16: -6.0, 58: -6.0}
    for part, text in zip(parts, words, strict=True):
        form = side(part.department).form
        broad = (LAG[0] - THINNEST * len(parts)) * (part.took / whole) + THINNEST
        drawing.rect(f"f-{form}" if form != "op" else "f-ink", x, 24, broad - 1, 12)
        _label(drawing, text, x, form, ends)
        x += broad
    return drawing


def _label(drawing: Drawing, text: str, x: float, form: str, ends: dict[int, float]) -> None:
    """On the first of the two lines that is free at `x`; else after the shorter one."""
    free = [line for line, end in ends.items() if x >= end + 6]
    line = free[0] if free else min(ends, key=ends.__getitem__)
    at = min(max(x, ends[line] + 6), LAG[0] - length(text))
    drawing.text(f"t-{form}" if form != "op" else "", at, line, text)
    ends[line] = at + length(text)
