"""Going live: what would happen, tried and taken back; and the act, with the invitations."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions import imports
from leads.actions.imports import golive
from leads.actions.rehearsal import rehearse
from leads.errors import NotYours, SetupRefused
from leads.models import Clock, Handoff, Lead
from portal import ledger
from portal.accounts.actions import inviting
from portal.accounts.actions.inviting import Made
from portal.accounts.models import Role, User
from portal.notifications.models import Delivery
from sla.models import Agreement, Version

TRIED = 500
"""As many leads are tried, the oldest; nobody lets more go at once."""


@dataclass(frozen=True)
class Outlook:
    """What going live would do: `tried` leads of `going`, by whom the offers would go to."""

    going: int
    tried: int
    offers: int
    clocks: int
    messages: int
    first_due: datetime | None
    people: list[tuple[str, int]] = field(default_factory=list)


@dataclass(frozen=True)
class Went:
    """What it did. `unmailed`: links that have to be taken to people by hand, if any."""

    leads: int
    mailed: int
    failed: list[Made] = field(default_factory=list)


def in_force(at: datetime) -> Version | None:
    """The default agreement's version in force: without one nothing can be offered."""
    default = Agreement.objects.in_order().last()
    return Version.objects.in_force(default.pk, at) if default else None


def outlook(*, since: datetime, limit: int, by: User, at: datetime) -> Outlook:
    """Let the first leads go live, count, and take it back: nothing stays, nobody is told.

    Raises NotYours, and SetupRefused while nothing is in force.
    """
    _require(by, at)
    going = golive.waiting(since).count()
    ids = list(golive.waiting(since).values_list("pk", flat=True)[: min(limit, TRIED)])

    def act() -> Outlook:
        before = Delivery.objects.count()
        ledger.step(golive.release)(ids, since=since, at=at, by=by)
        return _counted(ids, min(going, limit), Delivery.objects.count() - before)

    return rehearse(act, at=at)


def _counted(ids: list[int], going: int, messages: int) -> Outlook:
    offered = Handoff.objects.open().filter(lead__in=ids).select_related("receiver")
    clocks = Clock.objects.filter(lead__in=ids, stopped_at=None)
    shares = Counter(str(one.receiver or one.receiver_team) for one in offered)
    return Outlook(
        going=going,
        tried=len(ids),
        offers=len(offered),
        clocks=clocks.count(),
        messages=messages,
        first_due=clocks.order_by("due_at").values_list("due_at", flat=True).first(),
        people=shares.most_common(),
    )


def go_live(*, since: datetime, limit: int, by: User, at: datetime) -> Went:
    """Let imported leads live from now on, and let the invitations that were held go out.

    Where no mail leaves this machine nothing is sent: links are made one by one, or for
    all, and taken to people. Raises NotYours, and SetupRefused while nothing is in force.
    """
    _require(by, at)
    count = imports.go_live(since=since, at=at, by=by, limit=limit)
    if not inviting.mail_is_set():
        return Went(count, 0)
    made = inviting.invite(people=uninvited(at), by=by, at=at)
    failed = inviting.send(made, at=at)
    return Went(count, len(made) - len(failed), failed)


def uninvited(at: datetime) -> list[User]:
    """Who has no way in: no password, and no link that still works."""
    people = inviting.waiting().exclude(invitation__expires_at__gt=at)
    return list(people.select_related("team").order_by("name"))


def waits() -> int:
    """How many imported leads could go live, whenever they arrived."""
    return golive.waiting(golive.EVER).count()


def stays() -> int:
    """How many stay history for good: customers, open deals, our own staff."""
    return Lead.objects.filter(held=True).count() - waits()


def _require(by: User, at: datetime) -> None:
    if not (by.is_active and by.role == Role.OPERATIONS):
        raise NotYours(_("Operations let imported leads go live."))
    require_force(at)


def require_force(at: datetime) -> None:
    """Raises SetupRefused while nothing is in force: what went live would never be offered."""
    if in_force(at) is None:
        raise SetupRefused(_("Nothing is in force yet: both departments have to sign first."))
