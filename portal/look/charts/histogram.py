"""How long things took: bars, the target as a dashed line, p50 and p90 as marks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

from portal.look.charts.drawing import Columns, Drawing, Straight, length, n
from portal.look.states import side
from portal.look.words import count

WIDTH, HEIGHT, FLOOR, TOP = 520, 130, 82, 32
BINS_TO_TARGET, BINS = 8, 12
LABELS = 107  # baseline of the axis
PHONE = 16 / 12  # how much larger letters are on a narrow screen


@dataclass(frozen=True)
class Timing:
    """What is drawn. All values in `unit` (a word such as `min`); `target` may be missing.

    p50 and p90 come from whoever counts, so that the drawing and the table say the same.
    """

    values: Sequence[float] | NDArray[np.float64]
    unit: str
    department: str
    p50: float
    p90: float
    target: float | None = None
    noun: str = ""


def figure(value: float) -> str:
    """A value of an axis: whole from a hundred on, else with a decimal where it has one."""
    return count(round(value)) if value >= 100 else n(value)


def histogram(timing: Timing) -> Drawing:
    """Bars from nought; beyond the target they are late, for either department.

    The bins are an eighth of the target, so that one ends on it. The last bin holds what
    lies beyond the axis, too, and the axis then ends with a plus sign.
    """
    step = _step(timing)
    bins = _bins(timing, step)
    end, drawing = step * BINS, Drawing(WIDTH, HEIGHT, _title(timing), fit=True)
    x = Straight(0, end, 0, WIDTH)
    _bars(drawing, timing, bins, x)
    drawing.line("ax", 0, FLOOR, WIDTH, FLOOR)
    if timing.target is not None:
        _target(drawing, timing, x)
    taken = _percentiles(drawing, timing, x)
    beyond = bool(np.any(np.asarray(timing.values) >= end))
    _ends(drawing, f"{figure(end)}{'+' if beyond else ''}", taken)
    across = _("working time in %(unit)s") % {"unit": timing.unit}
    up = _("how many, n = %(n)s") % {"n": count(len(timing.values))}
    drawing.named((WIDTH / 2, HEIGHT - 3, across), (0, 11, up))
    drawing.table = _table(timing, step, bins)
    return drawing


def _table(timing: Timing, step: float, bins: Sequence[int]) -> Columns:
    """A row for each bin, from nought; the last one has no end."""
    rows = []
    for place, number in enumerate(bins):
        low, high = figure(place * step), figure((place + 1) * step)
        edges = {"low": low, "high": high, "unit": timing.unit}
        if place == BINS - 1:
            rows.append((_("%(low)s %(unit)s and more") % edges, count(number)))
        else:
            rows.append((_("%(low)s to %(high)s %(unit)s") % edges, count(number)))
    return Columns((_("Working time"), _("How many")), tuple(rows))


def _step(timing: Timing) -> float:
    if timing.target:
        return timing.target / BINS_TO_TARGET
    return (max(timing.p90 * 1.5, 1e-9) or 1.0) / BINS


def _bins(timing: Timing, step: float) -> list[int]:
    last = np.asarray(timing.values, np.float64) / step
    found: list[int] = np.bincount(
        np.minimum(last, BINS - 1).astype(np.int64), minlength=BINS
    ).tolist()
    return found


def _bars(drawing: Drawing, timing: Timing, bins: Sequence[int], x: Straight) -> None:
    step = _step(timing)
    tallest = max(bins) or 1
    usual = f"f-{side(timing.department).form}m"
    for place, number in enumerate(bins):
        if not number:
            continue
        late = timing.target is not None and place >= BINS_TO_TARGET
        height = (FLOOR - TOP) * number / tallest
        left, right = x(place * step) + 1, x((place + 1) * step) - 1
        drawing.rect("f-late" if late else usual, left, FLOOR - height, right - left, height)
    _tallest(drawing, bins, step, x)


def _tallest(drawing: Drawing, bins: Sequence[int], step: float, x: Straight) -> None:
    """The number over the highest bar is the scale of all of them."""
    place = bins.index(max(bins))
    half = length(count(bins[place])) * PHONE / 2
    middle = min(max(x((place + 0.5) * step), half), WIDTH - half)
    drawing.text("mid", middle, TOP - 4, count(bins[place]))


def _target(drawing: Drawing, timing: Timing, x: Straight) -> None:
    at = x(timing.target or 0)
    drawing.line("l l-ink thin dash", at, 4, at, FLOOR)
    words = _("target %(value)s %(unit)s") % {
        "value": figure(timing.target or 0),
        "unit": timing.unit,
    }
    if at + 6 + length(words) > WIDTH:
        drawing.text("end", at - 6, 11, words)
    else:
        drawing.text("", at + 6, 11, words)


def _percentiles(drawing: Drawing, timing: Timing, x: Straight) -> list[tuple[float, float]]:
    """The two marks under the axis. Where their labels would touch, p90 stands right of p50."""
    taken: list[tuple[float, float]] = []
    for name, value in (("p50", timing.p50), ("p90", timing.p90)):
        at = min(x(value), WIDTH - 5)
        words = f"{figure(value)} {timing.unit}"
        half = length(f"{name} {words}") * PHONE / 2
        middle = min(max(at, half), WIDTH - half)
        if taken and middle - half < taken[0][1] + 6:
            middle = min(taken[0][1] + 6 + half, WIDTH - half)
        drawing.path("f-ink", f"M{n(at)} {FLOOR + 1}l5 8h-10z")
        drawing.text("mid", middle, LABELS, f"{name} ", strong=words)
        taken.append((middle - half, middle + half))
    return taken


def _ends(drawing: Drawing, last: str, taken: list[tuple[float, float]]) -> None:
    if taken[0][0] > length("0") + 6:
        drawing.text("", 0, LABELS, "0")
    if taken[-1][1] < WIDTH - length(last) - 6:
        drawing.text("end", WIDTH, LABELS, last)


def _title(timing: Timing) -> str:
    words = {
        "n": count(len(timing.values)),
        "noun": timing.noun,
        "p50": f"{figure(timing.p50)} {timing.unit}",
        "p90": f"{figure(timing.p90)} {timing.unit}",
        "target": f"{figure(timing.target or 0)} {timing.unit}",
    }
    if timing.target is None:
        return _("%(n)s %(noun)s: half within %(p50)s, nine in ten within %(p90)s") % words
    return (
        _("%(n)s %(noun)s: half within %(p50)s, nine in ten within %(p90)s, target %(target)s")
        % words
    )
