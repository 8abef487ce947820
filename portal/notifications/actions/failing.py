"""What becomes of a message that did not leave: it comes back later, or is given up in the
open."""

import logging
from datetime import datetime

from django.urls import reverse

from portal import ledger
from portal.accounts.models import User
from portal.notifications import leases, schedule
from portal.notifications.actions.telling import heads, operators, tell
from portal.notifications.channels import Failed
from portal.notifications.messages import Message
from portal.notifications.models import Delivery, Level
from portal.reader.language import Phrase

logger = logging.getLogger(__name__)


def failed(message: Message, failure: Failed, *, at: datetime) -> None:
    """Put it back by the schedule, later if the other end asked for that; or give it up."""
    wait = schedule.retry_after(_failures(message), message.key)
    logger.warning(
        "a message did not leave",
        extra={"key": str(message.key), "attempts": message.attempts, "why": failure.reason},
    )
    enough = failure.tries is not None and message.attempts >= failure.tries
    if wait is None or enough or failure.gone:
        give_up(message, reason=failure.reason, at=at)
        return
    later = max(wait, failure.wait or wait)
    leases.put_back(message, at=at + later, reason=failure.reason)


def _failures(message: Message) -> int:
    """How often it failed, as far as rows can say: that a process broke down which tried to
    send it was not the other end's doing, and its first failure waits as a first one."""
    return message.attempts if any(row.last_error for row in message.rows) else 1


def give_up(message: Message, *, reason: str, at: datetime) -> None:
    """Mark a message dead and tell operations, who can see why and send it again.

    An escalation that died is told to the heads of both departments too.
    """
    with ledger.recording(at=at):
        leases.bury(message, reason=reason, at=at)
        record_dead(message.rows)
        tell(
            about=f"delivery:{message.rows[0].pk}:dead:{message.attempts}",
            to=_concerned(message),
            channels=[Delivery.Channel.IN_APP],
            title=Phrase("A message to %(name)s could not be delivered")
            % {"name": message.recipient},
            text=f"{message.subject}\n{reason}",
            link=reverse("undelivered"),
            level=Level.LATE,
            at=at,
        )


def _concerned(message: Message) -> list[User]:
    late = any(row.level == Level.LATE for row in message.rows)
    return [*operators(), *(heads() if late else [])]


def record_dead(rows: tuple[Delivery, ...] | list[Delivery]) -> None:
    """An inner step: the ledger's entry for each."""
    for row in rows:
        clear = {"channel": row.channel, "attempts": row.attempts, "about": row.about}
        ledger.append(ledger.Kind.DELIVERY_DIED, subject=("delivery", row.pk), clear=clear)
