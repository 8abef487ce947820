"""Counts messages as people get them: a digest is one, whatever stands in it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from leads.models import Alert
from portal.accounts.models import Department, Team, User
from portal.notifications.models import Delivery
from portal.notifications.schedule import zone_of

HERE = Delivery.Channel.IN_APP.value
GROUPS = ("heads", "managers", "stewards", "members", "others")
ALERT = "alert:"
Counted = dict[str, Counter[tuple[int, date]]]


@dataclass(frozen=True)
class Group:
    """People of one kind. `here` counts what is read in the portal, `own` what left it about
    the reader's own promises, which stand on their desk too, `outside` everything else.

    `busiest` is the most of `outside` that one of them got on one day, `weekly` in one week;
    `busiest_own` the most of `own` on one day.
    """

    key: str
    people: int
    here: int
    own: int
    outside: int
    busiest_own: int
    busiest: int
    weekly: int


@dataclass(frozen=True)
class Noise:
    """Messages by group, and on how many days of a person so many came from outside their
    own desk."""

    groups: Sequence[Group]
    days: Mapping[int, int]

    @property
    def busiest(self) -> int:
        """The most for one person on one day, from outside their own desk."""
        return max(self.days, default=0)


def noise(since: datetime, until: datetime) -> Noise:
    """What people were told in [since, until); days are those of each reader's zone."""
    people = {one.pk: one for one in User.objects.active()}
    counted = _counted(people, since, until)
    kinds = _kinds(people.values())
    groups = [_group(key, {pk for pk in people if kinds[pk] == key}, counted) for key in GROUPS]
    return Noise([one for one in groups if one.people], Counter(counted["outside"].values()))


def _counted(people: Mapping[int, User], since: datetime, until: datetime) -> Counted:
    """Messages by person and day: read here, about one's own, from outside one's desk.

    A digest is from outside where anything in it is.
    """
    rows = Delivery.objects.filter(sent_at__gte=since, sent_at__lt=until, recipient__in=people)
    owners = _owners(rows)
    mine: dict[tuple[Any, ...], bool] = {}
    columns = ("recipient_id", "channel", "endpoint_id", "digest", "sent_at", "key", "about")
    for pk, channel, endpoint, digest, sent_at, key, about in rows.values_list(*columns):
        gathered = digest and channel != HERE
        message = (pk, channel, endpoint, digest, sent_at, "" if gathered else key)
        mine[message] = mine.get(message, True) and owners.get(about) == pk
    counted: Counted = {"here": Counter(), "own": Counter(), "outside": Counter()}
    for (pk, channel, _endpoint, _digest, sent_at, _key), own in mine.items():
        day = sent_at.astimezone(zone_of(people[pk].zone)).date()
        counted["here" if channel == HERE else "own" if own else "outside"][pk, day] += 1
    return counted


def _owners(rows: QuerySet[Delivery]) -> dict[str, int | None]:
    """Of each alert that was told, whose promise it is about."""
    told = rows.filter(about__startswith=ALERT).values_list("about", flat=True).distinct()
    ids = [int(about.removeprefix(ALERT)) for about in told]
    found = Alert.objects.filter(pk__in=ids).values_list("pk", "clock__owner_id")
    return {f"{ALERT}{pk}": owner for pk, owner in found}


def _kinds(people: Iterable[User]) -> dict[int, str]:
    """Each person's kind; who is several is the first of GROUPS."""
    heads = set(Department.objects.values_list("head", flat=True))
    teams = Team.objects.filter(archived_at=None).values_list("manager", "steward")
    managers, stewards = ({pair[n] for pair in teams} for n in (0, 1))
    named = {"heads": heads, "managers": managers, "stewards": stewards}
    return {
        one.pk: next(
            (key for key, found in named.items() if one.pk in found),
            "members" if one.team_id else "others",
        )
        for one in people
    }


def _group(key: str, mine: Set[int], counted: Counted) -> Group:
    here, own, outside = (
        [n for (pk, _day), n in counted[part].items() if pk in mine]
        for part in ("here", "own", "outside")
    )
    weeks: Counter[tuple[object, ...]] = Counter()
    for (pk, day), n in counted["outside"].items():
        if pk in mine:
            weeks[pk, *day.isocalendar()[:2]] += n
    return Group(
        key, len(mine), sum(here), sum(own), sum(outside), max(own, default=0),
        max(outside, default=0), max(weeks.values(), default=0),
    )  # fmt: skip
