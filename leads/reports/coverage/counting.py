"""What the CRM says there is, beside what lives in the portal. Always of whole months.

The CRM says it in three ways: by what was imported from it, by the events it sends, and by
the number that operations enter for a source and a month. The largest one holds, so a file
that was never brought cannot make the portal look complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Protocol

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from leads.models import Assignment, CrmCount, Handoff, Lead, Touch
from leads.models.lead import LeadQuerySet
from leads.reports.period import Filters, Period

ENOUGH = 0.9
"""From this share on the figures speak for all leads, and say nothing of it."""
FIGURES = ("known", "seen", "outside", "elsewhere")
PORTAL = "portal"
Counts = Mapping[str, Mapping[str, int]]


@dataclass(frozen=True)
class Part:
    """One source, team or all: `known` to the portal, `seen` by it, `said` by operations.

    `elsewhere`: seen leads that Sales tried to reach, but never from the portal.
    """

    key: str
    known: int
    seen: int
    elsewhere: int
    said: int | None = None

    @property
    def crm(self) -> int:
        """What there is, as far as anybody says."""
        return max(self.known, self.said or 0)

    @property
    def outside(self) -> int:
        return self.crm - self.seen

    @property
    def share(self) -> float | None:
        return self.seen / self.crm if self.crm else None


@dataclass(frozen=True)
class Coverage:
    """`is_said`: somebody outside the portal said how many there are of every month."""

    first: date
    last: date
    whole: Part
    sources: Sequence[Part]
    said: Sequence[Any]
    is_said: bool

    @property
    def is_low(self) -> bool:
        """Whether a figure of the portal has to say which part of all leads it is of."""
        return self.whole.share is not None and self.whole.share < ENOUGH


class Known(Protocol):
    """Sums that say by source or by team how many leads came on some days, and how many of
    them are seen."""

    def known(
        self, by: Literal["source", "team"], days: tuple[date, date], source: str, team: str
    ) -> Counts: ...


def coverage(filters: Filters, sums: Known | None = None) -> Coverage:
    """Of the months that the period touches, and the source if one is chosen. Two queries, or
    one from `sums` if there are any.

    It is of all teams: what lies only in the CRM has none.
    """
    said = _latest(numbers_of(filters))
    if sums is not None:
        return assembled(filters, of_sums(filters, sums), said)
    rows = grouped(leads_in(replace(filters, team="")), "source")
    return assembled(filters, {row["source"]: row for row in rows}, said)


def of_sums(filters: Filters, sums: Known) -> Counts:
    """What sums say of the months, by source."""
    months = _months(filters.period)
    days = months[0].first, months[-1].after
    return sums.known("source", days, filters.source, "")


def assembled(filters: Filters, rows: Counts, said: Sequence[Any]) -> Coverage:
    """Both sides together: counts of the portal by source, and the numbers that stand."""
    months = _months(filters.period)
    sources = _sources(rows, said)
    return Coverage(
        first=months[0].first,
        last=months[-1].last,
        whole=_whole(sources, said),
        sources=sources,
        said=said,
        is_said={one.month for one in said} == {month.first for month in months},
    )


def numbers_of(filters: Filters) -> QuerySet[CrmCount]:
    """Everything that was said of the months, the latest last."""
    months = _months(filters.period)
    rows = CrmCount.objects.filter(month__gte=months[0].first, month__lte=months[-1].first)
    return rows.filter(source=filters.source) if filters.source else rows


def leads_of(figure: str, filters: Filters) -> LeadQuerySet:
    """The leads that a figure counts under the filters; LookupError for another figure."""
    if figure not in FIGURES:
        raise LookupError(figure)
    found = leads_in(filters)
    return found if figure == "known" else found.filter(_conditions()[figure])


def teams(filters: Filters, sums: Known | None = None) -> Sequence[Part]:
    """By the team that has the seat of Sales. A CRM's number names no team."""
    if sums is not None:
        months = _months(filters.period)
        days = months[0].first, months[-1].after
        of_teams = sums.known("team", days, filters.source, filters.team)
        return [_part(key, row) for key, row in of_teams.items()]
    seat = Assignment.objects.filter(lead=OuterRef("pk"), department="sales", until=None)
    found = leads_in(filters).annotate(seat=seat.values("team__key")[:1])
    return [_part(row["seat"] or "", row) for row in grouped(found, "seat")]


def leads_in(filters: Filters) -> LeadQuerySet:
    """Every lead that the portal has of these months, merged ones once."""
    months = _months(filters.period)
    found = Lead.objects.filter(
        merged_into=None, received_at__gte=months[0].start, received_at__lt=months[-1].end
    )
    if filters.source:
        found = found.filter(source=filters.source)
    if filters.team:
        seats = Assignment.objects.filter(
            lead=OuterRef("pk"), department="sales", until=None, team__key=filters.team
        )
        found = found.filter(Exists(seats))
    return found


def _conditions() -> dict[str, Q]:
    """Seen: it came while the portal was used, or went live from an import."""
    live = Q(imported=False) | Q(Exists(Handoff.objects.filter(lead=OuterRef("pk"))))
    tried = Touch.objects.filter(
        lead=OuterRef("pk"), is_attempt=True, imported=False, undone_at=None
    )
    return {
        "seen": live,
        "outside": ~live,
        "elsewhere": live & Q(Exists(tried)) & ~Q(Exists(tried.filter(source=PORTAL))),
    }


def grouped(found: LeadQuerySet, by: str) -> Any:
    """How many of the leads each figure counts, by a field of theirs."""
    wanted = _conditions()
    return (
        found.order_by()
        .values(by)
        .annotate(
            known=Count("pk"),
            seen=Count("pk", filter=wanted["seen"]),
            elsewhere=Count("pk", filter=wanted["elsewhere"]),
        )
        .order_by("-known", by)
    )


def _sources(rows: Counts, said: Sequence[Any]) -> list[Part]:
    numbers: dict[str, int] = {}
    for one in said:
        if one.source:
            numbers[one.source] = numbers.get(one.source, 0) + one.number
    none = {"known": 0, "seen": 0, "elsewhere": 0}
    parts = [_part(key, rows.get(key, none), numbers.get(key)) for key in {**rows, **numbers}]
    return sorted(parts, key=lambda one: (-one.crm, one.key))


def _part(key: str, row: Mapping[str, int], said: int | None = None) -> Part:
    return Part(key, row["known"], row["seen"], row["elsewhere"], said)


def _whole(sources: Sequence[Part], said: Sequence[Any]) -> Part:
    """All of it: the sources together, or more where a number of all says so."""
    of_all = sum(one.number for one in said if not one.source)
    by_source = sum(one.crm for one in sources)
    return Part(
        "",
        sum(one.known for one in sources),
        sum(one.seen for one in sources),
        sum(one.elsewhere for one in sources),
        max(of_all, by_source),
    )


def _latest(rows: QuerySet[CrmCount]) -> list[CrmCount]:
    """What stands: of each source and month the latest."""
    latest = {(one.source, one.month): one for one in rows.select_related("by")}
    return sorted(latest.values(), key=lambda one: (one.month, one.source))


def _months(period: Period) -> list[Period]:
    """The months that a period touches, whole."""
    found = [Period.around(period.first, "month", period.zone)]
    while found[-1].last < period.last:
        found.append(found[-1].next)
    return found
