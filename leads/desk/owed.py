"""Everything that waits for one person: their clocks, those they stand in for, the pool's."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from leads.core.words.stages import StageWords
from leads.desk.mine.filters import KINDS, Filter, state_is, state_of
from leads.models import Assignment, Clock, ClockPause, HandoffMove, Touch
from leads.models.clock import ClockQuerySet
from portal.accounts.models import Absence, User
from sla.core import workingtime

PAGE = 50
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Owed:
    """One subject with its open clocks, the soonest first, as of one instant.

    `left` is working time to the soonest due instant, negative when late; `used` the share
    of its target that has gone. A paused clock's time stands still.
    """

    clocks: Sequence[Clock]
    left: timedelta
    used: float
    at: datetime

    @property
    def first(self) -> Clock:
        return self.clocks[0]

    @property
    def state(self) -> str:
        """`late`, `risk`, `pause` or `ok`."""
        clock = self.first
        if clock.paused_at is not None:
            return "pause"
        if clock.due_at < self.at:
            return "late"
        at_risk = clock.warn_at is not None and clock.warn_at <= self.at
        return "risk" if at_risk else "ok"


@dataclass(frozen=True)
class Group:
    """So many open clocks that are alike. `heads` of them are the soonest of their subject,
    `firsts` the soonest of it among those that are filtered as one kind."""

    kind: str
    state: str
    stage: str
    team: str
    team_name: str
    source: str
    segment: str
    firsts: int
    heads: int


@dataclass(frozen=True)
class Numbers:
    """How much there is of what, over all pages; and what can be filtered by."""

    groups: Sequence[Group] = ()

    def of(self, asked: Filter, words: StageWords, **changes: str) -> int:
        """How many rows `asked` shows, with `changes` in it; what is looked for is left out."""
        wanted = replace(asked, **changes)
        fitting = [group for group in self.groups if _fits(group, wanted, words)]
        return sum(group.firsts if wanted.kind else group.heads for group in fitting)

    def known(self, name: str) -> list[str]:
        """The values there are of `stage`, `source` or `segment`."""
        return sorted({value for group in self.groups if (value := getattr(group, name))})

    @property
    def teams(self) -> dict[str, str]:
        """The teams there are, by key."""
        return dict(sorted({(group.team, group.team_name) for group in self.groups}))


def _fits(group: Group, asked: Filter, words: StageWords) -> bool:
    return (
        (not asked.kind or group.kind in KINDS[asked.kind])
        and (not asked.stage or group.stage in words.keys_of(asked.stage))
        and asked.state in ("", group.state)
        and asked.team in ("", group.team)
        and asked.source in ("", group.source)
        and asked.segment in ("", group.segment)
    )


def mine(user: User, at: datetime) -> ClockQuerySet:
    """Open clocks that `user` answers for at `at`.

    Their own; those of colleagues away who named them deputy; for a steward, those of the
    team that nobody owns; for the giving side's manager, disputes without their word.
    """
    stands_in = Absence.objects.covering(at).filter(user=OuterRef("owner"), deputy=user)
    pool = Q(owner=None, team__steward=user)
    dispute = Q(kind="decide", handoff__giver_team__manager=user) & ~Q(_spoken(user))
    return Clock.objects.unstopped().filter(Q(owner=user) | pool | dispute | Exists(stands_in))


def _spoken(user: User) -> Exists:
    """Whether `user` has said a word on the dispute of a clock, in its round."""
    words = HandoffMove.objects.filter(
        handoff=OuterRef("handoff"), round=OuterRef("round"), move="decide", undone_at=None
    )
    return Exists(words.filter(by=user))


def owed_by_the_other_side(user: User, at: datetime) -> ClockQuerySet:
    """Open clocks of the other department on leads where `user` has the seat."""
    seat = Assignment.objects.filter(lead=OuterRef("lead"), member=user, until=None)
    return (
        Clock.objects.unstopped()
        .exclude(department_id=user.department_id)
        .filter(Exists(seat))
        .select_related("lead", "owner", "team", "handoff", "contribution")
        .order_by("due_at", "pk")
    )


def numbers(clocks: ClockQuerySet, at: datetime) -> Numbers:
    """Counts of what `clocks` hold, in one query."""
    rows = (
        clocks.annotate(how=state_of(at), behind=Exists(_sooner(clocks)), twin=_twin(clocks))
        .order_by()
        .values_list(
            "kind", "how", "lead__stage", "team__key", "team__name", "lead__source",
            "lead__segment", "behind", "twin",
        )
        .annotate(n=Count("pk"))
    )  # fmt: skip
    return Numbers(
        [
            Group(
                kind,
                how,
                stage,
                team,
                name,
                source,
                segment,
                firsts=0 if twin else n,
                heads=0 if behind else n,
            )
            for kind, how, stage, team, name, source, segment, behind, twin, n in rows
        ]
    )


def soonest(clocks: ClockQuerySet) -> ClockQuerySet:
    """Of the clocks on one handoff only the soonest due; each contribution has one alone."""
    return clocks.filter(~Exists(_sooner(clocks)))


def _twin(clocks: ClockQuerySet) -> Case:
    """Whether an attempt is owed sooner on the same handoff; no other kind has two clocks."""
    attempts = Q(kind__in=KINDS["attempts"])
    sooner = Exists(_sooner(clocks.filter(attempts)))
    return Case(When(attempts, then=sooner), default=Value(False))


def _sooner(clocks: ClockQuerySet) -> ClockQuerySet:
    due = OuterRef("due_at")
    same = clocks.filter(handoff=OuterRef("handoff"))
    return same.filter(Q(due_at__lt=due) | Q(due_at=due, pk__lt=OuterRef("pk")))


def owed(
    user: User, at: datetime, asked: Filter, words: StageWords, after: str = ""
) -> tuple[list[Owed], str]:
    """A page of what `user` owes, soonest first, and the key of the next page, if any.

    Clocks of one handoff stand together.
    """
    only = state_is(asked.state, at) if asked.state else Q()
    return page(asked.narrow(mine(user, at), words), at, after, only)


def page(
    found: ClockQuerySet, at: datetime, after: str = "", only: Q | None = None
) -> tuple[list[Owed], str]:
    """PAGE subjects of the clocks from the key `after` on, and the key of the next page.

    `only`: subjects whose soonest clock is so.
    """
    first = soonest(found).filter(only or Q())
    heads = after_key(first, after).order_by("due_at", "pk")[: PAGE + 1]
    subjects = Q(handoff__in=heads.values("handoff")) | Q(pk__in=heads.values("pk"))
    clocks = list(with_context(found.filter(subjects)).order_by("due_at", "pk"))
    groups = together(clocks)
    rows = [measured(members, at) for members in groups[:PAGE]]
    return rows, key_of(rows[-1].first) if len(groups) > PAGE else ""


def key_of(clock: Clock) -> str:
    """Where a clock stands in the order of due instants."""
    return f"{(clock.due_at - EPOCH) // MICROSECOND}-{clock.pk}"


def after_key(clocks: ClockQuerySet, key: str) -> ClockQuerySet:
    """The clocks that come after a key; a strange key: all."""
    due, dash, pk = key.partition("-")
    if not (dash and due.isdecimal() and pk.isdecimal() and len(due) <= 16 and len(pk) <= 18):
        return clocks
    at = EPOCH + int(due) * MICROSECOND
    # The first bound leads into the index; an OR alone would read all that came before.
    return clocks.filter(due_at__gte=at).filter(Q(due_at__gt=at) | Q(pk__gt=int(pk)))


def together(clocks: Iterable[Clock]) -> list[list[Clock]]:
    """Clocks by their subject, in the order in which each subject comes first."""
    subjects: dict[tuple[str, int], list[Clock]] = {}
    for clock in clocks:
        key = (
            ("handoff", clock.handoff_id)
            if clock.handoff_id
            else ("contribution", clock.contribution_id or 0)
        )
        subjects.setdefault(key, []).append(clock)
    return list(subjects.values())


def measured(clocks: Sequence[Clock], at: datetime) -> Owed:
    """The clocks of one subject with the working time that is left on the soonest."""
    clock = clocks[0]
    left = time_left(clock, at)
    used = 1 - left / clock.target_time if clock.target else 1.0
    return Owed(clocks, left, used, at)


def time_left(clock: Clock, at: datetime) -> timedelta:
    """Working time from `at` (or from the pause under way) to the due instant."""
    calendar = clock.version.parsed.calendar(clock.calendar)
    return workingtime.between(calendar, clock.paused_at or at, clock.due_at)


def with_context(clocks: ClockQuerySet) -> ClockQuerySet:
    """The clocks with all that a row of a desk shows, in one query.

    Of their versions the text is left out: it is read once in a process.
    """
    gaps = Clock.objects.unstopped().filter(
        kind="complete_package", handoff=OuterRef("handoff")
    )
    touches = Touch.objects.filter(lead=OuterRef("lead"), undone_at=None)
    last = touches.order_by("-occurred_at", "-pk")
    pause = ClockPause.objects.filter(clock=OuterRef("pk"), resumed_at=None)
    seen = clocks.annotate(
        lacks=Exists(gaps),
        marketing_seat=_seat("marketing"),
        sales_seat=_seat("sales"),
        last_kind=Subquery(last.values("kind")[:1]),
        last_subject=Subquery(last.values("subject")[:1]),
        last_at=Subquery(last.values("occurred_at")[:1]),
        pause_ends=Subquery(pause.values("ends_by")[:1]),
        disputed_by=_disputed_by(),
    )
    joined = seen.select_related(
        "lead__company", "handoff", "contribution", "owner", "team", "version"
    )
    return joined.defer("version__terms", "version__backtest")


def _disputed_by() -> Case:
    """Who disputes the return that a clock waits to be decided; looked up for those alone."""
    disputes = HandoffMove.objects.filter(
        handoff=OuterRef("handoff"), round=OuterRef("round"), move="dispute", undone_at=None
    )
    names = disputes.order_by("-pk").values("by__name")[:1]
    return Case(When(kind="decide", then=Subquery(names)))


def _seat(department: str) -> Subquery:
    """Who has a department's seat on the lead of a clock: a name, or the pool's."""
    seats = Assignment.objects.filter(lead=OuterRef("lead"), until=None, department=department)
    name = Coalesce(F("member__name"), F("team__name"), output_field=CharField())
    return Subquery(seats.values_list(name)[:1])
