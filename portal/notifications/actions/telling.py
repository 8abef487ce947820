"""Rows written with their cause: they stand or fall with the transaction of what they tell."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import uuid4

from portal import bulk, telemetry
from portal.accounts.models import Department, Role, User
from portal.notifications import schedule
from portal.notifications.actions.reach import HERE, Notice, Reach
from portal.notifications.messages import one_line
from portal.notifications.models import Delivery
from portal.reader import language
from portal.reader.language import Phrase

TITLE, LINK = 200, 200  # characters
SENT, PENDING = Delivery.State.SENT.value, Delivery.State.PENDING.value
COLUMNS = (
    "key", "about", "recipient_id", "channel", "endpoint_id", "digest", "level", "title",
    "text", "link", "state", "created_at", "next_at", "attempts", "sent_at", "last_error",
)  # fmt: skip


def tell(
    *,
    about: str,
    to: Iterable[User],
    channels: Iterable[str],
    title: str | Phrase,
    text: str | Phrase = "",
    link: str = "",
    at: datetime,
    level: str = "info",
    digest: str = "",
) -> int:
    """Tell active people something, inside the caller's transaction; return the rows.

    `about` names the cause ("version:3:proposed"); the same cause is told to a person by a
    channel once. A channel that leads nowhere for somebody is left out, and where nothing
    remains they get it in the portal and by mail. In-app rows are there at once; others
    leave with the next delivery, or gathered as `digest` says. `link` is a path of the
    portal. Titles are cut to one line of 200 characters; a
    Phrase is worded for each in their own language.
    """
    notice = Notice(about, tuple(to), tuple(channels), title, text, link, level, digest)
    return tell_all([notice], at=at)


def tell_all(notices: Iterable[Notice], *, at: datetime, first: bool = False) -> int:
    """`tell` for many at once, in one statement.

    `first`: nobody can have been told of these causes, as they began in this transaction.
    """
    notices = list(notices)
    reach = Reach(notices)
    rows = [row for notice in notices for row in _rows(notice, reach, at)]
    (bulk.append if first else bulk.insert)(Delivery, COLUMNS, rows)
    if telemetry.kept_by() is not None:
        _trace(rows)
    return len(rows)


def _trace(rows: Iterable[tuple[Any, ...]]) -> None:
    """Each message that is to leave has a trace of its own, which says what it is about."""
    for row in rows:
        said = dict(zip(COLUMNS, row, strict=True))
        if said["state"] == PENDING:
            kind, _colon, number = said["about"].partition(":")
            cause = (kind, number) if kind == "alert" else None
            telemetry.wrote(
                "message", ("message", said["key"]), cause=cause, channel=said["channel"]
            )


def _rows(notice: Notice, reach: Reach, at: datetime) -> Iterator[tuple[Any, ...]]:
    """What is told to each person by each way, in the order of COLUMNS."""
    link, worded = notice.link[:LINK], dict[str, tuple[str, str]]()
    for user in dict.fromkeys(notice.to):
        if not user.is_active:
            continue
        spoken = language.of(user)
        if spoken not in worded:
            worded[spoken] = _worded(notice, user)
        said = (notice.level, *worded[spoken], link)
        for way in reach.ways(notice, user, at):
            here = way.channel == HERE
            state, sent, leaves = (SENT, at, None) if here else (PENDING, None, way.next_at)
            whither = (user.pk, way.channel, way.endpoint_id, way.digest)
            yield uuid4(), notice.about, *whither, *said, state, at, leaves, 0, sent, ""


def _worded(notice: Notice, user: User) -> tuple[str, str]:
    """Title and text as this person is spoken to."""
    with language.spoken_to(user):
        return one_line(str(notice.title))[:TITLE], str(notice.text)


def plain_row(notice: Notice, user: User, channel: str, at: datetime) -> Delivery:
    """A row of a channel that needs no endpoint, without anybody's choices."""
    here = channel == HERE
    title, text = _worded(notice, user)
    return bulk.made(
        Delivery,
        about=notice.about,
        recipient=user,
        channel=channel,
        digest=notice.digest,
        level=notice.level,
        title=title,
        text=text,
        link=notice.link[:LINK],
        created_at=at,
        state=SENT if here else PENDING,
        sent_at=at if here else None,
        next_at=None if here else schedule.leaves_at(notice.digest, user.zone, at),
    )


def mark_read(*, user_id: int, at: datetime) -> int:
    """One person has seen everything the bell rang for; return how many rows that was."""
    return Delivery.objects.to(user_id).unread().update(read_at=at)


def operators() -> list[User]:
    """Who looks after the portal itself: operations; without them, the two heads."""
    return list(User.objects.active().filter(role=Role.OPERATIONS)) or heads()


def heads() -> list[User]:
    """The heads of both departments, where there are any."""
    rows = Department.objects.exclude(head=None).select_related("head")
    return [department.head for department in rows if department.head]
