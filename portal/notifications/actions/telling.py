"""Rows written with their cause: they stand or fall with the transaction of what they tell."""

from collections.abc import Iterable
from datetime import datetime

from portal.accounts.models import Department, Role, User
from portal.notifications import schedule
from portal.notifications.actions.reach import HERE, Notice, Reach, Way
from portal.notifications.messages import one_line
from portal.notifications.models import Delivery

TITLE, LINK = 200, 200  # characters


def tell(
    *,
    about: str,
    to: Iterable[User],
    channels: Iterable[str],
    title: str,
    text: str = "",
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
    portal. Titles are cut to one line of 200 characters.
    """
    notice = Notice(about, tuple(to), tuple(channels), title, text, link, level, digest)
    return tell_all([notice], at=at)


def tell_all(notices: Iterable[Notice], *, at: datetime) -> int:
    """`tell` for many at once, in one statement for each thousand rows."""
    notices = list(notices)
    reach = Reach(notices)
    rows = [
        row(notice, user, way, at)
        for notice in notices
        for user in dict.fromkeys(notice.to)
        if user.is_active
        for way in reach.ways(notice, user, at)
    ]
    Delivery.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
    return len(rows)


def row(notice: Notice, user: User, way: Way, at: datetime) -> Delivery:
    here = way.channel == HERE
    return Delivery(
        about=notice.about,
        recipient=user,
        channel=way.channel,
        endpoint_id=way.endpoint_id,
        digest=way.digest,
        level=notice.level,
        title=one_line(notice.title)[:TITLE],
        text=notice.text,
        link=notice.link[:LINK],
        created_at=at,
        state=Delivery.State.SENT if here else Delivery.State.PENDING,
        sent_at=at if here else None,
        next_at=None if here else way.next_at,
    )


def plain_row(notice: Notice, user: User, channel: str, at: datetime) -> Delivery:
    """A row of a channel that needs no endpoint, without anybody's choices."""
    leaves = schedule.leaves_at(notice.digest, user.zone, at)
    return row(notice, user, Way(channel, None, notice.digest, leaves), at)


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
