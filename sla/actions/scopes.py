"""Which agreement is tried first, and which leads it takes: changed by operations alone.

A part of what an agreement takes can be split off, with the text that is in force to begin
with; until both departments sign it, nothing changes for any lead.
"""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.models import Role, User
from sla.actions import drafting
from sla.core import terms as core
from sla.errors import MayNot, NotInThisState, TermsInvalid
from sla.models import Agreement, Version


@ledger.recorded
def move(*, agreement_id: int, earlier: bool, by: User, at: datetime) -> list[Agreement]:
    """Try an agreement one place earlier, or later; return all in their new order.

    The default stays the last, and the first stays first. Leads that are governed keep
    their agreement until it is chosen anew. Raises MayNot unless `by` is operations.
    """
    _require_operations(by)
    rows = list(Agreement.objects.in_order().select_for_update(no_key=True))
    scoped = [row for row in rows if not row.is_default]
    place = next((n for n, row in enumerate(scoped) if row.pk == agreement_id), None)
    if place is None:
        return rows
    other = place + (-1 if earlier else 1)
    if not 0 <= other < len(scoped):
        return rows
    scoped[place], scoped[other] = scoped[other], scoped[place]
    for position, row in enumerate(scoped):
        if row.position != position:
            _save(row, at, by, position=position)
    _record(scoped[other], by, at, {"order": [row.key for row in scoped]})
    return [*scoped, *(row for row in rows if row.is_default)]


@ledger.recorded
def change(*, agreement_id: int, scope: dict[str, Any] | None, by: User, at: datetime) -> None:
    """Let an agreement take the leads that meet `scope` from now on; None: no lead.

    The default has no scope. Raises MayNot unless `by` is operations, TermsInvalid with
    what is wrong with the criteria.
    """
    _require_operations(by)
    if scope is not None:
        try:
            core.parse_criteria(scope)
        except core.TermsError as error:
            raise TermsInvalid(error.faults) from error
    row = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
    if row.is_default:
        raise MayNot(_("The default agreement takes what no other does; it has no scope."))
    if row.scope != scope:
        _save(row, at, by, scope=scope)
        _record(row, by, at, {"scope": core.digest(scope or {})})


@ledger.recorded
def split(*, agreement_id: int, key: str, name: str, by: User, at: datetime) -> Version:
    """Open an agreement, tried just before this one, with a draft of the text in force.

    It takes leads from when a version of it is in force, and says which by its scope: for
    now none. Handoffs that are open keep their version and their clocks; a lead without one
    is asked for anew at its next change. Raises MayNot unless `by` is operations,
    NotInThisState where nothing was ever in force, and what `drafting.start_agreement` does.
    """
    _require_operations(by)
    before = Agreement.objects.select_for_update(no_key=True).get(pk=agreement_id)
    current = Version.objects.in_force(before.pk, at)
    if current is None:
        raise NotInThisState(_("Nothing of it is in force yet, so there is nothing to split."))
    version = drafting.open_with_draft(key=key, name=name, terms=current.terms, by=by, at=at)
    _place(version.agreement, before, by, at)
    return version


def _place(new: Agreement, before: Agreement, by: User, at: datetime) -> None:
    others = Agreement.objects.in_order().select_for_update(no_key=True)
    scoped = [row for row in others if not row.is_default and row.pk != new.pk]
    place = next((n for n, row in enumerate(scoped) if row.pk == before.pk), len(scoped))
    for position, row in enumerate([*scoped[:place], new, *scoped[place:]]):
        if row.position != position:
            _save(row, at, by, position=position)


def _require_operations(by: User) -> None:
    if not (by.is_active and by.role == Role.OPERATIONS):
        raise MayNot(_("Operations says which agreement takes which leads."))


def _save(row: Agreement, at: datetime, by: User, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(row, name, value)
    row._history_date, row._history_user = at, by  # type: ignore[attr-defined]  # simple-history
    row.save(update_fields=list(fields))


def _record(row: Agreement, by: User, at: datetime, clear: dict[str, Any]) -> None:
    ledger.append(
        ledger.Kind.CONFIGURED,
        at=at,
        by=by,
        subject=("agreement", row.pk),
        clear={"agreement": row.key, **clear},
    )
