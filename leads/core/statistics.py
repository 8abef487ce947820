"""Honest figures: intervals for rates, percentiles for durations, and no mean alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Z95 = 1.959963984540054  # the 97.5th percentile of the standard normal distribution
BANDS = (5 * 60, 15 * 60, 60 * 60)  # seconds

Verdict = Literal["yes", "no", "few", "none"]


@dataclass(frozen=True)
class Rate:
    """`hits` of `n`, with its 95 % Wilson interval. Shares are from 0 to 1; None of none."""

    hits: int
    n: int

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def interval(self) -> tuple[float, float] | None:
        return wilson(self.hits, self.n) if self.n else None

    def against(self, agreed: float | None) -> Verdict:
        """`yes` or `no` only if the whole interval lies on one side of `agreed`.

        None agreed (or not confirmed): no verdict. A share of nothing is too few to say.
        """
        if agreed is None:
            return "none"
        if self.interval is None:
            return "few"
        low, high = self.interval
        if low >= agreed:
            return "yes"
        return "no" if high < agreed else "few"


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share of `n` > 0.

    >>> low, high = wilson(96, 612)
    >>> f"{low:.3f} {high:.3f}"
    '0.130 0.188'

    Source: E. B. Wilson, JASA 22 (1927), 209-212. Raises ValueError unless 0 <= hits <= n > 0.
    """
    if not 0 <= hits <= n or n <= 0:
        raise ValueError(f"{hits} of {n} is no share")
    share, z2 = hits / n, Z95 * Z95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z95 * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
    low = middle - half if hits else 0.0  # exact where rounding would leave a trace
    high = middle + half if hits < n else 1.0
    return low, high


def percentile(values: Sequence[float] | NDArray[np.float64], share: float) -> float | None:
    """The smallest value that at least `share` of `values` do not exceed; None of none.

    The nearest-rank definition: always a value that was seen, never one in between.
    """
    if not 0 < share <= 1:
        raise ValueError("a share lies above 0 and at most at 1")
    if not len(values):
        return None
    place = max(ceil(share * len(values)), 1) - 1
    return float(np.partition(np.asarray(values, np.float64), place)[place])


def bands(seconds: Sequence[float]) -> tuple[int, int, int, int]:
    """How many took up to 5, up to 15, up to 60, and more than 60 minutes."""
    first, second, third = (sum(value <= edge for value in seconds) for edge in BANDS)
    return first, second - first, third - second, len(seconds) - third


def pace(done: int, passed: int, whole: int) -> int | None:
    """What a period of `whole` days ends with, at the pace of its `passed` days.

    None while no day has passed.
    """
    if passed <= 0 or whole <= 0:
        return None
    return round(done * whole / min(passed, whole))
