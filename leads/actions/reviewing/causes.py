"""Why promises broke: one department says it, the other agrees or names another cause."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.reviewing.notes import may_note
from leads.core import text as texts
from leads.errors import NotYours
from leads.models import BreachCause, Clock
from portal import ledger
from portal.accounts.models import User


@dataclass(frozen=True)
class Said:
    """How many clocks got a cause, to how many both agree now, and how many had one."""

    named: int = 0
    agreed: int = 0
    settled: int = 0


@ledger.recorded
def say(*, clocks: Sequence[int], cause: str, text: str, by: User, at: datetime) -> Said:
    """Say why these clocks were late. Where the other department says the same already, both
    agree and it stays; else it stands as a proposal, instead of what was proposed before.

    What is agreed is left as it is, and counted. Raises NotYours for who is no manager,
    ValueError for a cause that there is not or a clock that was not late.
    """
    if by.department_id is None or not may_note(by):
        raise NotYours(_("The managers of both departments say why a promise broke."))
    if cause not in BreachCause.Cause.values:
        raise ValueError("there is no such cause")
    rows = Clock.objects.filter(pk__in=clocks).order_by("pk")
    late = list(rows.select_for_update(no_key=True, of=("self",)))
    if not all(clock.is_breached(at) for clock in late):
        raise ValueError("only what was late has a cause")
    stands = BreachCause.objects.filter(clock__in=late, replaced_at=None)
    known = {one.clock_id: one for one in stands}
    said = texts.line(text, 500)
    done = [_say(clock, known.get(clock.pk), cause, said, by, at) for clock in late]
    return Said(*(done.count(how) for how in ("named", "agreed", "settled")))


def _say(
    clock: Clock, stands: BreachCause | None, cause: str, text: str, by: User, at: datetime
) -> str:
    if stands is not None and stands.agreed_at is not None:
        return "settled"
    if (
        stands is not None
        and stands.cause == cause
        and stands.department_id != by.department_id
    ):
        stands.agreed_by, stands.agreed_at = by, at
        stands.save(update_fields=["agreed_by", "agreed_at"])
        _record(ledger.Kind.CAUSE_AGREED, stands, clock, by, at)
        return "agreed"
    if stands is not None:
        stands.replaced_at = at
        stands.save(update_fields=["replaced_at"])
    named = BreachCause.objects.create(
        clock=clock, cause=cause, text=text, by=by, department_id=by.department_id or "", at=at
    )
    _record(ledger.Kind.CAUSE_NAMED, named, clock, by, at)
    return "named"


def _record(kind: str, one: BreachCause, clock: Clock, by: User, at: datetime) -> None:
    ledger.append(
        kind,
        subject=("clock", clock.pk),
        lead=clock.lead_id,
        at=at,
        by=by,
        department=by.department_id,
        clear={"cause": one.cause, "breach_cause": one.pk},
        committed={"text": one.text},
    )
