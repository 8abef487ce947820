"""The pictures of the real data that docs/ shows, drawn from figures alone.

    CONCORD_DATA=/path/to/folder python -m tests.flows.pictures

draws them again from the files by plain Python. `make test-real` fails where what the portal
says of all the data would be drawn otherwise.
"""

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

from tests.flows import olist

KEPT = Path(__file__).parents[2] / "docs" / "results"
AFTER = datetime(2018, 12, 1, tzinfo=UTC)
QUARTERS = [date(2017, 7, 1), date(2017, 10, 1)]
QUARTERS += [date(2018, month, 1) for month in (1, 4)]
TARGETS = (5, 10, 20, 40, 60)

LEFT, BROAD, RIGHT, TOP, ROW = 250, 400, 190, 62, 30
STYLE = (
    "text{font:13px sans-serif;fill:#333}.h{font-weight:600;font-size:15px}.g{stroke:#ddd}"
    ".a{fill:#2f6fb0}.b{fill:#b4552d}"
    "@media(prefers-color-scheme:dark){text{fill:#ddd}.g{stroke:#444}"
    ".a{fill:#6aa5df}.b{fill:#e08e63}}"
)


@dataclass(frozen=True)
class Bar:
    """A line of a picture: what it is of, its parts from left to right, and words behind."""

    label: str
    parts: tuple[int, ...]
    behind: str


@dataclass(frozen=True)
class Chart:
    """Bars on one axis from 0 to `most`; `parts` names the colours of their parts."""

    title: str
    axis: str
    ticks: Sequence[int]
    parts: tuple[str, ...]
    bars: Sequence[Bar]

    def svg(self) -> str:
        height = TOP + ROW * len(self.bars) + 52
        width = LEFT + BROAD + RIGHT
        lines = [line for n, bar in enumerate(self.bars) for line in self._bar(n, bar)]
        return "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
                f'width="{width}" height="{height}" role="img">',
                f"<title>{escape(self.title)}</title>",
                f"<style>{STYLE}</style>",
                f'<text class="h" x="8" y="20">{escape(self.title)}</text>',
                *self._legend(),
                *self._axis(height),
                *lines,
                "</svg>\n",
            ]
        )

    def _x(self, value: float) -> float:
        return round(LEFT + BROAD * value / self.ticks[-1], 1)

    def _legend(self) -> list[str]:
        found, x = [], LEFT
        for form, name in zip("ab", self.parts, strict=False):
            found.append(f'<rect class="{form}" x="{x}" y="34" width="12" height="12"/>')
            found.append(f'<text x="{x + 18}" y="45">{escape(name)}</text>')
            x += 40 + 7 * len(name)
        return found

    def _axis(self, height: int) -> list[str]:
        found, bottom = [], height - 46
        for tick in self.ticks:
            x = self._x(tick)
            found.append(f'<line class="g" x1="{x}" x2="{x}" y1="{TOP - 6}" y2="{bottom}"/>')
            found.append(
                f'<text x="{x}" y="{bottom + 16}" text-anchor="middle">{tick:,}</text>'
            )
        middle = LEFT + BROAD / 2
        words = escape(self.axis)
        return [
            *found,
            f'<text x="{middle}" y="{height - 8}" text-anchor="middle">{words}</text>',
        ]

    def _bar(self, number: int, bar: Bar) -> list[str]:
        y, done = TOP + ROW * number, 0
        label = f'<text x="{LEFT - 10}" y="{y + 15}" text-anchor="end">'
        found = [f"{label}{escape(bar.label)}</text>"]
        for form, part in zip("ab", bar.parts, strict=False):
            x, end = self._x(done), self._x(done + part)
            wide = round(end - x, 1)
            found.append(f'<rect class="{form}" x="{x}" y="{y}" width="{wide}" height="20"/>')
            done += part
        behind = f'<text x="{self._x(done) + 8:.1f}" y="{y + 15}">'
        return [*found, f"{behind}{escape(bar.behind)}</text>"]


def of_quarters(told: Mapping[date, Counter[str]]) -> str:
    """The attainment of each quarter: kept and late of the promises that fell due in it."""
    bars = []
    for first, counted in sorted(told.items()):
        kept, late = counted["in time"], counted["late"]
        behind = f"{100 * kept / (kept + late):.1f} % of n = {kept + late:,}"
        label = f"{first.year}, quarter {(first.month + 2) // 3}"
        bars.append(Bar(label, (kept, late), behind))
    return Chart(
        "Olist on the scorecard: an answer within 20 working days",
        "promises that fell due in the quarter (agreed: 90 % kept)",
        range(0, 4_001, 1_000),
        ("kept", "late"),
        bars,
    ).svg()


def of_targets(told: Mapping[int, Counter[str]]) -> str:
    """The backtest: what each target would have made late."""
    bars = []
    for days, counted in sorted(told.items()):
        late, n = counted["late"], counted["judged"]
        signed = " (signed)" if days == olist.WORKING_DAYS else ""
        label = f"within {days} working days{signed}"
        kept = f"{n - late:,}, {100 * (n - late) / n:.1f} % of n = {n:,}"
        bars.append(Bar(label, (n - late,), kept))
    return Chart(
        "Olist in the backtest: had another time been promised",
        "leads that would have been answered in time",
        range(0, 801, 200),
        (),
        bars,
    ).svg()


def of_criteria(told: Mapping[str, int], leads: int) -> str:
    """How many leads each of the criteria counts."""
    bars = [
        Bar(name, (n,), f"{n:,}, {100 * n / leads:.1f} %")
        for name, n in sorted(told.items(), key=lambda one: -one[1])
    ]
    return Chart(
        f"X Education: leads that meet a criterion, of n = {leads:,}",
        "leads",
        range(0, 10_001, 2_500),
        (),
        bars,
    ).svg()


def same_as_kept(name: str, drawn: str) -> None:
    """What docs/ shows is what was just found."""
    assert (KEPT / f"{name}.svg").read_text() == drawn


def main() -> None:
    from tests.flows.xeducation import counted

    data = Path(os.environ["CONCORD_DATA"])
    folder = data / "olist"
    quarters = {first: olist.quarter(folder, first, AFTER) for first in QUARTERS}
    targets = {days: olist.under(folder, days, AFTER)["all"] for days in TARGETS}
    drawn = {
        "olist-scorecard": of_quarters(quarters),
        "olist-backtest": of_targets(targets),
        "xeducation-criteria": of_criteria(*counted(data / "xeducation" / "Leads.csv")),
    }
    for name, text in drawn.items():
        (KEPT / f"{name}.svg").write_text(text)


if __name__ == "__main__":
    main()
