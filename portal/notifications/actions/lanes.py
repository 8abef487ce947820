"""Messages to endpoints leave side by side: one that hangs delays no other, and no mail.

Sending happens in threads that know no database; leases are taken and results written by
the caller's thread. Two messages are in flight for one endpoint at most, over all
processes, and none for one whose circuit is open.
"""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta
from threading import Lock, Thread
from time import monotonic

from django.db import DatabaseError, connections
from django.utils.translation import gettext as _

from portal import telemetry
from portal.notifications import leases, schedule
from portal.notifications.actions import watch
from portal.notifications.actions.endpoints import pack, switch_off
from portal.notifications.actions.failing import failed
from portal.notifications.channels import ENDPOINTS, Failed, Parcel
from portal.notifications.messages import Message
from portal.notifications.models import Delivery, Endpoint
from portal.notifications.models.endpoint import IN_FLIGHT
from portal.notifications.outbox import refuse_a_transaction
from portal.reader import language

logger = logging.getLogger(__name__)

# New messages are taken for so long; the last of them is answered or left 15 s later, while
# its lease of 30 s still runs.
TAKES_FOR = timedelta(seconds=12)
SIDE_BY_SIDE = 40

Running = dict[Future[None], tuple[Endpoint, Message]]
_aside = Lock()


def deliver_due(*, at: datetime, limit: int = 1_000) -> int:
    """Send what waits for endpoints, up to `limit` messages; return how many rows left.

    Safe beside itself, as `outbox.deliver_due` is. Lasts 27 s at most, when endpoints hang.
    Raises RuntimeError inside a transaction.
    """
    refuse_a_transaction()
    todo = [] if leases.nothing_leaves() else _waiting(at)
    if not todo:
        return 0
    return _Pass(at, limit).run(todo)


def deliver_aside(*, now: Callable[[], datetime]) -> Thread | None:
    """`deliver_due` and the heartbeat in a thread of its own, if there is anything to do and
    none is still under way here; for processes that sweep in between and must not wait."""
    waiting = Delivery.objects.due(now()).exclude(endpoint=None).exists()
    if not (waiting or watch.heart.is_due()) or not _aside.acquire(blocking=False):
        return None
    thread = Thread(target=_aside_of_all, args=[now], daemon=True)
    thread.start()
    return thread


def _aside_of_all(now: Callable[[], datetime]) -> None:
    try:
        if watch.heart.is_due():
            watch.heart.beat(at=now())
        deliver_due(at=now())
    except DatabaseError:
        logger.warning("messages to endpoints wait: the database did not answer")
    finally:
        connections.close_all()
        _aside.release()


def _waiting(at: datetime) -> list[Endpoint]:
    """The endpoints that something is due for and that may be called, the most patient
    first. Rows of one that is switched off die here, in the open."""
    due = Delivery.objects.due(at).exclude(endpoint=None)
    ids = list(dict.fromkeys(due.values_list("endpoint_id", flat=True)))
    found = Endpoint.objects.in_bulk([pk for pk in ids if pk is not None])
    for endpoint in found.values():
        if not endpoint.is_enabled:
            switch_off(endpoint, reason=_("It is switched off."), at=at)
    answering = [found[pk] for pk in ids if pk is not None]
    return [one for one in answering if one.is_enabled and not one.is_open(at)]


class _Pass:
    """One round over the endpoints, until nothing waits or time is up."""

    def __init__(self, at: datetime, limit: int) -> None:
        self.at, self.left, self.sent = at, limit, 0
        self.until = monotonic() + TAKES_FOR.total_seconds()

    def run(self, todo: list[Endpoint]) -> int:
        running: Running = {}
        with ThreadPoolExecutor(SIDE_BY_SIDE, "endpoint") as pool:
            while todo or running:
                todo = self._start(todo, running, pool)
                done, _rest = wait(running, return_when=FIRST_COMPLETED)
                for future in done:
                    endpoint, message = running.pop(future)
                    self._settle(endpoint, message, future)
                    todo.append(endpoint)
        logger.info("deliveries sent", extra={"channel": "endpoints", "sent": self.sent})
        return self.sent

    def _start(
        self, todo: Iterable[Endpoint], running: Running, pool: ThreadPoolExecutor
    ) -> list[Endpoint]:
        """Take and start what may run; return the endpoints for which no thread was free."""
        later: list[Endpoint] = []
        for endpoint in dict.fromkeys(todo):
            if self.left <= 0 or monotonic() > self.until:
                return []
            if len(running) + IN_FLIGHT > SIDE_BY_SIDE:
                later.append(endpoint)
                continue
            for message in leases.take_for(endpoint.pk, at=self.at):
                self.left -= 1
                future = self._submit(endpoint, message, pool)
                running[future] = (endpoint, message)
        return later

    def _submit(
        self, endpoint: Endpoint, message: Message, pool: ThreadPoolExecutor
    ) -> Future[None]:
        try:
            if schedule.retry_after(message.attempts - 1, message.key) is None:
                raise Failed(_("whoever tried to send it broke down each time"), tries=1)
            with language.spoken_to(message.recipient):
                parcel = pack(endpoint, message, at=self.at)
        except Failed as failure:
            future: Future[None] = Future()
            future.set_exception(failure)
            return future
        return pool.submit(_send, parcel, message)

    def _settle(self, endpoint: Endpoint, message: Message, future: Future[None]) -> None:
        error = future.exception()
        if error is None:
            leases.mark_sent(message, at=self.at)
            endpoint.note_sent(at=self.at)
            self.sent += len(message.rows)
            return
        if not isinstance(error, Failed):
            logger.error("sending broke down", exc_info=error)
            error = Failed(type(error).__name__)
        if error.down:
            endpoint.note_failure(at=self.at, reason=error.reason, wait=error.wait)
        failed(message, error, at=self.at)
        if error.gone:
            switch_off(endpoint, reason=error.reason, at=self.at)


def _send(parcel: Parcel, message: Message) -> None:
    with telemetry.after("sent", message.traces, channel=str(parcel.kind)):
        ENDPOINTS[parcel.kind](parcel)
