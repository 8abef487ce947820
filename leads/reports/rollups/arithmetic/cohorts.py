"""The journey of a cohort from the cells: the arithmetic alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from leads.reports.cohort.reading import DAY, PARTIES, Journey, quartiles
from leads.reports.period import Filters
from leads.reports.rollups.cells import Numbers
from leads.reports.rollups.facts.ways import DID
from sla.core.terms.parts import Stage

BEGAN = Iterable[Numbers]
STAYS = Iterable[tuple[tuple[str, str, str], Numbers]]
"""Records by stage, the one that followed, and whether it was left."""


def journey(
    filters: Filters,
    stages: Sequence[Stage],
    now: Mapping[str, str],
    began: BEGAN,
    stays: STAYS,
) -> Journey:
    """What `Cohort.told` says; `now` is how stages are called that had another name."""
    numbers: dict[str, int] = defaultdict(int)
    moves: dict[tuple[str, str], int] = defaultdict(int)
    days: dict[str, list[Numbers]] = defaultdict(list)
    leads = imported = 0
    known = {stage.key for stage in stages}
    for records in began:
        leads += len(records)
        imported += int(records[:, 0].sum())
        _add(numbers, "", records[:, 1 : len(DID) + 1])
        for party, did in zip(PARTIES, records[:, len(DID) + 1 :].T, strict=True):
            numbers[f"after:{party}"] += int(did.sum())
    for (name, following, state), records in stays:
        stage = now.get(name, name)
        if stage in known:
            numbers[f"entered:{stage}"] += len(records)
            numbers[f"{state}:{stage}"] += len(records)
        _add(numbers, stage, records[:, 1:])
        if state == "left":
            days[stage].append(records[:, 0])
        if following:
            moves[stage, now.get(following, following)] += len(records)
    return Journey(
        filters=filters, stages=stages, leads=leads, imported=imported, moves=dict(moves),
        numbers={key: n for key, n in numbers.items() if n},
        days={
            stage: quartiles(np.concatenate(some) / 1_000_000 / DAY)
            for stage, some in days.items()
        },
    )  # fmt: skip


def _add(numbers: dict[str, int], stage: str, did: Numbers) -> None:
    for name, n in zip(DID, did.sum(axis=0).tolist(), strict=True):
        family = "touched" if name in PARTIES else "material"
        numbers[f"{family}:{name}:{stage}"] += n
