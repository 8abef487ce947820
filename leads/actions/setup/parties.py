"""Each department needs a head, and somebody who may sign for it: said once, beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.saving import save
from leads.actions.setup.who import require_administrator
from leads.errors import SetupRefused
from portal import ledger
from portal.accounts.models import Department, Role, Team, User


@dataclass(frozen=True)
class Chosen:
    """Who heads a department, and who, perhaps the same, signs for it: by number."""

    department: str
    head_id: int
    signatory_id: int


@ledger.recorded
def appoint(*, chosen: Sequence[Chosen], by: User, at: datetime) -> None:
    """Let people head their departments and sign for them: all of it or nothing.

    They become managers. Teams without a manager or a steward get the head, so that nothing
    is ever nobody's. Who signed before may still sign. Raises NotYours; SetupRefused for
    somebody of another place, or who opens the admin.
    """
    require_administrator(by)
    for one in chosen:
        _appoint(one.department, one.head_id, one.signatory_id, by=by, at=at)


def _appoint(
    department: str, head_id: int, signatory_id: int, *, by: User, at: datetime
) -> None:
    party = Department.objects.select_for_update(no_key=True, of=("self",)).get(pk=department)
    people = User.objects.active().filter(department=department, is_staff=False)
    found = {one.pk: one for one in people.filter(pk__in={head_id, signatory_id})}
    if {head_id, signatory_id} - set(found):
        raise SetupRefused(
            _("Choose people of %(side)s who do not administer the portal.") % {"side": party}
        )
    head, signatory = found[head_id], found[signatory_id]
    if party.head_id != head.pk:
        party.head = head
        party.save(update_fields=["head"])
        _configured("department", 0, by=by, at=at, key=department, head=head.pk)
    _promote(head, signs=head.pk == signatory.pk or head.is_signatory, by=by, at=at)
    _promote(signatory, signs=True, by=by, at=at)
    for team in Team.objects.filter(department=department, archived_at=None):
        _answer_for(team, head, by=by, at=at)


def _promote(person: User, *, signs: bool, by: User, at: datetime) -> None:
    changed = {"role": Role.MANAGER.value, "is_signatory": signs}
    fields = [name for name, said in changed.items() if getattr(person, name) != said]
    for name in fields:
        setattr(person, name, changed[name])
    if fields:
        person.save(update_fields=fields)
        ledger.append(
            "account_changed", at=at, by=by, subject=("user", person.pk),
            department=person.department_id or "",
            clear={"fields": sorted(fields), "role": person.role, "signs": signs},
        )  # fmt: skip


def _answer_for(team: Team, head: User, *, by: User, at: datetime) -> None:
    empty = [name for name in ("manager", "steward") if getattr(team, f"{name}_id") is None]
    if empty:
        for name in empty:
            setattr(team, name, head if name == "manager" else team.manager or head)
        save(team, *empty, at=at, by=by)
        _configured("team", team.pk, by=by, at=at, fields=empty)


def _configured(kind: str, number: int, *, by: User, at: datetime, **clear: object) -> None:
    ledger.append("configured", at=at, by=by, subject=(kind, number), clear=clear)
