"""Somebody leaves the company: the account is closed, all they had goes on, in one action."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from leads.actions.owning import leaving
from leads.actions.rehearsal import rehearse
from leads.errors import CannotLeave
from leads.models import Assignment, Clock, Contribution, Handoff
from portal import ledger
from portal.accounts import permissions
from portal.accounts.models import Department, Role, Team, User

ROLES = ("manager", "steward")


@dataclass(frozen=True, slots=True)
class Farewell:
    """What goes on, and to whom: the leads, and how many seats, handoffs and clocks each
    gets. `names` are the people by their number."""

    leads: int
    seats: Counter[int | None]
    handoffs: Counter[int | None]
    clocks: Counter[int | None]
    names: dict[int, str]


@ledger.recorded
def see_off(*, user_id: int, by: User, at: datetime) -> Farewell:
    """Close the account of who leaves and hand on every lead, handoff, request and clock.

    Clocks neither stop nor restart. Raises CannotLeave for who may not do it, and for
    somebody who still heads a department or manages a team: that goes to another first.
    """
    return _see_off(user_id, by=by, at=at)


def preview(*, user_id: int, by: User, at: datetime) -> Farewell:
    """What `see_off` would do, by doing it and taking it back. Raises what it raises."""
    return rehearse(lambda: _see_off(user_id, by=by, at=at), at=at)


def may_see_off(by: User, who: User) -> bool:
    """Whether `by` may close the account of `who`: who heads their team, and operations.

    Nobody closes their own; that of a signatory only the head of the department.
    """
    if by.pk == who.pk or not by.is_active or not who.is_active or who.department is None:
        return False
    head = by.pk == who.department.head_id
    if who.is_signatory:
        return head
    steers = who.team is not None and permissions.heads(by, who.team)
    return head or steers or by.role == Role.OPERATIONS


def has(who: User) -> dict[str, int]:
    """What somebody has in hand now: seats, handoffs, clocks, requests."""
    mine = Q(giver=who) | Q(receiver=who)
    requests = Contribution.objects.filter(owner=who, delivered_at=None, cancelled_at=None)
    seats = Assignment.objects.filter(member=who, until=None, lead__closed_at=None)
    return {
        "seats": seats.count(),
        "handoffs": Handoff.objects.open().filter(mine).count(),
        "clocks": Clock.objects.owed_by(who).count(),
        "requests": requests.count(),
    }


def tells(who: User) -> bool:
    """Whether the department of `who` lets figures of single people be shown at all."""
    if who.department is None or who.team is None:
        return True
    return who.department.tells_of_each(who.team.members.filter(is_active=True).count())


def offices(who: User) -> list[str]:
    """What somebody else must take over first, in words."""
    found = [
        _("heads %(department)s") % {"department": one}
        for one in Department.objects.filter(head=who)
    ]
    teams = Team.objects.filter(archived_at=None)
    found += [_("manages %(team)s") % {"team": one} for one in teams.filter(manager=who)]
    return found + [
        _("is steward of %(team)s") % {"team": one} for one in teams.filter(steward=who)
    ]


def _see_off(user_id: int, *, by: User, at: datetime) -> Farewell:
    rows = User.objects.select_for_update(no_key=True, of=("self",))
    who = rows.select_related("team__department", "department").get(pk=user_id)
    if not may_see_off(by, who):
        raise CannotLeave(_("Who heads their team does this, or operations."))
    if held := offices(who):
        raise CannotLeave(
            _("%(who)s %(what)s: name another first.") % {"who": who, "what": ", ".join(held)}
        )
    before = _in_hand(who)
    who.is_active, who.left_at = False, at
    who.save(update_fields=["is_active", "left_at"])
    leads = leaving.leave(who=who, by=by, at=at)
    ledger.append(
        "person_left", at=at, by=by, subject=("user", who.pk), clear={"leads": leads},
        department=who.department_id or "", team=who.team.key if who.team else "",
    )  # fmt: skip
    return _farewell(before, leads)


@dataclass(frozen=True, slots=True)
class _InHand:
    seats: Sequence[tuple[int, str]]
    handoffs: Sequence[tuple[int, str]]
    clocks: Sequence[int]


def _in_hand(who: User) -> _InHand:
    seats = Assignment.objects.filter(member=who, until=None, lead__closed_at=None)
    mine = Handoff.objects.open().filter(Q(giver=who) | Q(receiver=who))
    return _InHand(
        list(seats.values_list("lead", "department")),
        [(one.pk, "giver" if one.giver_id == who.pk else "receiver") for one in mine],
        list(Clock.objects.owed_by(who).values_list("pk", flat=True)),
    )


def _farewell(before: _InHand, leads: int) -> Farewell:
    now = Assignment.objects.filter(until=None, lead__in=[lead for lead, _side in before.seats])
    seats = {(lead, side): who for lead, side, who in
             now.values_list("lead", "department", "member")}  # fmt: skip
    rows = Handoff.objects.in_bulk([pk for pk, _side in before.handoffs])
    owners = Clock.objects.filter(pk__in=before.clocks).values_list("owner", flat=True)
    counts: tuple[Counter[int | None], Counter[int | None], Counter[int | None]] = (
        Counter(seats.get(key) for key in before.seats),
        Counter(getattr(rows[pk], f"{side}_id") for pk, side in before.handoffs),
        Counter[int | None](owners),
    )
    people = {pk for one in counts for pk in one if pk is not None}
    names = {pk: str(one) for pk, one in User.objects.in_bulk(people).items()}
    return Farewell(leads, *counts, names)
