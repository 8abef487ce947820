"""What each changed clause of a text would have cost, on handoffs and on leads."""

from collections.abc import Iterator
from datetime import datetime

from leads.core.rounds import History
from leads.core.trials.clauses import Cost, Costs, costs, number
from leads.reports.backtest.qualifying import Audience, qualifying
from sla.core.backtest import Clause, Stage
from sla.core.terms import Terms
from sla.models import Version

WHICH = ("newly", "spared")
TOGETHER, ONLY_TOGETHER = "together", "only_together"


def clause(found: Costs, path: str) -> Cost | None:
    """The cost of a changed clause by its path, or of all of them `together`, or what none
    of them explains alone; None for what did not change."""
    if path == TOGETHER:
        return found.together
    if path == ONLY_TOGETHER:
        return Cost(path, found.only_together("newly"), found.only_together("spared"))
    return next((cost for cost in found.alone if cost.path == path), None)


def clauses(old: Terms | None, new: Terms, past: History) -> tuple[Clause, ...]:
    """Each changed clause in numbers, then all together, then what only that explains."""
    if old is None or not past.rounds:
        return ()
    found = costs(old, new, past)
    if not found.alone:
        return ()
    every = [*found.alone, clause(found, TOGETHER), clause(found, ONLY_TOGETHER)]
    paths = [*(cost.path for cost in found.alone), TOGETHER, ONLY_TOGETHER]
    return tuple(
        Clause(path, number(cost.newly), number(cost.spared))
        for path, cost in zip(paths, every, strict=True)
        if cost is not None
    )


def stages(
    version: Version, base: Version | None, since: datetime, until: datetime
) -> tuple[Stage, ...]:
    """Who would have met the criteria that changed, of the leads that came in a time."""
    changed = changed_stages(version.parsed, base.parsed if base else None)
    if not changed:
        return ()
    return tuple(_counted(qualifying(version, base, since, until), changed))


def changed_stages(new: Terms, old: Terms | None) -> set[str]:
    """The stages with other criteria than in `old`, under whatever key they stood there."""
    before = {stage.key: tree for stage, tree in old.criteria()} if old else {}
    return {
        stage.key
        for stage, tree in new.criteria()
        if tree not in [before.get(key) for key in (stage.key, *stage.replaces)]
    }


def _counted(found: Audience, changed: set[str]) -> Iterator[Stage]:
    for one in found.stages:
        if one.stage.key in changed:
            yield Stage(
                stage=one.stage.key,
                name=one.stage.name,
                leads=int(one.leads.size),
                met=one.number("met"),
                before=None if one.before is None else one.number("before"),
                gained=one.number("gained") if one.before is not None else 0,
                lost=one.number("lost"),
            )
