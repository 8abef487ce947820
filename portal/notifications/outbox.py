"""What is told to whom, and mail that leaves.

`tell` is an inner step: its rows stand or fall with the transaction of what they tell.
`deliver_due` lets the mail that waits leave, at least once, outside any transaction; what
goes to endpoints leaves beside it, by `lanes`, so that none of them can delay a mail.
"""

import logging
from datetime import datetime, timedelta
from time import monotonic

from django.db import connection
from django.utils.translation import gettext as _

from portal import telemetry
from portal.notifications import leases, schedule
from portal.notifications.actions.failing import failed, give_up
from portal.notifications.actions.reach import PLAIN, Notice
from portal.notifications.actions.telling import (
    mark_read,
    operators,
    plain_row,
    tell,
    tell_all,
)
from portal.notifications.channels import OUTSIDE, Failed, Send
from portal.notifications.messages import Message
from portal.reader import language

__all__ = [
    "PLAIN",
    "Notice",
    "deliver_due",
    "give_up",
    "mark_read",
    "operators",
    "plain_row",
    "tell",
    "tell_all",
]

logger = logging.getLogger(__name__)

# Sending stops while the lease still has this long to run, so that no other worker takes
# what this one is about to send.
MARGIN = timedelta(seconds=12)


def deliver_due(*, at: datetime, limit: int = 100) -> int:
    """Send up to `limit` waiting mails; return how many rows left.

    Safe beside itself: each message is leased to one caller for 30 s and sent outside any
    transaction; a crash between sending and marking sends it again with the same key.
    Failures come back later, and after the last try are given up, which operations is
    told. Raises RuntimeError inside a transaction.
    """
    if leases.nothing_leaves():
        return 0
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
                failed(message, failure, at=at)
                if failure.down:
                    leases.release(messages[position + 1 :], at=at + schedule.RETRIES[0])
                    break
    logger.info("deliveries sent", extra={"channel": channel, "sent": sent})
    return sent


def _send(send: Send, message: Message, at: datetime) -> int:
    """Send one message and mark it; return its rows."""
    if schedule.retry_after(message.attempts - 1, message.key) is None:
        raise Failed(_("whoever tried to send it broke down each time"), tries=1)
    refuse_a_transaction()
    with telemetry.after("sent", message.traces, channel=message.rows[0].channel):
        with language.spoken_to(message.recipient):
            send(message)
        leases.mark_sent(message, at=at)
    return len(message.rows)


def refuse_a_transaction() -> None:
    """A message that has left cannot be rolled back; a test's own wrapping does not count."""
    blocks = connection.atomic_blocks
    if blocks and not getattr(blocks[-1], "_from_testcase", False):
        raise RuntimeError("messages are sent outside any transaction")
