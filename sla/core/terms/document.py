"""The terms as one frozen value: what the portal asks of a signed document."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sla.core.criteria.nodes import Node, keys
from sla.core.durations import Duration
from sla.core.terms.parts import (
    Benchmark,
    Calendar,
    Commitment,
    Department,
    Governance,
    Handoff,
    LadderStep,
    Obligation,
    Party,
    Prose,
    ReturnReason,
    Side,
    Stage,
    Start,
    TrustedSource,
)
from sla.core.workingtime import WorkingCalendar


@dataclass(frozen=True)
class Terms:
    """A document of the shape of the schema. Look-ups raise KeyError for what is not in it."""

    title: str
    preamble: str
    clauses: tuple[Prose, ...]
    calendars: Mapping[str, Calendar]
    journey: tuple[Stage, ...]
    handoffs: tuple[Handoff, ...]
    obligations: tuple[Obligation, ...]
    ladders: Mapping[str, tuple[LadderStep, ...]]
    trusted_sources: tuple[TrustedSource, ...]
    commitments: tuple[Commitment, ...]
    benchmarks: tuple[Benchmark, ...]
    return_reasons: tuple[ReturnReason, ...]
    governance: Governance
    raw_calendars: Mapping[str, Mapping[str, Any]] = field(repr=False)

    def stage(self, key: str) -> Stage:
        return self._stages[key]

    def handoff(self, key: str) -> Handoff:
        return self._handoffs[key]

    def obligation(self, key: str) -> Obligation:
        return self._obligations[key]

    def reason(self, key: str) -> ReturnReason:
        return self._reasons[key]

    def ladder(self, key: str) -> tuple[LadderStep, ...]:
        return self.ladders[key]

    def calendar(self, key: str) -> WorkingCalendar:
        """Return the working calendar called `key`, compiled; equal ones share their table.

        Raises ValueError if it never opens, which `terms.parse` has refused before.
        """
        if key not in self._compiled:
            self._compiled[key] = WorkingCalendar.from_json(self.raw_calendars[key])
        return self._compiled[key]

    def target_for(
        self, obligation: str | Obligation, segment: str | None, weekly_count: int = 0
    ) -> Duration | None:
        """Return how fast, in working time, `obligation` is owed for a kind of lead.

        None if it has no row for that kind: then nothing is owed. `weekly_count` is how
        many of these clocks the week has started, this one included.
        """
        if isinstance(obligation, str):
            obligation = self.obligation(obligation)
        return obligation.target_for(segment, weekly_count)

    def obligations_on(
        self, handoff: str, starts: Start | None = None
    ) -> tuple[Obligation, ...]:
        """Return what is owed on a kind of handoff, as listed; `starts` picks by its event."""
        return tuple(
            owed
            for owed in self.obligations
            if owed.kind != "contribution"
            and owed.handoff in (None, handoff)
            and starts in (None, owed.starts)
        )

    def contributions_for(self, material: str) -> tuple[Obligation, ...]:
        """Return the promises to deliver `material`, such as case_study."""
        return tuple(owed for owed in self.obligations if material in owed.materials)

    def follows(self, stage: str) -> Stage | None:
        """Return the stage after `stage` in the journey; None after the last."""
        following = [one.key for one in self.journey].index(stage) + 1
        return self.journey[following] if following < len(self.journey) else None

    def at_or_after(self, stage: str, earliest: str | None) -> bool:
        """Whether `stage` is `earliest` or comes later; always when `earliest` is None."""
        order = [one.key for one in self.journey]
        return earliest is None or order.index(stage) >= order.index(earliest)

    def criteria(self) -> Iterator[tuple[Stage, Node]]:
        """Yield each stage that has criteria, with its tree."""
        for stage in self.journey:
            if stage.criteria is not None:
                yield stage, stage.criteria

    def criterion_stage(self, key: str) -> Stage | None:
        """Return the stage that asks for the criterion `key`."""
        return next((stage for stage, tree in self.criteria() if key in keys(tree)), None)

    def owing_sides(self, obligation: Obligation) -> tuple[tuple[Handoff | None, Side], ...]:
        """Return who owes an obligation: a side, for each kind of handoff it is owed on.

        Both sides owe a dispute's decision. Else it is the side of the accountable
        department (the giver of what givers owe, the receiver of the rest, where both are
        of that department), or the department as a whole where neither side is.
        """
        if obligation.kind == "contribution":
            return ((None, Side(_only(obligation.accountable), None)),)
        handoffs = [h for h in self.handoffs if obligation.handoff in (None, h.key)]
        return tuple(
            (handoff, side) for handoff in handoffs for side in _sides(handoff, obligation)
        )

    @cached_property
    def _compiled(self) -> dict[str, WorkingCalendar]:
        return {}

    @cached_property
    def _stages(self) -> dict[str, Stage]:
        return {stage.key: stage for stage in self.journey}

    @cached_property
    def _handoffs(self) -> dict[str, Handoff]:
        return {handoff.key: handoff for handoff in self.handoffs}

    @cached_property
    def _obligations(self) -> dict[str, Obligation]:
        return {owed.key: owed for owed in self.obligations}

    @cached_property
    def _reasons(self) -> dict[str, ReturnReason]:
        return {reason.key: reason for reason in self.return_reasons}


GIVEN = frozenset({"answer", "complete_package"})
"""The kinds that the giver owes. A dispute is owed by both, the rest by the receiver."""


def _only(accountable: Party) -> Department:
    return "marketing" if accountable == "both" else accountable


def _sides(handoff: Handoff, owed: Obligation) -> tuple[Side, ...]:
    if owed.accountable == "both":
        return (handoff.giver, handoff.receiver)
    sides = (handoff.receiver, handoff.giver)
    if owed.kind in GIVEN:
        sides = (handoff.giver, handoff.receiver)
    for side in sides:
        if side.department == owed.accountable:
            return (side,)
    return (Side(owed.accountable, None),)
