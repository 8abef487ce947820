"""A big batch does not land on one morning: so many a person and day, the rest wait held."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leads.actions.journeys import agreements, journey
from leads.actions.owning import pools, routing
from leads.actions.sweeping import timers
from leads.models import Lead, Timer
from portal import ledger
from portal.accounts.models import Absence, Team, User
from sla.core import workingtime
from sla.core.workingtime import WorkingCalendar

FAR = 60
"""Days ahead at most; who has no room by then is released on the last of them."""


def stagger(leads: Sequence[Lead], at: datetime) -> list[Lead]:
    """Those of the locked, held `leads` that are released now, in their order; the others
    get a morning of their own: an inner step.

    A team whose rules name no release takes all at once. Its days are those of its
    calendar; what was spread over them before counts, and who is away that day takes none.
    """
    days: dict[int, _Days] = {}
    planned = Timer.objects.to_come().filter(kind=Timer.Kind.RELEASE, lead__in=leads)
    waits = set(planned.values_list("lead_id", flat=True))
    now = []
    for lead in leads:
        if lead.pk in waits:
            continue
        team, _why = routing.sales_team(lead, at)
        per_person = pools.rules_of(team).per_person
        if per_person is None:
            now.append(lead)
            continue
        if team.pk not in days:
            days[team.pk] = _Days(team, routing.calendar_of(team, lead, at), per_person, at)
        morning = days[team.pk].next()
        if morning is None:
            now.append(lead)
            continue
        timers.set_timer(Timer.Kind.RELEASE, at=morning, lead=lead, note=team.key)
        ledger.append(
            "release_planned", at=at, subject=("lead", lead.pk), lead=lead.pk, team=team.key,
            clear={"on": morning},
        )  # fmt: skip
    return now


def release(timer: Timer, at: datetime) -> None:
    """The sweep's step: a lead of a batch lives from now on, if it still waits."""
    lead = timer.lead
    if not lead.held or lead.closed_at is not None or lead.merged_into_id is not None:
        return
    lead.held = False
    lead._history_date = at  # type: ignore[attr-defined]  # read by simple-history
    lead.save(update_fields=["held"])
    ledger.append("went_live", at=at, subject=("lead", lead.pk), clear={"since": timer.at})
    agreements.choose(lead, at)
    journey.advance(lead, at)


class _Days:
    """How much room a team has, day by day: today first, then each day that opens."""

    def __init__(
        self, team: Team, calendar: WorkingCalendar | None, per_person: int, at: datetime
    ) -> None:
        self.team, self.calendar, self.per_person, self.at = team, calendar, per_person, at
        self.zone = ZoneInfo(calendar.zone if calendar else "UTC")
        self.taken = _taken(team, self.zone, at)
        self.mornings: list[datetime | None] = [None, *self._mornings()]
        self.place = 0

    def next(self) -> datetime | None:
        """The morning of the next lead; None: now."""
        while self.place < len(self.mornings) - 1 and not self._has_room(self.place):
            self.place += 1
        morning = self.mornings[self.place]
        self.taken[self._day(morning)] += 1
        return morning

    def _has_room(self, place: int) -> bool:
        morning = self.mornings[place]
        room = self.per_person * _present(self.team, morning or self.at)
        return self.taken[self._day(morning)] < room

    def _day(self, morning: datetime | None) -> str:
        return f"{(morning or self.at).astimezone(self.zone):%Y-%m-%d}"

    def _mornings(self) -> list[datetime]:
        found: list[datetime] = []
        day = self.at.astimezone(self.zone).date()
        for ahead in range(1, FAR):
            midnight = datetime.combine(day + timedelta(days=ahead), time(), self.zone)
            opens = (
                workingtime.next_open(self.calendar, midnight) if self.calendar else midnight
            )
            if opens.astimezone(self.zone).date() == midnight.date():
                found.append(opens.astimezone(UTC))
        return found


def _taken(team: Team, zone: ZoneInfo, at: datetime) -> Counter[str]:
    """How many leads of batches each day has already, today's included."""
    since = at - timedelta(days=1)
    rows = Timer.objects.filter(
        kind=Timer.Kind.RELEASE, note=team.key, cancelled_at=None, at__gte=since
    )
    days = Counter(
        f"{one.astimezone(zone):%Y-%m-%d}" for one in rows.values_list("at", flat=True)
    )
    live = _offered_today(team, zone, at)
    days[f"{at.astimezone(zone):%Y-%m-%d}"] += live
    return days


def _offered_today(team: Team, zone: ZoneInfo, at: datetime) -> int:
    """Imported leads that were offered to the team today, however they came to live."""
    midnight = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return team.received.filter(lead__imported=True, first_offered_at__gte=midnight).count()


def _present(team: Team, at: datetime) -> int:
    """Who takes turns and is not away then."""
    members = User.objects.active().filter(team=team, weight__gt=0)
    away = Absence.objects.covering(at).filter(user__in=members).values("user")
    return members.exclude(pk__in=away).count()
