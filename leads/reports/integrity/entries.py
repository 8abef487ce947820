"""Questions about stage entries: waves, waivers, and one person who counts twice."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from leads.core.words.renamed import keys_of
from leads.models import StageEntry
from leads.reports.integrity.scope import Scope
from leads.reports.period import Period
from sla.core import durations
from sla.core.terms.parts import Commitment

LAST_DAYS = timedelta(days=2)
MANY = 20_000  # from which on it is quicker to read all than to name them


def entered(scope: Scope) -> QuerySet[StageEntry]:
    """Entries that stand and that no file claims, of leads that count."""
    return StageEntry.objects.filter(
        undone_at=None,
        imported=False,
        lead__merged_into=None,
        **scope.within("entered_at"),
    )


def waived(scope: Scope) -> QuerySet[StageEntry]:
    return entered(scope).filter(waived_by__isnull=False)


def committed(scope: Scope) -> QuerySet[StageEntry]:
    """Entries of the stages that a commitment counts."""
    return entered(scope).filter(stage__in=stages(scope))


def stages(scope: Scope) -> set[str]:
    """All that any commitment counts, and what they were called before."""
    return {key for one in _volumes(scope) for key in _keys(one, scope)}


def windows(scope: Scope) -> list[tuple[tuple[str, ...], datetime, datetime]]:
    """Of which stages, and from when until when, the last two days of a period are."""
    return [
        (_keys(one, scope), end - LAST_DAYS, end)
        for one in _volumes(scope)
        for end in _ends(one, scope)
    ]


def at_the_end(scope: Scope) -> QuerySet[StageEntry]:
    """Entries in the last two days of the period that their commitment counts."""
    asked = [
        Q(stage__in=names, entered_at__gte=start, entered_at__lt=end)
        for names, start, end in windows(scope)
    ]
    return entered(scope).filter(reduce(or_, asked)) if asked else StageEntry.objects.none()


def twice(scope: Scope) -> QuerySet[StageEntry]:
    """Another lead of the same name and company came to the same stage within the window in
    which a person counts once: perhaps the same person under another address."""
    found: list[int] = []
    for one in _volumes(scope):
        window = durations.elapsed(one.once_per) if one.once_per else timedelta(0)
        wide = replace(scope, start=scope.start - window)
        rows = entered(wide).filter(stage__in=_keys(one, scope)).exclude(lead__company=None)
        if some := _namesakes(rows):
            found += _again(rows.filter(pk__in=some) if len(some) < MANY else rows, window)
    return committed(scope).filter(pk__in=found)


def _namesakes(rows: QuerySet[StageEntry]) -> list[int]:
    """The entries of leads that share their name and company with another one: few of many,
    so that the instants of the others need not be read."""
    entries = list(
        rows.order_by().values_list("pk", "lead_id", "lead__company_id", "lead__name")
    )
    first: dict[tuple[int | None, str], int] = {}
    several: set[tuple[int | None, str]] = set()
    for _pk, lead, company, name in entries:
        person = (company, name.casefold().strip())
        if first.setdefault(person, lead) != lead:
            several.add(person)
    return [
        pk
        for pk, _lead, company, name in entries
        if several and (company, name.casefold().strip()) in several
    ]


def _again(rows: QuerySet[StageEntry], window: timedelta) -> Iterator[int]:
    """The later one of two that look alike."""
    last: dict[tuple[int | None, str], tuple[int, datetime]] = {}
    named = rows.order_by("entered_at", "pk").values_list(
        "pk", "lead_id", "lead__company_id", "lead__name", "entered_at"
    )
    for pk, lead, company, name, at in named:
        person = (company, name.casefold().strip())
        before = last.get(person)
        if before is not None and before[0] != lead and at - before[1] < window:
            yield pk
        last[person] = (lead, at)


def _volumes(scope: Scope) -> list[Commitment]:
    commitments = scope.version.parsed.commitments if scope.version else ()
    return [one for one in commitments if one.measure == "stage_entries" and one.stage]


def _keys(commitment: Commitment, scope: Scope) -> tuple[str, ...]:
    """Its stage, and what that was called before."""
    terms = scope.version.parsed if scope.version else None
    return keys_of(terms, commitment.stage or "")


def _ends(commitment: Commitment, scope: Scope) -> list[datetime]:
    """When the periods end whose last days touch the scope."""
    if scope.version is None:
        return []
    zone = ZoneInfo(scope.version.parsed.governance.zone)
    period = Period.around(scope.start.astimezone(zone).date(), commitment.period, zone)
    ends = []
    while period.end - LAST_DAYS < scope.end:
        ends.append(period.end)
        period = period.next
    return ends
