"""Many returns answered with one decision: each its own transaction, its own result."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.answering.correcting import correct
from leads.actions.composing import Value
from leads.actions.handing.refusals import require
from leads.actions.handing.returns import fixed_step
from leads.actions.handing.transitions import lock, lock_leads
from leads.actions.journeys import journey
from leads.actions.journeys.facts import facts_of
from leads.actions.rehearsal import rehearse
from leads.core.handoff import Move
from leads.errors import CriteriaUnmet
from leads.models import Handoff
from portal import ledger
from portal.accounts.models import User
from portal.errors import DomainError
from portal.reader.language import say
from sla.core.criteria import evaluate, named, sentence


@dataclass(frozen=True, slots=True)
class Result:
    """What came of one return, or would: `handoff` as it then stands, or why it stays."""

    handoff_id: int
    handoff: Handoff | None = None
    refusal: str = ""
    changed: tuple[str, ...] = ()


@ledger.recorded
def fix(*, handoff_id: int, values: Mapping[str, Value], by: User, at: datetime) -> Result:
    """Correct the lead of a returned handoff and offer it again: both, or neither.

    Raises what `returns.answer_fixed` raises, and CannotBeCorrected.
    """
    return _fix(handoff_id, values, by=by, at=at)


def preview(
    wanted: Mapping[int, Mapping[str, Value]], *, by: User, at: datetime
) -> list[Result]:
    """What `fix` would do with each of these, by doing all of it and taking it back.

    `wanted`: the values by handoff. Those that would be refused say why, as they would.
    """

    def act() -> list[Result]:
        leads = Handoff.objects.filter(pk__in=wanted).values_list("lead_id", flat=True)
        lock_leads(sorted(set(leads)))
        return [_tried(pk, values, by=by, at=at) for pk, values in wanted.items()]

    return rehearse(act, at=at)


def each(handoff_ids: Sequence[int], act: Callable[[int], Handoff | Result]) -> list[Result]:
    """Do `act` for one after the other; a refusal stays with its row, the others go on."""
    return [_done(pk, act) for pk in handoff_ids]


def _done(pk: int, act: Callable[[int], Handoff | Result]) -> Result:
    try:
        done = act(pk)
    except DomainError as error:
        return Result(pk, refusal=str(error))
    return done if isinstance(done, Result) else Result(pk, handoff=done)


def _tried(pk: int, values: Mapping[str, Value], *, by: User, at: datetime) -> Result:
    try:
        with ledger.savepoint():
            return _fix(pk, values, by=by, at=at)
    except DomainError as error:
        return Result(pk, refusal=str(error))


def _fix(pk: int, values: Mapping[str, Value], *, by: User, at: datetime) -> Result:
    handoff = lock(pk)
    require(handoff, Move.FIXED, by=by, at=at)
    changed = correct(handoff.lead, values, by=by, at=at) if values else []
    _require_mended(handoff, at)
    fixed_step(handoff, by=by, at=at)
    journey.advance(handoff.lead, at)
    return Result(pk, handoff=handoff, changed=tuple(changed))


def _require_mended(handoff: Handoff, at: datetime) -> None:
    """Many at once are offered again only where what each return disputes is true now.

    One by one a giver may hold that it never was wrong; that is what a dispute is for.
    """
    terms = handoff.version.parsed
    listed = (one for one in terms.return_reasons if one.key == handoff.return_reason)
    key = next((one.disputes for one in listed), None)
    trees = [stage.criteria for stage in terms.journey if stage.criteria is not None]
    for node in [found for tree in trees if key and (found := named(tree, key)) is not None]:
        if not evaluate(node, facts_of(handoff.lead, at), at).met:
            raise CriteriaUnmet(
                _("It would come back again: %(criterion)s is still not so.")
                % {"criterion": sentence(node, say)},
                unmet=(node.key or "",),
            )
