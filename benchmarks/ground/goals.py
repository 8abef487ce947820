"""How a figure is judged, and how times are summed up."""

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Goal(NamedTuple):
    """One side's time as a multiple of another's (or a time), and what it should be."""

    name: str
    figure: float
    operator: str
    target: float

    def __str__(self) -> str:
        holds = {">=": self.figure >= self.target, "<=": self.figure <= self.target}
        verdict = "met" if holds[self.operator] else "missed"
        target = f"target {self.operator} {self.target:g}"
        return f"goal {self.name}: {self.figure:.2f} {target} {verdict}"


def percentile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all values do not exceed."""
    ranked = sorted(values)
    return ranked[min(int(len(ranked) * share), len(ranked) - 1)]


def spread(seconds: Sequence[float]) -> str:
    """`12.3 ms (11.9 to 14.0)`: the median, and the least and the most."""
    middle, least, most = statistics.median(seconds), min(seconds), max(seconds)
    return f"{middle * 1e3:.2f} ms ({least * 1e3:.2f} to {most * 1e3:.2f})"
