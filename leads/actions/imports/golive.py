"""Going live: imported leads stop being history, and the agreement governs them from now."""

from datetime import UTC, datetime

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from leads.actions.handing import transitions
from leads.actions.handing.transitions import lock_leads
from leads.actions.intake.known import REFUSED
from leads.actions.journeys import agreements, facts, journey
from leads.actions.owning import hosts, releasing, routing
from leads.actions.owning.current import read_seats
from leads.errors import NotYours
from leads.models import Lead
from portal import ledger
from portal.accounts.models import Role, User
from portal.ledger import known

BATCH = 200  # leads in one transaction
EVER = datetime(1900, 1, 1, tzinfo=UTC)


def go_live(
    *,
    since: datetime,
    at: datetime,
    by: User | None,
    until: datetime | None = None,
    limit: int | None = None,
) -> int:
    """Let the held open leads that arrived from `since` on (and before `until`) live, the
    oldest first, at most `limit` of them; return how many went live.

    From now on they are offered, their clocks run and people are told; where the rules of
    a team release so many a person and day, the rest gets a morning each. Older ones stay
    history. Raises NotYours for who is not of operations.
    """
    if by is not None and not (by.is_active and by.role == Role.OPERATIONS):
        raise NotYours(_("Operations let imported leads go live."))
    ids = list(waiting(since, until).values_list("pk", flat=True)[:limit])
    for start in range(0, len(ids), BATCH):
        release(ids[start : start + BATCH], since=since, at=at, by=by)
    return len(ids)


def waiting(since: datetime, until: datetime | None = None) -> "QuerySet[Lead, Lead]":
    """The held open leads that can go live, those that arrived first at the front."""
    arrived = Coalesce("arrived_at", "received_at")
    held = Lead.objects.open().filter(held=True).annotate(arrived=arrived)
    held = held.filter(arrived__gte=since).order_by("arrived", "pk")
    # Whom nobody hands over stays history: customers, open deals, our own staff.
    held = held.exclude(company__status__in=list(REFUSED))
    return held if until is None else held.filter(arrived__lt=until)


@ledger.recorded
def release(ids: list[int], *, since: datetime, at: datetime, by: User | None) -> None:
    """Let these held leads go live, in one transaction."""
    locked = lock_leads(ids)
    held = [locked[pk] for pk in ids if locked[pk].held and locked[pk].closed_at is None]
    waiting = releasing.stagger(held, at)
    _let_go(waiting, at=at, by=by)
    _read_ahead([lead.pk for lead in waiting], at)
    for lead in waiting:
        said = {"since": since}
        ledger.append("went_live", at=at, by=by, subject=("lead", lead.pk), clear=said)
        agreements.choose(lead, at)
        journey.advance(lead, at)


def _let_go(leads: list[Lead], *, at: datetime, by: User | None) -> None:
    for lead in leads:
        lead.held = False
    Lead.objects.filter(pk__in=[lead.pk for lead in leads]).update(held=False)
    Lead.history.bulk_history_create(leads, update=True, default_date=at, default_user=by)


def _read_ahead(ids: list[int], at: datetime) -> None:
    """What the next steps ask of each lead, in a question for all of them."""
    for lead_id, seats in read_seats(ids).items():
        known.note((routing.SEATS, lead_id), seats)
    for lead_id, handoffs in transitions.read_handoffs(ids).items():
        known.note((transitions.HANDOFFS, lead_id), handoffs)
    facts.read_ahead(ids, at)
    hosts.read_ahead(ids, at)
