"""The ledger read on from where each subscription stands, and written out for it.

Places in the ledger are given under one lock that is held until the entries are visible, so
whoever reads up to a place has seen all before it: a cursor skips nothing, and needs nothing
of the actions that wrote them. The cursor moves in the transaction that writes the rows.
"""

from datetime import datetime
from uuid import uuid4

from django.db import transaction

from leads.actions.events.outgoing.payloads import Surroundings, payload
from leads.core.events.outward import EVERY
from leads.models import Lead, Outgoing, Subscription
from portal.ledger.models import LedgerEntry

BATCH = 300  # entries at once
ROUNDS = 40  # batches of one pass, so that one far behind holds up no other for long


def gather_all(*, at: datetime) -> int:
    """Write out what every subscription in use has not got yet; return how many rows."""
    chosen = Subscription.objects.filter(endpoint__is_enabled=True).values_list("pk", flat=True)
    return sum(_gather(pk, at) for pk in list(chosen))


def _gather(subscription_id: int, at: datetime) -> int:
    written = 0
    for _round in range(ROUNDS):
        count, more = gather(subscription_id=subscription_id, at=at)
        written += count
        if not more:
            break
    return written


@transaction.atomic(durable=True)
def gather(*, subscription_id: int, at: datetime) -> tuple[int, bool]:
    """Write out the next entries for one subscription; how many, and whether more may wait.

    A second caller finds the row locked and leaves it to the first.
    """
    row = Subscription.objects.select_for_update(no_key=True, skip_locked=True)
    subscription = row.filter(pk=subscription_id).first()
    if subscription is None:
        return 0, False
    read = list(LedgerEntry.objects.filter(seq__gt=subscription.after).order_by("seq")[:BATCH])
    if not read:
        return 0, False
    wanted = EVERY & set(subscription.kinds or EVERY)
    entries = [entry for entry in read if entry.kind in wanted]
    Outgoing.objects.bulk_create(_rows(subscription, entries, at))
    subscription.after = read[-1].seq
    subscription.save(update_fields=["after"])
    return len(entries), len(read) == BATCH


def _rows(
    subscription: Subscription, entries: list[LedgerEntry], at: datetime
) -> list[Outgoing]:
    if not entries:
        return []
    around = Surroundings(entries, at)
    return [_row(subscription, entry, around, at) for entry in entries]


def _row(
    subscription: Subscription, entry: LedgerEntry, around: Surroundings, at: datetime
) -> Outgoing:
    key = uuid4()
    lead: Lead | None = around.leads.get(entry.lead_id or 0)
    told = payload(entry, around, key, personal=subscription.personal)
    return Outgoing(
        subscription=subscription, seq=entry.seq, key=key, kind=entry.kind, lead=lead,
        payload=told, created_at=at, next_at=at,
    )  # fmt: skip
