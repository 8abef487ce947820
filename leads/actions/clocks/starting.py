"""Where a clock starts. Everything that will ever decide it is fixed here."""

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, QuerySet

from leads.actions.links import lead_link
from leads.actions.sweeping import holding
from leads.core import rungs
from leads.models import Assignment, Clock, Contribution, Handoff
from portal import ledger, telemetry
from portal.accounts.models import Team, User
from portal.bulk.prepared import Prepared
from portal.bulk.single import write
from portal.notifications import outbox
from portal.reader.language import Phrase
from sla.core import durations, ladder
from sla.core.terms import Terms
from sla.core.terms.document import GIVEN
from sla.core.terms.parts import Obligation, Start
from sla.core.workingtime import WorkingCalendar

MICROSECOND = timedelta(microseconds=1)
UNOWNED_CHANNELS = ("in_app", "mail")


def start_for(
    handoff: Handoff,
    event: Start,
    at: datetime,
    *,
    only: Collection[str] = (),
    without: Collection[str] = (),
) -> list[Clock]:
    """Start every clock that the version starts with this event of the handoff's round.

    `only` and `without` name kinds: a lead that booked a meeting is not called six times.

    `at` is the instant of the event. `complete_package` starts only where parts of the
    package are missing. An inner step: the handoff is locked by the caller.
    """
    terms = handoff.version.parsed
    started = []
    for owed in terms.obligations_on(handoff.kind, event):
        if owed.kind == "complete_package" and not handoff.gaps:
            continue
        if owed.kind in without or (only and owed.kind not in only):
            continue
        for owner, team in _owing(handoff, owed):
            clock = start(
                obligation=owed, handoff=handoff, event_at=at, at=at, owner=owner, team=team
            )
            if clock is not None:
                started.append(clock)
    return started


def start(
    *,
    obligation: Obligation,
    handoff: Handoff | None = None,
    contribution: Contribution | None = None,
    event_at: datetime,
    at: datetime,
    owner: User | None,
    team: Team,
) -> Clock | None:
    """Start one clock of a handoff's current round, or of a contribution.

    Version, calendar, target, ladder and accountable department are pinned and all
    instants computed; nothing but a pause moves them. Returns None if the terms promise
    nothing for this kind of lead. Without an owner the team's steward is told. An inner step.
    Raises TimeInDoubt while the host's clock cannot be trusted.
    """
    subject = handoff or contribution
    if subject is None:
        raise TypeError("a clock needs a handoff or a contribution")
    terms, segment = subject.version.parsed, _segment(subject)
    within = terms.target_for(obligation, segment, _weekly_count(obligation, handoff))
    if within is None:
        return None
    holding.refuse_deadlines()
    key, calendar = _calendar(terms, obligation, subject, team)
    clock = Clock(
        lead=subject.lead, handoff=handoff, contribution=contribution, version=subject.version,
        obligation=obligation.key, kind=obligation.kind, segment=segment,
        round=handoff.round if handoff else 1,
        department_id=_accountable(obligation, team), team=team,
        owner=owner, owner_since=event_at, calendar=key, started_at=event_at,
        attempts_needed=obligation.attempts or 0,
    )  # fmt: skip
    _fix_instants(clock, terms, obligation, calendar, durations.working(within, calendar))
    write(clock)
    telemetry.wrote("clock", ("clock", clock.pk), kind=clock.kind)
    _record(clock, at)
    if owner is None:
        _tell_the_steward(clock, at)
    return clock


def _fix_instants(
    clock: Clock,
    terms: Terms,
    owed: Obligation,
    calendar: WorkingCalendar,
    target: timedelta,
) -> None:
    steps = terms.ladder(owed.ladder)
    instants = ladder.instants(steps, calendar, clock.started_at, target)
    clock.target = target // MICROSECOND
    clock.due_at = ladder.due(calendar, clock.started_at, target)
    clock.steps = rungs.rungs(steps, instants)
    clock.warn_at = rungs.first_warning(clock.steps)
    clock.next_step_at = rungs.instant(clock.steps[0]) if clock.steps else None


def _record(clock: Clock, at: datetime) -> None:
    ledger.append(
        ledger.Kind.CLOCK_STARTED,
        subject=("clock", clock.pk),
        lead=clock.lead_id,
        at=at,
        department=clock.department_id,
        team=clock.team.key,
        clear={
            "obligation": clock.obligation,
            "kind": clock.kind,
            "handoff": clock.handoff_id,
            "contribution": clock.contribution_id,
            "round": clock.round,
            "version": clock.version_id,
            "calendar": clock.calendar,
            "target": clock.target,
            "owner": clock.owner_id,
            "started_at": clock.started_at,
            "due_at": clock.due_at,
            "steps": {step["key"]: step["at"] for step in clock.steps},
        },
    )


def _segment(subject: Handoff | Contribution) -> str:
    return subject.segment if isinstance(subject, Handoff) else subject.lead.segment


def _accountable(owed: Obligation, team: Team) -> str:
    """What both owe stands with the department of the team that answers for it."""
    return team.department_id if owed.accountable == "both" else owed.accountable


def _weekly_count(owed: Obligation, handoff: Handoff | None) -> int:
    """How many handoffs of this kind the ISO week brought up to this one, itself included.

    The week begins in the zone of the agreement. Counted only if a target asks for it.
    """
    if handoff is None or not any(target.beyond for target in owed.targets):
        return 0
    zone = ZoneInfo(handoff.version.parsed.governance.zone)
    local = handoff.first_offered_at.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    monday = midnight - timedelta(days=local.weekday())
    agreement, at = handoff.version.agreement_id, handoff.first_offered_at
    before = _BEFORE_IN_WEEK.first(agreement, handoff.kind, monday, at, handoff.pk)
    return (before or 0) + 1


def _before(
    agreement: int, kind: str, monday: datetime, at: datetime, handoff: int
) -> "QuerySet[Handoff, int]":
    same_week = Handoff.objects.filter(
        version__agreement=agreement, kind=kind,
        first_offered_at__gte=monday, first_offered_at__lte=at,
    )  # fmt: skip
    counted = same_week.exclude(pk=handoff).order_by().values("kind").annotate(n=Count("pk"))
    return counted.values_list("n", flat=True)


_BEFORE_IN_WEEK = Prepared(_before, int, str, datetime, datetime, int)


def _calendar(
    terms: Terms, owed: Obligation, subject: Handoff | Contribution, team: Team
) -> tuple[str, WorkingCalendar]:
    """The calendar fixed in the terms, or that of a team; where the team names none that
    the terms define, the first of the terms."""
    key = owed.calendar.fixed
    if key is None and isinstance(subject, Handoff):
        side = owed.calendar.team
        key = (subject.giver_team if side == "giver" else subject.receiver_team).calendar
    elif key is None:
        key = team.calendar
    if key not in terms.calendars:
        key = next(iter(terms.calendars))
    return key, terms.calendar(key)


def _owing(handoff: Handoff, owed: Obligation) -> Iterator[tuple[User | None, Team]]:
    """Who owes it: the side of the accountable department; the receiver's manager for both;
    the seat on the lead where neither side is of that department."""
    if owed.accountable == "both":
        yield handoff.receiver_team.manager, handoff.receiver_team
        return
    giver, receiver = ("giver", handoff.giver_team), ("receiver", handoff.receiver_team)
    for side, team in (giver, receiver) if owed.kind in GIVEN else (receiver, giver):
        if team.department_id == owed.accountable:
            yield getattr(handoff, side), team
            return
    seat = Assignment.objects.select_related("member", "team").filter(
        lead=handoff.lead_id, department=owed.accountable, until=None
    )
    for assignment in seat:
        yield assignment.member, assignment.team


def _tell_the_steward(clock: Clock, at: datetime) -> None:
    """Once for each round, however many clocks it starts."""
    if clock.team.steward is None:
        return
    subject = f"handoff:{clock.handoff_id}" if clock.handoff_id else f"clock:{clock.pk}"
    outbox.tell(
        about=f"{subject}:{clock.round}:{clock.team_id}:unowned",
        to=[clock.team.steward],
        channels=UNOWNED_CHANNELS,
        title=Phrase("Nobody in %(team)s has %(lead)s yet")
        % {"team": clock.team, "lead": clock.lead},
        text=Phrase("Its clocks run. You are told because you are the steward."),
        link=lead_link(clock.lead_id),
        level="risk",
        at=at,
    )
