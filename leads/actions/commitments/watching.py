"""Periods of commitments in time: when each begins, is looked at, and is followed by the next.

The rows say when; the sweep that raises alerts does these too, each in one transaction of
its own. What is seen at a look is what was there at that instant, however late the sweep.
"""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from leads.actions.commitments import telling
from leads.core.watching import pace as core
from leads.core.watching.pace import Standing
from leads.models import Pace, PaceAlert
from leads.reports.period import Period
from leads.reports.volume import standing
from portal import ledger, timed
from portal.bulk.prepared import Prepared
from sla.core.terms import Commitment, Terms
from sla.models import Agreement, Version


def begin(version: Version, at: datetime) -> None:
    """Watch the commitments of a version that was just signed: an inner step of signing.

    From the first period that begins when it is in force: what began before is judged by
    the version before, or by none.
    """
    terms = version.parsed
    since = version.effective_from or at
    for commitment in _watched(terms):
        period = _period(commitment, terms, since)
        if period.start < since:
            period = period.next
        _watch(version.agreement_id, commitment, period)


@ledger.recorded
def watch_all(*, at: datetime) -> int:
    """Watch what the versions in force promise and no row watches: after an upgrade, or when
    somebody deleted a row. Return how many that was; what is overdue is found late."""
    missing = 0
    for agreement in Agreement.objects.order_by("pk"):
        version = Version.objects.in_force(agreement.pk, at)
        watched = set(
            Pace.objects.filter(agreement=agreement, ends_at__gt=at).values_list(
                "commitment", flat=True
            )
        )
        for commitment in _watched(version.parsed) if version is not None else ():
            if commitment.key not in watched and version is not None:
                _watch(agreement.pk, commitment, _owed(version, commitment, at))
                missing += 1
    return missing


def _owed(version: Version, commitment: Commitment, at: datetime) -> Period:
    """The period of `at`, if a version promised the same when it began, else the next."""
    period = _period(commitment, version.parsed, at)
    before = Version.objects.in_force(version.agreement_id, period.start)
    return period if _agreed(before, commitment.key) is not None else period.next


def next_instant() -> datetime | None:
    """When a pace is looked at next; in the past while one waits to be swept."""
    return _FIRST.first()


def _first() -> "QuerySet[Pace, datetime | None]":
    return Pace.objects.to_come().order_by("at").values_list("at", flat=True)[:1]


_FIRST = Prepared(_first)  # asked once a second


def fire_due(*, at: datetime, limit: int) -> tuple[int, int]:
    """Look at what is due by `at`, soonest first; return how many were, and how many failed.

    A period that another sweep looks at is left to it. One that fails is tried again five
    minutes later.
    """
    due = [(pk, pk) for pk in Pace.objects.due(at).values_list("pk", flat=True)[:limit]]
    return timed.fire_each(Pace.objects.all(), due, _fire, at)


def look_through(until: datetime) -> Iterator[datetime]:
    """Let simulated time pass: look at each pace when it is due before `until`, in order."""
    while (due := next_instant()) is not None and due < until:
        fire_due(at=due, limit=100)
        yield due


def _fire(pace_id: int, _same: int, at: datetime) -> bool:
    with ledger.recording(at=at):
        rows = Pace.objects.due(at).select_for_update(
            skip_locked=True, no_key=True, of=("self",)
        )
        pace = rows.filter(pk=pace_id).first()
        if pace is None or pace.at is None:
            return False
        look = pace.at
        version = Version.objects.in_force(pace.agreement_id, pace.begins_at)
        commitment = _agreed(version, pace.commitment)
        if version is not None and commitment is not None:
            _judge(pace, version, commitment, look, at)
        pace.at = _next_look(pace, version, look)
        pace.error = ""
        pace.save(update_fields=["at", "error"])
        if look >= pace.ends_at:
            _follow(pace)
        return True


def _judge(
    pace: Pace, version: Version, commitment: Commitment, look: datetime, at: datetime
) -> None:
    """Raise the one alert of the period, if it is behind and was not told yet."""
    if pace.alerts.filter(step=PaceAlert.BEHIND).exists():
        return
    seen = standing(version, commitment, pace.begins_at, pace.ends_at, look)
    if seen.is_behind:
        _raise(pace, version, commitment, seen, look, at)


def _raise(
    pace: Pace,
    version: Version,
    commitment: Commitment,
    seen: Standing,
    look: datetime,
    at: datetime,
) -> None:
    alert = PaceAlert.objects.create(
        pace=pace, version=version, due_at=look, raised_at=at,
        found_late=at - look > telling.FOUND_LATE,
        done=seen.done, wanted=seen.wanted, agreed=seen.agreed,
    )  # fmt: skip
    told = telling.tell(alert, commitment, at)
    ledger.append(
        ledger.Kind.PACE_BEHIND,
        subject=("pace_alert", alert.pk),
        at=at,
        department=commitment.department,
        clear={
            "agreement": pace.agreement_id,
            "commitment": pace.commitment,
            "version": version.pk,
            "begins_at": pace.begins_at,
            "step": alert.step,
            "due_at": look,
            "done": seen.done,
            "wanted": seen.wanted,
            "agreed": seen.agreed,
            "told": told,
        },
    )


def _next_look(pace: Pace, version: Version | None, look: datetime) -> datetime | None:
    """The next look; only the end once it was told, or where nothing is agreed any more."""
    if look >= pace.ends_at:
        return None
    if version is None or pace.alerts.exists():
        return pace.ends_at
    zone = ZoneInfo(version.parsed.governance.zone)
    return next((one for one in _looks(pace, zone) if one > look), pace.ends_at)


def _looks(pace: Pace, zone: ZoneInfo) -> Iterator[datetime]:
    first = pace.begins_at.astimezone(zone).date()
    after = pace.ends_at.astimezone(zone).date()
    for day in core.look_days(first, after):
        yield Period("week", day, zone).start


def _follow(pace: Pace) -> None:
    """The next period, as the version in force at its beginning has it; none without one."""
    version = Version.objects.in_force(pace.agreement_id, pace.ends_at)
    commitment = _agreed(version, pace.commitment)
    if version is None or commitment is None:
        return
    period = _period(commitment, version.parsed, pace.ends_at)
    if period.start < pace.ends_at:
        period = period.next
    _watch(pace.agreement_id, commitment, period)


def _watch(agreement_id: int, commitment: Commitment, period: Period) -> None:
    first = next(core.look_days(period.first, period.after))
    Pace.objects.get_or_create(
        agreement_id=agreement_id,
        commitment=commitment.key,
        begins_at=period.start,
        defaults={
            "period": period.length,
            "ends_at": period.end,
            "at": Period("week", first, period.zone).start,
        },
    )


def _period(commitment: Commitment, terms: Terms, at: datetime) -> Period:
    zone = ZoneInfo(terms.governance.zone)
    return Period.around(at.astimezone(zone).date(), commitment.period, zone)


def _agreed(version: Version | None, key: str) -> Commitment | None:
    found = _watched(version.parsed) if version is not None else ()
    return next((one for one in found if one.key == key), None)


def _watched(terms: Terms) -> Iterator[Commitment]:
    """The commitments that somebody is told of when they fall behind."""
    for one in terms.commitments:
        if one.behind is not None:
            yield one
