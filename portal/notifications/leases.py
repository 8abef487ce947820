"""Whose turn it is to send a row of the outbox, and what became of it.

Each function is one short transaction of its own, so that nothing is locked while a
message is on its way.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils.module_loading import import_string

from portal.bulk.prepared import Prepared
from portal.notifications.messages import Message, in_order
from portal.notifications.models import Delivery, DeliveryQuerySet, Endpoint
from portal.notifications.models.endpoint import IN_FLIGHT, TRIPS_AT

LEASE = timedelta(seconds=30)
NOW, REASON = Delivery.Digest.NONE, 300
SEEN = 200  # rows looked at to find an endpoint's next messages


class Leased(Protocol):
    """A row that is taken to be sent until its lease runs out."""

    pk: Any
    lease_until: datetime | None


def nothing_leaves() -> bool:
    """Whether all messages wait for an operator's word; see NOTHING_LEAVES."""
    return bool(import_string(settings.NOTHING_LEAVES)())


def take(channel: str, *, at: datetime, limit: int) -> list[Message]:
    """Lease up to `limit` messages due at `at`: a fifth of them digests at most, as long as
    single rows wait, and these are first, or a queue of single rows would keep them back.

    Two callers never hold the same row. A digest is taken whole or by the other caller.
    Messages to people who left are cancelled.
    """
    singles, groups = _questions(limit)
    waiting = groups(channel, at)
    first = [*_digests(waiting[: max(limit // 5, 1)], channel, at)]
    rows = _take_singles(singles, channel, at, limit - len(first))
    messages = [*first, *(Message(row.recipient, (row,)) for row in rows)]
    more = waiting[max(limit // 5, 1) :][: limit - len(messages)]
    return _to_people_who_are_there([*messages, *_digests(more, channel, at)])


def _digests(
    waiting: Iterable[tuple[int, str]], channel: str, at: datetime
) -> Iterator[Message]:
    """The digests of these people, as far as nobody else has taken them."""
    for recipient_id, digest in waiting:
        due = Delivery.objects.due(at).filter(channel=channel)
        rows = _take_group(due.filter(recipient_id=recipient_id, digest=digest), at)
        if rows:
            yield Message(rows[0].recipient, in_order(rows))


@cache
def _questions(limit: int) -> tuple[Prepared[Delivery], Prepared[tuple[int, str]]]:
    """What every pass asks: the single rows of a channel that are free, locked, and whose
    digests are due."""

    def singles(channel: str, at: datetime) -> QuerySet[Delivery]:
        due = Delivery.objects.due(at).filter(channel=channel, digest=NOW)
        free = due.select_for_update(skip_locked=True, no_key=True, of=("self",))
        return free.select_related("recipient")[:limit]

    def groups(channel: str, at: datetime) -> QuerySet[Delivery, tuple[int, str]]:
        gathered = Delivery.objects.due(at).filter(channel=channel).exclude(digest=NOW)
        ordered = gathered.order_by("recipient_id", "digest")
        return ordered.values_list("recipient_id", "digest").distinct()[:limit]

    return Prepared(singles, str, datetime), Prepared(groups, str, datetime)


@transaction.atomic(durable=True)
def _take_singles(
    singles: Prepared[Delivery], channel: str, at: datetime, most: int
) -> list[Delivery]:
    return _lease(islice(singles(channel, at), most), at)


@transaction.atomic(durable=True)
def _take_group(due: DeliveryQuerySet, at: datetime) -> list[Delivery]:
    """All of a digest. A second caller waits for the first, and then finds nothing due."""
    return _group(due, at)


def _group(due: DeliveryQuerySet, at: datetime) -> list[Delivery]:
    rows = due.order_by("pk").select_for_update(no_key=True, of=("self",))
    return _lease(rows.select_related("recipient"), at)


@transaction.atomic(durable=True)
def take_for(endpoint_id: int, *, at: datetime) -> list[Message]:
    """Lease what may be sent to an endpoint now: two messages in flight at most, whoever
    asks; one while it is being tried after failures; none while its circuit is open.

    A message is all that waits of one cause, or of one digest; where each person gets their
    own, of one person.
    """
    endpoint = Endpoint.objects.select_for_update(no_key=True).get(pk=endpoint_id)
    if not endpoint.is_enabled or endpoint.is_open(at):
        return []
    mine = Delivery.objects.filter(endpoint=endpoint)
    held = mine.pending().filter(lease_until__gt=at)
    busy = len({_together(endpoint, row) for row in held})
    free = (1 if endpoint.failures >= TRIPS_AT else IN_FLIGHT) - busy
    if free <= 0:
        return []
    firsts: dict[tuple[object, ...], Delivery] = {}
    looked_at = Delivery.objects.due(at).filter(endpoint=endpoint)
    for row in looked_at.only("digest", "about", "recipient_id")[:SEEN]:
        firsts.setdefault(_together(endpoint, row), row)
    groups = [_group(_same(row, endpoint, at), at) for row in islice(firsts.values(), free)]
    messages = [Message(rows[0].recipient, in_order(rows)) for rows in groups if rows]
    return _to_people_who_are_there(messages)


def _together(endpoint: Endpoint, row: Delivery) -> tuple[object, ...]:
    """What leaves as one message has one of these."""
    cause = row.about if row.digest == NOW else ""
    return row.digest, cause, row.recipient_id if endpoint.is_personal else None


def _same(row: Delivery, endpoint: Endpoint, at: datetime) -> DeliveryQuerySet:
    same = Delivery.objects.due(at).filter(endpoint=endpoint, digest=row.digest)
    if row.digest == NOW:
        same = same.filter(about=row.about)
    return same.filter(recipient=row.recipient_id) if endpoint.is_personal else same


def _lease(rows: Iterable[Delivery], at: datetime) -> list[Delivery]:
    """Take free rows. Each taking counts as a try, except of what a sender that broke down
    had taken and not begun: those keep the try that they were counted."""
    taken = list(rows)
    unsent = not_begun(taken)
    tried = [row for row in taken if row.pk not in unsent]
    # A row that kills its sender goes behind the others.
    until = at + LEASE
    held: dict[str, Any] = {"lease_until": until, "next_at": until}
    Delivery.objects.filter(pk__in=[row.pk for row in tried]).update(
        **held, attempts=F("attempts") + 1
    )
    if unsent:
        Delivery.objects.filter(pk__in=unsent).update(**held)
    for row in taken:
        row.lease_until = until
    for row in tried:
        row.attempts += 1
    return taken


def not_begun(rows: Sequence[Leased]) -> set[int]:
    """Of rows in the order in which they leave: those whose lease ran out, without the first
    of each batch, which the sender may have died of. It sends one after the other."""
    batches: dict[datetime, list[int]] = {}
    for row in rows:
        if row.lease_until is not None:
            batches.setdefault(row.lease_until, []).append(row.pk)
    return {pk for batch in batches.values() for pk in batch[1:]}


def _to_people_who_are_there(messages: list[Message]) -> list[Message]:
    there = [[row for row in message.rows if row.recipient.is_active] for message in messages]
    gone = [
        row.pk for message in messages for row in message.rows if not row.recipient.is_active
    ]
    if gone:
        Delivery.objects.pending().filter(pk__in=gone).update(
            state=Delivery.State.CANCELLED, lease_until=None, last_error="left the company"
        )
    return [Message(rows[0].recipient, tuple(rows)) for rows in there if rows]


def _rows(messages: Sequence[Message]) -> DeliveryQuerySet:
    """The rows of messages, as long as the lease they were taken with is theirs."""
    rows = [row for message in messages for row in message.rows]
    leases = {row.lease_until for row in rows}
    return Delivery.objects.pending().filter(
        pk__in=[row.pk for row in rows], lease_until__in=leases
    )


def mark_sent(message: Message, *, at: datetime) -> None:
    """Only the holder of the lease marks; who lost it to another leaves that to the other.

    Each message by itself: of those that one statement marks together a crash would repeat
    all. So it is what a mail costs most, and is written out.
    """
    adapted = connection.ops.adapt_datetimefield_value
    rows = [row.pk for row in message.rows]
    held = [adapted(until) for until in {row.lease_until for row in message.rows}]
    with connection.cursor() as cursor:
        cursor.execute(_MARK.format(_places(rows), _places(held)), [adapted(at), *rows, *held])


_MARK = f"""
    UPDATE {Delivery._meta.db_table}
       SET state = '{Delivery.State.SENT}', sent_at = %s,
           lease_until = NULL, next_at = NULL, last_error = ''
     WHERE id IN ({{}}) AND state = '{Delivery.State.PENDING}' AND lease_until IN ({{}})
"""  # noqa: S608 - the model's own names


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))


def release(messages: Sequence[Message], *, at: datetime) -> None:
    """Give back what was not tried; it is due again at `at`."""
    if messages:
        _rows(messages).update(lease_until=None, next_at=at, attempts=F("attempts") - 1)


def put_back(message: Message, *, at: datetime, reason: str) -> None:
    """After a failure: due again at `at`."""
    _rows([message]).update(lease_until=None, next_at=at, last_error=reason[:REASON])


def bury(message: Message, *, reason: str, at: datetime) -> None:
    """After the last failure: nobody tries again by itself."""
    kill(_rows([message]), reason=reason, at=at)


def kill(rows: QuerySet[Delivery], *, reason: str, at: datetime) -> None:
    rows.update(
        state=Delivery.State.DEAD,
        lease_until=None,
        next_at=None,
        died_at=at,
        last_error=reason[:REASON],
    )
