"""How the portal is: are clocks checked, do messages leave; and saying so outside."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from portal.notifications import http
from portal.notifications.models import Delivery

logger = logging.getLogger(__name__)

LATE = timedelta(seconds=30)  # three beats
STUCK = timedelta(minutes=5)
LATELY = timedelta(hours=1)
UNAUDITED = timedelta(hours=3)  # three runs
BEATS_EVERY = 60.0  # seconds


class Pass(Protocol):
    """One pass of the sweep."""

    swept_at: datetime


class Audit(Protocol):
    """The last audit; `audited_at` is None while the first one runs."""

    audited_at: datetime | None
    differences: int


@dataclass(frozen=True)
class State:
    """`swept_ago`: since the last pass, None if there was none. `waited`: how long the
    oldest message that is due has been waiting. `died`: messages given up lately.
    `audited_ago`: since the last audit, None if there was none; `differences`: rows that
    it found not to be as they should."""

    swept_ago: timedelta | None
    waited: timedelta
    died: int
    audited_ago: timedelta | None = None
    differences: int = 0

    @property
    def complaints(self) -> list[str]:
        """What is wrong, one sentence each, for machines and their keepers; empty: all well."""
        found = []
        if self.swept_ago is None:
            found.append("clocks have never been checked")
        elif self.swept_ago > LATE:
            found.append("clocks are checked too late")
        if self.waited > STUCK:
            found.append("messages do not leave")
        if self.died:
            found.append(f"{self.died} messages were given up in the last hour")
        if self.differences:
            found.append(f"the audit found {self.differences} rows not as they should be")
        if self.audited_ago is not None and self.audited_ago > UNAUDITED:
            found.append("nothing was audited for hours")
        return found


def state(at: datetime) -> State:
    """As the rows tell it. Raises DatabaseError."""
    last: Pass | None = import_string(settings.LAST_SWEEP)()
    audit: Audit | None = import_string(settings.LAST_AUDIT)()
    audited = audit.audited_at if audit is not None else None
    waiting = Delivery.objects.due(at).values_list("next_at", flat=True).first()
    return State(
        swept_ago=None if last is None else at - last.swept_at,
        waited=at - (waiting or at),
        died=Delivery.objects.dead().filter(died_at__gt=at - LATELY).count(),
        audited_ago=None if audited is None else at - audited,
        differences=audit.differences if audit is not None else 0,
    )


class Heart:
    """Calls the address of HEARTBEAT_URL while all is well, so that its silence is noticed.

    At most once a minute for each process.
    """

    def __init__(self) -> None:
        self.beat_at = float("-inf")

    def is_due(self) -> bool:
        """Whether there is an address and it was not called for a minute."""
        return bool(settings.HEARTBEAT_URL) and monotonic() - self.beat_at >= BEATS_EVERY

    def beat(self, *, at: datetime) -> bool:
        """Call it if all is well; whether it answered. Who listens notices the rest."""
        self.beat_at = monotonic()
        if state(at).complaints:
            return False
        policy = http.Policy(http=True, internal=settings.INTERNAL_HOSTS)
        try:
            reply = http.send(settings.HEARTBEAT_URL, policy=policy)
        except (http.Refused, http.Unreachable) as error:
            logger.warning("the heartbeat was not heard", extra={"why": str(error)})
            return False
        return reply.is_ok


heart = Heart()
