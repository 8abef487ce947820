"""By which ways a notice reaches a person: the agreement's, as far as the person's own
choices leave them, and as far as there is somewhere to send to.

A notice of level `late` to anybody but the one whose own promise it is (an escalation) goes
at once and as the agreement says: nobody's choices hold it back.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.models import User
from portal.notifications import schedule
from portal.notifications.models import Connection, Delivery, Endpoint, Level, Preference
from portal.reader.language import Phrase

HERE, MAIL = Delivery.Channel.IN_APP.value, Delivery.Channel.MAIL.value
PLAIN = frozenset({HERE, MAIL})  # need no endpoint
SLOWEST = ("", "hourly", "daily", "weekly", "catch_up")


@dataclass(frozen=True)
class Notice:
    """One thing told to some people through some channels; see `telling.tell`.

    `owner_id`: the one whose own promise it is about, for whom it is no escalation.
    """

    about: str
    to: tuple[User, ...]
    channels: tuple[str, ...]
    title: str | Phrase
    text: str | Phrase = ""
    link: str = ""
    level: str = "info"
    digest: str = ""
    owner_id: int | None = None

    def is_escalation(self, user: User) -> bool:
        return self.level == Level.LATE and user.pk != self.owner_id


@dataclass(frozen=True)
class Way:
    """A row to be written: the channel, where to, how it is gathered, when it leaves."""

    channel: str
    endpoint_id: int | None = None
    digest: str = ""
    next_at: datetime | None = None


class Reach:
    """Everybody's choices and connections, and all endpoints, read once for many notices."""

    def __init__(self, notices: Sequence[Notice]) -> None:
        people = {user.pk for notice in notices for user in notice.to}
        outside = any(set(notice.channels) - {HERE} for notice in notices)
        choices = Preference.objects.filter(user__in=people) if outside else ()
        self.choices = {choice.user_id: choice for choice in choices}
        named = {channel for notice in notices for channel in notice.channels}
        for choice in self.choices.values():
            named |= {one for level in Level.values for one in choice.channels(level) or ()}
        chat = bool(named & set(Delivery.Channel.values) - PLAIN)
        self.endpoints = list(Endpoint.objects.enabled()) if chat else []
        self.connected = _connected(people) if chat else set()
        self._known: dict[tuple[object, ...], list[Way]] = {}

    def ways(self, notice: Notice, user: User, at: datetime) -> list[Way]:
        """How one person is told; never nothing, unless the notice names no channel.

        The same for all notices that press alike, and found out once for those.
        """
        escalates = notice.is_escalation(user)
        alike = (tuple(notice.channels), notice.level, notice.digest, escalates, user.pk, at)
        if alike not in self._known:
            self._known[alike] = self._ways(notice, user, at)
        return self._known[alike]

    def _ways(self, notice: Notice, user: User, at: datetime) -> list[Way]:
        named = [one for one in dict.fromkeys(notice.channels) if one in Delivery.Channel]
        outside = [one for one in named if one != HERE]
        choice = None if notice.is_escalation(user) else self.choices.get(user.pk)
        ways = [Way(HERE, digest=notice.digest)] if HERE in named else []
        for channel in outside:
            ways += self._shared(channel, notice, user, at)
        mine = [one for one in outside if self._is_own(one, user)]
        for channel in self._chosen(choice, notice.level, mine, user):
            ways.append(self._own(channel, notice, user, choice, at))
        if not ways and named:
            ways.append(Way(HERE, digest=notice.digest))
            if not mine:  # and nobody chose to be told here alone
                ways.append(self._own(MAIL, notice, user, choice, at))
        return ways

    def _is_own(self, channel: str, user: User) -> bool:
        """Whether a channel ends at this person alone: their mail, their direct messages."""
        endpoint = None if channel == MAIL else self.endpoint(channel, user)
        return channel == MAIL or (endpoint is not None and endpoint.is_personal)

    def _chosen(
        self, choice: Preference | None, level: str, mine: list[str], user: User
    ) -> list[str]:
        """A person chooses among their own channels wherever the agreement names one."""
        chosen = choice.channels(level) if choice is not None else None
        if chosen is None or not mine:
            return mine
        reached = [one for one in chosen if self._is_own(one, user)]
        return mine if chosen and not reached else reached

    def _own(
        self, channel: str, notice: Notice, user: User, choice: Preference | None, at: datetime
    ) -> Way:
        digest, leaves = _when(notice, user, choice, at)
        endpoint = None if channel == MAIL else self.endpoint(channel, user)
        return Way(channel, endpoint.pk if endpoint else None, digest, leaves)

    def _shared(self, channel: str, notice: Notice, user: User, at: datetime) -> Iterator[Way]:
        """What others read too is as the agreement says; nobody times it for the rest."""
        leaves = schedule.leaves_at(notice.digest, user.zone, at)
        for endpoint in self._shared_endpoints(channel, user):
            yield Way(channel, endpoint.pk, notice.digest, leaves)

    def _shared_endpoints(self, channel: str, user: User) -> list[Endpoint]:
        """Of chats the nearest one; of systems every one that serves the person, as none of
        them knows what another was told."""
        if channel == Delivery.Channel.WEBHOOK:
            return [
                one for one in self.endpoints if one.channel == channel and one.serves(user)
            ]
        endpoint = None if channel == MAIL else self.endpoint(channel, user)
        return [] if endpoint is None or endpoint.is_personal else [endpoint]

    def endpoint(self, channel: str, user: User) -> Endpoint | None:
        """The nearest endpoint that serves the person: their own, their team's, department's,
        the company's; of several alike the oldest."""
        mine = [one for one in self.endpoints if one.channel == channel and one.serves(user)]
        personal = [
            one for one in mine if one.is_personal and (user.pk, one.pk) in self.connected
        ]
        shared = [one for one in mine if not one.is_personal]
        return max(personal or shared, key=lambda one: (one.narrowness, -one.pk), default=None)


def _connected(people: Iterable[int]) -> set[tuple[int, int]]:
    rows = Connection.objects.filter(user__in=people)
    return set(rows.values_list("user_id", "endpoint_id"))


def _when(
    notice: Notice, user: User, choice: Preference | None, at: datetime
) -> tuple[str, datetime]:
    """How it is gathered and when it leaves: the slower of two wishes, and not in the quiet
    hours of the person."""
    digest = notice.digest
    if choice is not None:
        digest = max(digest, choice.digest(notice.level), key=SLOWEST.index)
    leaves = schedule.leaves_at(digest, user.zone, at)
    if choice is not None and choice.quiet_from and choice.quiet_until:
        quiet = (choice.quiet_from, choice.quiet_until)
        leaves = schedule.after_quiet(leaves, quiet, user.zone)
    return digest, leaves
