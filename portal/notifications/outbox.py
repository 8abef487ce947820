"""What is told to whom: rows written with their cause, and messages that leave later.

`tell` is an inner step: its rows stand or fall with the transaction of what they tell.
`deliver_due` lets what waits leave, at least once, outside any transaction.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection
from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.models import Department, Role, User
from portal.notifications import leases, schedule
from portal.notifications.channels import OUTSIDE, Failed, Send
from portal.notifications.messages import Message, one_line
from portal.notifications.models import Delivery

logger = logging.getLogger(__name__)

# Sending stops while the lease still has this long to run, so that no other worker takes
# what this one is about to send.
MARGIN = timedelta(seconds=12)
TITLE, LINK = 200, 200  # characters


@dataclass(frozen=True)
class Notice:
    """One thing told to some people through some channels; see `tell`."""

    about: str
    to: tuple[User, ...]
    channels: tuple[str, ...]
    title: str
    text: str = ""
    link: str = ""
    level: str = "info"
    digest: str = ""


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
    channel once. `channels` the portal does not have are left out. In-app rows are there
    at once; others leave with the next delivery, or gathered as `digest` says. `link` is
    a path of the portal. Titles are cut to one line of 200 characters.
    """
    notice = Notice(about, tuple(to), tuple(channels), title, text, link, level, digest)
    return tell_all([notice], at=at)


def tell_all(notices: Iterable[Notice], *, at: datetime) -> int:
    """`tell` for many at once, in one statement for each thousand rows."""
    rows = [
        _row(notice, user, channel, at)
        for notice in notices
        for user in dict.fromkeys(notice.to)
        if user.is_active
        for channel in dict.fromkeys(notice.channels)
        if channel in Delivery.Channel.values
    ]
    Delivery.objects.bulk_create(rows, batch_size=1_000, ignore_conflicts=True)
    return len(rows)


def _row(notice: Notice, user: User, channel: str, at: datetime) -> Delivery:
    here = channel == Delivery.Channel.IN_APP
    return Delivery(
        about=notice.about,
        recipient=user,
        channel=channel,
        digest=notice.digest,
        level=notice.level,
        title=one_line(notice.title)[:TITLE],
        text=notice.text,
        link=notice.link[:LINK],
        created_at=at,
        state=Delivery.State.SENT if here else Delivery.State.PENDING,
        sent_at=at if here else None,
        next_at=None if here else schedule.leaves_at(notice.digest, user.zone, at),
    )


def mark_read(*, user_id: int, at: datetime) -> int:
    """One person has seen everything the bell rang for; return how many rows that was."""
    return Delivery.objects.to(user_id).unread().update(read_at=at)


def deliver_due(*, at: datetime, limit: int = 100) -> int:
    """Send up to `limit` waiting messages of each channel; return how many rows left.

    Safe beside itself: each message is leased to one caller for 30 s and sent outside any
    transaction; a crash between sending and marking sends it again with the same key.
    Failures come back later, and after the last try are given up, which operations is
    told. Raises RuntimeError inside a transaction.
    """
    until = monotonic() + (leases.LEASE - MARGIN).total_seconds()
    sent = 0
    for channel in OUTSIDE:
        messages = leases.take(channel, at=at, limit=limit)
        sent += _send_all(channel, messages, at=at, until=until)
    return sent


def _send_all(channel: str, messages: list[Message], *, at: datetime, until: float) -> int:
    """Send until the channel is down or the leases are about to run out."""
    if not messages:
        return 0
    sent = 0
    with OUTSIDE[channel]() as send:
        for position, message in enumerate(messages):
            if monotonic() > until:
                leases.release(messages[position:], at=at)
                break
            try:
                sent += _send(send, message, at)
            except Failed as failure:
                _failed(message, failure, at)
                if failure.down:
                    leases.release(messages[position + 1 :], at=at + schedule.RETRIES[0])
                    break
    logger.info("deliveries sent", extra={"channel": channel, "sent": sent})
    return sent


def _send(send: Send, message: Message, at: datetime) -> int:
    """Send one message and mark it; return its rows."""
    if schedule.retry_after(message.attempts - 1, message.key) is None:
        raise Failed(_("whoever tried to send it broke down each time"))
    _refuse_a_transaction()
    send(message)
    leases.mark_sent(message, at=at)
    return len(message.rows)


def _refuse_a_transaction() -> None:
    """A message that has left cannot be rolled back; a test's own wrapping does not count."""
    blocks = connection.atomic_blocks
    if blocks and not getattr(blocks[-1], "_from_testcase", False):
        raise RuntimeError("messages are sent outside any transaction")


def _failed(message: Message, failure: Failed, at: datetime) -> None:
    wait = schedule.retry_after(message.attempts, message.key)
    logger.warning(
        "a message did not leave",
        extra={"key": str(message.key), "attempts": message.attempts, "why": failure.reason},
    )
    if wait is not None:
        leases.put_back(message, at=at + wait, reason=failure.reason)
        return
    give_up(message, reason=failure.reason, at=at)


def give_up(message: Message, *, reason: str, at: datetime) -> None:
    """Mark a message dead and tell operations, who can see why and send it again."""
    with ledger.recording(at=at):
        leases.bury(message, reason=reason)
        for row in message.rows:
            clear = {"channel": row.channel, "attempts": row.attempts, "about": row.about}
            ledger.append(ledger.Kind.DELIVERY_DIED, subject=("delivery", row.pk), clear=clear)
        tell(
            about=f"delivery:{message.rows[0].pk}:dead",
            to=operators(),
            channels=[Delivery.Channel.IN_APP],
            title=_("A message to %(name)s could not be delivered")
            % {"name": message.recipient},
            text=f"{message.subject}\n{reason}",
            level="late",
            at=at,
        )


def operators() -> list[User]:
    """Who looks after the portal itself: operations; without them, the two heads."""
    operations = list(User.objects.active().filter(role=Role.OPERATIONS))
    if operations:
        return operations
    heads = Department.objects.exclude(head=None).select_related("head")
    return [department.head for department in heads if department.head]
