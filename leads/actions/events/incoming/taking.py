"""A proven message is kept, once; then split, and each of its events settled by itself.

Kept first, in a transaction of its own: what breaks down later is found again. Each event is
then one transaction: what it does, its row, and its entries in the ledger.
"""

import hashlib
import json
import math
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from leads.core import events
from leads.core.events import Unclear
from leads.models import EventSource, Inbound, InboundItem
from portal.errors import DomainError

MOST_BYTES = 512 * 1024
DEEPEST = 40
NOTE_EVERY = timedelta(seconds=30)


class NotReadable(DomainError):
    """The body is not JSON, or not of the kind that is read here."""


def body_of(raw: bytes) -> Any:
    """The JSON that was posted. Raises NotReadable with what is wrong where."""
    try:
        body = json.loads(raw.decode("utf-8-sig"), parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        raise NotReadable(_("The body is not UTF-8 text.")) from error
    except json.JSONDecodeError as error:
        said = _("The body is not JSON: %(what)s, line %(line)s, column %(column)s.")
        what = {"what": error.msg, "line": error.lineno, "column": error.colno}
        raise NotReadable(said % what) from error
    except (ValueError, RecursionError) as error:
        raise NotReadable(_("The body is JSON that nobody reads alike.")) from error
    if not isinstance(body, dict | list) or _depth(body) > DEEPEST:
        raise NotReadable(_("The body is an object or a list, nested 40 deep at most."))
    return clean(body)


def clean(value: Any) -> Any:
    """JSON as every database keeps it: without NUL, halves of pairs, endless numbers."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "ignore").decode()
    if isinstance(value, list):
        return [clean(one) for one in value]
    if isinstance(value, dict):
        return {clean(name): clean(one) for name, one in value.items()}
    endless = isinstance(value, float) and not math.isfinite(value)
    if endless or (isinstance(value, int) and abs(value) > 2**63):
        return str(value)
    return value


def _no_constant(word: str) -> Any:
    raise ValueError(word)


def _depth(value: Any) -> int:
    deepest, layer = 0, [value]
    while layer and deepest <= DEEPEST:
        deepest += 1
        layer = [
            inner
            for one in layer
            if isinstance(one, list | dict)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return deepest


@transaction.atomic(durable=True)
def keep(
    *, source: EventSource, message_id: str, proof: str, raw: bytes, body: Any, at: datetime
) -> Inbound:
    """The row of a message; the one that is there, if it came before."""
    row = Inbound(
        source=source, message_id=message_id, received_at=at, proof=proof, size=len(raw),
        digest=hashlib.sha256(raw).hexdigest(), raw=json.dumps(body, ensure_ascii=False),
    )  # fmt: skip
    known = Inbound.objects.filter(source=source, message_id=message_id)
    if (before := known.first()) is not None:
        return before
    Inbound.objects.bulk_create([row], ignore_conflicts=True)
    stale = Q(heard_at=None) | Q(heard_at__lt=at - NOTE_EVERY)
    EventSource.objects.filter(stale, pk=source.pk).update(heard_at=at)
    return known.get()


@transaction.atomic(durable=True)
def unpack(*, inbound_id: int, at: datetime) -> None:
    """Split a kept message into its events, once, whoever else does so at this moment."""
    row = Inbound.objects.select_for_update(no_key=True, of=("self",))
    inbound = row.select_related("source").get(pk=inbound_id)
    if inbound.count is not None:
        return
    items = split(inbound, json.loads(inbound.raw), at)
    InboundItem.objects.bulk_create(items)
    inbound.count, inbound.raw = len(items), ""
    inbound.save(update_fields=["count", "raw"])


def split(inbound: Inbound, body: Any, at: datetime) -> list[InboundItem]:
    """The items of a message, not saved; one of them all in quarantine if there is no list
    where the mapping says."""
    source = inbound.source
    try:
        parts = events.split(events.parse(source.mapping), body)
    except Unclear as fault:
        whole = InboundItem(
            inbound=inbound, source=source, number=0, payload=body, whole=True,
            state=InboundItem.State.QUARANTINED, path=fault.path[:120],
            reason=fault.reason[:300], settled_at=at,
        )  # fmt: skip
        return [whole]
    return [
        InboundItem(inbound=inbound, source=source, number=number, payload=part)
        for number, part in enumerate(parts)
    ]


def refused(source: EventSource, why: str, *, at: datetime) -> None:
    """Note on the source that something was turned away, for who looks for it; seldom, so
    that nobody without a secret makes the portal write."""
    stale = Q(refused_at=None) | Q(refused_at__lt=at - NOTE_EVERY)
    EventSource.objects.filter(stale, pk=source.pk).update(refused_at=at, refused_why=why[:200])
