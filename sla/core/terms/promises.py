"""That each promise can be kept and told: obligations and their ladders."""

from collections.abc import Iterator

from sla.core import durations
from sla.core.saying import Said
from sla.core.saying import gettext_noop as _
from sla.core.terms.document import Terms
from sla.core.terms.parts import LadderStep, Obligation, Telling
from sla.core.terms.schema import Fault

STARTS = {
    "accept": ("offer",),
    "first_attempt": ("offer", "acceptance"),
    "cadence": ("acceptance",),
    "disposition": ("acceptance",),
    "answer": ("return",),
    "complete_package": ("offer",),
    "decide": ("dispute",),
    "contribution": ("request",),
}
"""What may start the clock of each kind of obligation."""

_Found = Iterator[tuple[str, str]]


def obligation_faults(terms: Terms) -> Iterator[Fault]:
    """Yield what is wrong with the obligations, each alone and beside the others."""
    for index, owed in enumerate(terms.obligations):
        checks = (
            _references(terms, owed),
            _kind(owed),
            _extras(owed),
            _rows(owed),
            _twice(terms, index),
        )
        for found in checks:
            for part, reason in found:
                yield Fault(f"obligations[{index}].{part}", reason)


def ladder_faults(terms: Terms) -> Iterator[Fault]:
    """Yield what is wrong with the ladders, and with whom the commitments tell."""
    for key, steps in terms.ladders.items():
        for index, step in enumerate(steps):
            path = f"ladders.{key}[{index}]"
            if step.key in {one.key for one in steps[:index]}:
                yield Fault(f"{path}.key", Said(_("{key} is there already"), key=step.key))
            if index and not _rises(terms, steps[index - 1], step):
                yield Fault(path, Said(_("must come later than the step before it")))
            yield from _telling(step.telling, path)
    for index, commitment in enumerate(terms.commitments):
        if commitment.behind is not None:
            yield from _telling(commitment.behind.telling, f"commitments[{index}].behind")


def _references(terms: Terms, owed: Obligation) -> _Found:
    if owed.handoff is not None and owed.handoff not in {one.key for one in terms.handoffs}:
        yield "handoff", Said(_("there is no handoff {handoff}"), handoff=owed.handoff)
    if owed.ladder not in terms.ladders:
        yield "ladder", Said(_("there is no ladder {ladder}"), ladder=owed.ladder)
    if owed.calendar.fixed is not None and owed.calendar.fixed not in terms.calendars:
        yield (
            "calendar.fixed",
            Said(_("there is no calendar {fixed}"), fixed=owed.calendar.fixed),
        )
    if owed.from_stage is not None and owed.from_stage not in {s.key for s in terms.journey}:
        yield (
            "from_stage",
            Said(_("there is no stage {from_stage}"), from_stage=owed.from_stage),
        )


def _kind(owed: Obligation) -> _Found:
    may = STARTS[owed.kind]
    if owed.starts not in may:
        yield (
            "starts",
            Said(_("{kind} starts at the {may}"), kind=owed.kind, may=" or the ".join(may)),
        )
    if (owed.accountable == "both") != (owed.kind == "decide"):
        yield (
            "accountable",
            Said(_("a dispute is decided by both, all else is owed by one department")),
        )
    if owed.kind == "contribution":
        if owed.handoff is not None:
            yield "handoff", Said(_("a contribution belongs to no handoff"))
        if owed.calendar.team is not None:
            yield "calendar.team", Said(_("a contribution has no giver and no receiver"))


def _extras(owed: Obligation) -> _Found:
    """Parts that one kind needs and no other may have."""
    if (owed.attempts is not None) != (owed.kind == "cadence"):
        yield "attempts", Said(_("are needed for a cadence, and for nothing else"))
    if (owed.default is not None) != (owed.kind == "decide"):
        yield "default", Said(_("is needed for deciding a dispute, and for nothing else"))
    if bool(owed.materials) != (owed.kind == "contribution"):
        yield "materials", Said(_("are needed for a contribution, and for nothing else"))
    if owed.from_stage is not None and owed.kind != "contribution":
        yield "from_stage", Said(_("has a meaning for a contribution only"))


def _rows(owed: Obligation) -> _Found:
    for index, target in enumerate(owed.targets):
        if any(before.fits(target.segment) for before in owed.targets[:index]):
            yield f"targets[{index}].segment", Said(_("is never reached: a row before it fits"))
    reasons = [pause.reason for pause in owed.pauses]
    for index, reason in enumerate(reasons):
        if reason in reasons[:index]:
            yield f"pauses[{index}].reason", Said(_("{reason} is there already"), reason=reason)


def _twice(terms: Terms, index: int) -> _Found:
    """Two clocks for one promise would let each side count by another."""
    owed = terms.obligations[index]
    for other in terms.obligations[:index]:
        if owed.kind != other.kind:
            continue
        if owed.kind == "contribution":
            if shared := set(owed.materials) & set(other.materials):
                yield (
                    "materials",
                    Said(
                        _("{key} promises {shared} already"),
                        key=other.key,
                        shared=", ".join(sorted(shared)),
                    ),
                )
        elif owed.handoff is None or other.handoff in (None, owed.handoff):
            yield "kind", Said(_("{key} promises this already"), key=other.key)


def _rises(terms: Terms, before: LadderStep, step: LadderStep) -> bool:
    """Whether a step comes later than the one before it, on every calendar of the terms."""
    if step.percent is not None:
        return before.percent is not None and before.percent < step.percent
    if before.after is None or step.after is None:
        return True
    return all(
        durations.working(before.after, calendar) < durations.working(step.after, calendar)
        for calendar in terms.calendars.values()
    )


def _telling(telling: Telling, path: str) -> Iterator[Fault]:
    roles = set(telling.whom)
    if len(roles) < len(telling.whom):
        yield Fault(f"{path}.whom", Said(_("must not say the same twice")))
    for role in telling.digest:
        if role not in roles:
            yield Fault(
                f"{path}.digest.{role}", Said(_("gets nothing here that could be gathered"))
            )
