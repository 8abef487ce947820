"""What stands beside the promises: waivers, contributions, and what both do after a sale."""

from collections.abc import Sequence
from typing import TypeVar

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from leads.models import Contribution, Handoff, Lead, StageEntry, Touch
from leads.reports.period import Filters

Told = TypeVar("Told", StageEntry, Contribution, Touch)
CONTRIBUTIONS = ("asked", "delivered", "used", "won", "cancelled")


def waived(filters: Filters, stages: Sequence[str] = ()) -> QuerySet[StageEntry]:
    """Entries that somebody let pass with unmet criteria, into these stages if any are given.

    Claims of an import and leads that became part of another are left out.
    """
    found = StageEntry.objects.filter(
        waived_by__isnull=False,
        undone_at=None,
        imported=False,
        lead__merged_into=None,
        entered_at__gte=filters.period.start,
        entered_at__lt=filters.period.end,
    )
    if stages:
        found = found.filter(stage__in=stages)
    if filters.team:
        found = found.filter(handoff__receiver_team__key=filters.team)
    return of_leads(found, filters)


def contributions(which: str, filters: Filters) -> QuerySet[Contribution]:
    """Material that Sales asked of Marketing: `asked`, `delivered`, `used`, `cancelled` in
    the period, or `won`: used for a lead that was won in the period."""
    start, end = filters.period.start, filters.period.end
    field = {
        "asked": "asked_at", "delivered": "delivered_at", "used": "answered_at",
        "cancelled": "cancelled_at",
    }.get(which)  # fmt: skip
    found = Contribution.objects.filter(lead__merged_into=None)
    if which in {"used", "won"}:
        found = found.filter(used=True)
    if which != "cancelled":
        found = found.filter(cancelled_at=None)
    if field is not None:
        found = found.filter(**{f"{field}__gte": start, f"{field}__lt": end})
    else:
        sold = won().filter(ended_at__gte=start, ended_at__lt=end)
        found = found.filter(lead__in=sold.values("lead"))
    if filters.team:
        found = found.filter(asked_by__team__key=filters.team)
    return of_leads(found, filters)


def after_sale(department: str, filters: Filters) -> QuerySet[Touch]:
    """What a department did with people after they had become customers."""
    customers = Lead.objects.filter(
        Q(closed_as=Lead.Closed.WON) | Q(pk__in=won().values("lead")), merged_into=None
    )
    found = after_any_sale().filter(
        lead__in=customers.values("pk"),
        department=department,
        occurred_at__gte=filters.period.start,
        occurred_at__lt=filters.period.end,
    )
    if filters.team:
        found = found.filter(by__team__key=filters.team)
    return of_leads(found, filters, versioned=False)


def after_any_sale() -> QuerySet[Touch]:
    """Touches of both departments with people who had become customers by then."""
    sold = won().filter(lead=OuterRef("lead"), ended_at__lte=OuterRef("occurred_at"))
    closed = Q(lead__closed_as=Lead.Closed.WON, lead__closed_at__lte=F("occurred_at"))
    done = Touch.objects.filter(Exists(sold) | closed, undone_at=None, imported=False)
    return done.exclude(direction="inbound")


def won() -> QuerySet[Handoff]:
    return Handoff.objects.filter(outcome=Handoff.Outcome.WON, ended_at__isnull=False)


def of_leads(
    found: QuerySet[Told], filters: Filters, *, versioned: bool = True
) -> QuerySet[Told]:
    """Only those of the source, segment and version that were chosen; touches have none."""
    if filters.source:
        found = found.filter(lead__source=filters.source)
    if filters.segment:
        found = found.filter(lead__segment=filters.segment)
    if filters.version and versioned:
        found = found.filter(Q(("version__number", filters.version)))
    return found
