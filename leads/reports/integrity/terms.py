"""A question about the agreement itself: criteria that only the giving side can fulfil."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.reader.language import say
from sla.core.criteria import FieldIs, Leaf, TouchedWithin, leaves, sentence
from sla.core.terms import Terms

OF_MARKETING = {"lead.score"}  # set by Marketing's systems, when a lead arrives


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion that opens a handoff; `only` if the giver alone can make it true."""

    handoff: str
    stage: str
    key: str
    sentence: str
    only: bool


def criteria(terms: Terms) -> list[Criterion]:
    """What must be true before a lead passes from one department to the other."""
    return list(_criteria(terms))


def _criteria(terms: Terms) -> Iterator[Criterion]:
    trees = {stage.key: stage.criteria for stage in terms.journey}
    for handoff in terms.handoffs:
        giver = handoff.giver.department
        if giver == handoff.receiver.department:
            continue
        for stage in (handoff.from_stage, handoff.to_stage):
            tree = trees.get(stage)
            for leaf in leaves(tree) if tree is not None else ():
                yield Criterion(
                    handoff.key, stage, leaf.key, sentence(leaf, say), _only(leaf, giver)
                )


def _only(leaf: Leaf, giver: str) -> bool:
    if isinstance(leaf, TouchedWithin):
        return leaf.department == giver
    return isinstance(leaf, FieldIs) and giver == "marketing" and leaf.field in OF_MARKETING
