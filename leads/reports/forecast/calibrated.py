"""The chances that would have been named, beside what came true: numbers and a picture."""

from collections.abc import Sequence
from datetime import datetime

from leads.core.foreseen.calibration import Bin, bins, told
from leads.reports.forecast.past import BACK, ended, lives

AGES = (0.0, 0.25, 0.5, 0.75)
"""Shares of the target after which each clock is asked about, if it was unkept then."""
SIZE, LEFT, TOP = 320, 60, 24


def calibration(at: datetime) -> Sequence[Bin]:
    """Every clock that ended before `at`, asked about at each of AGES with what was known
    when it began."""
    lived = lives(ended(at).order_by("due_at", "pk"))
    back = int(BACK.total_seconds() * 1_000_000)
    return bins(said for age in AGES for said in told(lived, back, age))


def picture(found: Sequence[Bin], title: str) -> str:
    """A drawing that stands alone: named across, came true upwards, the diagonal between.

    The area of a dot grows with its n; colours follow the reader's light or dark.
    """
    most = max((one.n for one in found), default=1)
    marks = [*_axes(), *(_dot(one, most) for one in found)]
    width, height = LEFT + SIZE + 40, TOP + SIZE + 56
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'width="{width}" height="{height}" role="img">',
            f"<title>{title}</title>",
            "<style>text{font:12px sans-serif;fill:#333}.l{stroke:#999;fill:none}"
            ".d{fill:#2f6fb0;fill-opacity:.75}.g{stroke:#ddd}"
            "@media(prefers-color-scheme:dark){text{fill:#ddd}.g{stroke:#444}}</style>",
            *marks,
            "</svg>\n",
        ]
    )


def _axes() -> list[str]:
    marks = []
    for percent in (0, 20, 40, 60, 80, 100):
        x, y = _x(percent / 100), _y(percent / 100)
        marks += [
            f'<line class="g" x1="{LEFT}" x2="{LEFT + SIZE}" y1="{y}" y2="{y}"/>',
            f'<text x="{LEFT - 8}" y="{y + 4}" text-anchor="end">{percent} %</text>',
            f'<text x="{x}" y="{TOP + SIZE + 18}" text-anchor="middle">{percent} %</text>',
        ]
    diagonal = f'<path class="l" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>'
    across = f'<text x="{_x(0.5)}" y="{TOP + SIZE + 40}" text-anchor="middle">'
    return [
        *marks, diagonal, f"{across}chance that was named</text>",
        f'<text x="{LEFT - 48}" y="14">share that came to be late</text>',
    ]  # fmt: skip


def _dot(one: Bin, most: int) -> str:
    radius = max(14 * (one.n / most) ** 0.5, 2.5)
    at = f'cx="{_x(one.named)}" cy="{_y(one.happened)}" r="{radius:.1f}"'
    said = f"{one.named:.0%} named, {one.happened:.0%} came true, n = {one.n:,}"
    right = one.named < 0.8
    x = _x(one.named) + (radius + 4) * (1 if right else -1)
    anchor = "start" if right else "end"
    y = _y(one.happened) + (16 if right else -10)
    words = f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">n {one.n:,}'
    return f'<circle class="d" {at}><title>{said}</title></circle>{words}</text>'


def _x(share: float) -> float:
    return round(LEFT + SIZE * share, 1)


def _y(share: float) -> float:
    return round(TOP + SIZE * (1 - share), 1)
