"""The parts of the terms as typed values, frozen. Each mirrors an object of the schema.

Durations stay as they were written (`Duration`); whether their days are working days of a
calendar or days of 24 hours is said with each field.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sla.core.criteria.nodes import Node
from sla.core.durations import Duration

Department = Literal["marketing", "sales"]
Party = Literal["marketing", "sales", "both"]
Kind = Literal[
    "accept",
    "first_attempt",
    "cadence",
    "disposition",
    "answer",
    "complete_package",
    "decide",
    "contribution",
]
Start = Literal["offer", "acceptance", "return", "dispute", "request"]
Period = Literal["week", "month", "quarter"]
Channel = Literal["in_app", "mail", "slack", "teams", "webhook"]
Role = Literal["acting_owner", "other_owner", "manager", "steward", "heads"]
Often = Literal["hourly", "daily", "weekly"]
Hours = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """A clause for people; it decides nothing."""

    key: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """A working calendar as it was agreed; `Terms.calendar` makes it count."""

    key: str
    name: str
    zone: str
    weekly: Mapping[str, Hours]
    closed: tuple[date, ...]
    closed_names: Mapping[date, str]
    special: Mapping[date, Hours]
    breaks: Mapping[date, Hours]
    day: timedelta
    valid_through: date | None
    tz_version: str

    @property
    def days_a_week(self) -> int:
        """How many weekdays open: what a week of working time is made of."""
        return sum(1 for hours in self.weekly.values() if hours)


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage of the journey. `acts` says which department acts in it; both own the lead."""

    key: str
    name: str
    legacy: str | None
    definition: str
    criteria: Node | None
    marketing: str
    sales: str
    acts: Department
    replaces: tuple[str, ...]

    def contribution_of(self, department: Department) -> str:
        return self.marketing if department == "marketing" else self.sales


@dataclass(frozen=True, slots=True)
class Side:
    """Giver or receiver of a handoff: a department, or one team of it."""

    department: Department
    team: str | None


@dataclass(frozen=True, slots=True)
class Handoff:
    """A kind of handoff. `expires_after` is working time on the receiver's calendar."""

    key: str
    name: str
    from_stage: str
    to_stage: str
    giver: Side
    receiver: Side
    offer: Literal["automatic", "by_giver"]
    package: tuple[str, ...]
    expires_after: Duration | None


@dataclass(frozen=True, slots=True)
class Beyond:
    """Reciprocity: the target once the week has brought more than `weekly`."""

    weekly: int
    within: Duration


@dataclass(frozen=True, slots=True)
class Target:
    """How fast, in working time, for one kind of lead (`segment`), or for any."""

    segment: str | None
    within: Duration
    beyond: Beyond | None

    def fits(self, segment: str | None) -> bool:
        return self.segment is None or self.segment == segment


@dataclass(frozen=True, slots=True)
class Pause:
    """A listed reason to stop a clock: at most `times`, `cap` of working time each."""

    reason: str
    name: str
    cap: Duration
    times: int


@dataclass(frozen=True, slots=True)
class ClockCalendar:
    """A calendar of the terms by key, or that of the giver's or receiver's team."""

    fixed: str | None
    team: Literal["giver", "receiver"] | None


@dataclass(frozen=True, slots=True)
class Obligation:
    """One promise with a clock. `handoff` None: on every kind of handoff."""

    key: str
    kind: Kind
    handoff: str | None
    accountable: Party
    name: str
    starts: Start
    targets: tuple[Target, ...]
    calendar: ClockCalendar
    pauses: tuple[Pause, ...]
    attainment: int | None
    ladder: str
    attempts: int | None
    default: Literal["counts", "does_not_count"] | None
    materials: tuple[str, ...]
    from_stage: str | None

    def target_for(self, segment: str | None, weekly_count: int = 0) -> Duration | None:
        """Return the target of the first row that fits; None if no row does.

        `weekly_count` is how many of these clocks the week has started, this one included;
        the second target holds from the one after `weekly` on.
        """
        for target in self.targets:
            if target.fits(segment):
                beyond = target.beyond
                over = beyond is not None and weekly_count > beyond.weekly
                return beyond.within if beyond and over else target.within
        return None

    def pause(self, reason: str) -> Pause | None:
        return next((pause for pause in self.pauses if pause.reason == reason), None)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody named by mail address in a ladder."""

    person: str


@dataclass(frozen=True, slots=True)
class Telling:
    """Whom to tell, through what, and who gets it gathered (`digest`) instead of at once."""

    whom: tuple[Role | Person, ...]
    channels: tuple[Channel, ...]
    digest: Mapping[Role, Often]


@dataclass(frozen=True, slots=True)
class LadderStep:
    """A step at `percent` of the target, or `after` the due instant; one of them is set."""

    key: str
    percent: int | None
    after: Duration | None
    telling: Telling


@dataclass(frozen=True, slots=True)
class TrustedSource:
    """A system whose own times count for `kinds`, if they arrive within `max_lag` (elapsed)."""

    source: str
    kinds: tuple[str, ...]
    max_lag: Duration


@dataclass(frozen=True, slots=True)
class Behind:
    """Whom to tell when a volume falls below a percentage of its pace."""

    below: int
    telling: Telling


@dataclass(frozen=True, slots=True)
class Commitment:
    """A volume per period: a `count`, or the `percent` of an obligation that is kept.

    `once_per` (elapsed) is the window in which a person counts once.
    """

    key: str
    department: Department
    name: str
    measure: Literal["stage_entries", "obligation_kept", "content"]
    stage: str | None
    obligation: str | None
    period: Period
    count: int | None
    percent: int | None
    once_per: Duration | None
    behind: Behind | None


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A conversion to expect `within` elapsed time; no verdict until it is confirmed."""

    key: str
    from_stage: str
    to_stage: str
    within: Duration
    segment: str | None
    source: str | None
    percent: int
    confirmed: bool


@dataclass(frozen=True, slots=True)
class ReturnReason:
    """Why a lead may be given back, and the criterion by key that this disputes."""

    key: str
    name: str
    example: str
    disputes: str | None
    after_cadence: bool


@dataclass(frozen=True, slots=True)
class Governance:
    """How the agreement itself is kept. `cure_period` is elapsed; periods begin in `zone`."""

    review_on: date
    outage_excuses: bool
    review_breaches: Literal["past_last_step", "all", "none"]
    cure_period: Duration | None
    seals: Period
    passkey_required: bool
    zone: str
    signed_by: Mapping[Department, Literal["head", "signatory"]]

    def only_head_signs(self, department: str) -> bool:
        """Whether nobody but its head may sign for a department."""
        return (department, "head") in self.signed_by.items()
