"""Whom a visitor of the demo may be: one of each kind, both departments in turn."""

from django.conf import settings
from django.utils.text import capfirst

from portal import ledger
from portal.accounts.models import Department, Role, User
from portal.look.shell import Persona

MOST = 8
KINDS = (Role.MEMBER, Role.MANAGER, Role.OPERATIONS, Role.AUDITOR)
PARTIES = ("sales", "marketing", None)


def personas() -> list[Persona]:
    """The cards of the login page; none unless this database is simulated.

    Members first, then managers, heads, operations, auditors; who is first of their kind
    in the company's own order. Nobody who may open the admin.
    """
    if not (settings.SIMULATION_ALLOWED and ledger.is_simulated()):
        return []
    people = User.objects.active().filter(is_staff=False).select_related("team")
    heads = set(Department.objects.values_list("head_id", flat=True))
    firsts: dict[tuple[int, bool, int], User] = {}
    for person in people.order_by("pk"):
        firsts.setdefault(_rank(person, heads), person)
    chosen = [firsts[rank] for rank in sorted(firsts)][:MOST]
    return [
        Persona(one.name, one.department_id or "", describe(one), one.email) for one in chosen
    ]


def _rank(person: User, heads: set[int]) -> tuple[int, bool, int]:
    kind = KINDS.index(Role(person.role)) if person.role in KINDS else len(KINDS)
    return kind, person.pk in heads, PARTIES.index(person.department_id)


def describe(person: User) -> str:
    """What somebody does, in the words of the company: `Campaign manager.`"""
    team = f", {person.team.name}" if person.team is not None else ""
    return capfirst(person.title or f"{person.get_role_display()}{team}") + "."
