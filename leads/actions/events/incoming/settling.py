"""What becomes of one event: done, known already, ignored, or in quarantine with the reason."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import IntegrityError
from django.urls import reverse

from leads.actions.events.incoming import effects, taking
from leads.actions.sweeping.once_more import once_more
from leads.core import events
from leads.core.events import Ignored, Unclear
from leads.errors import AlertWasRaised, TimeInDoubt
from leads.models import Inbound, InboundItem
from portal import ledger
from portal.accounts.models import User
from portal.errors import DomainError
from portal.notifications import outbox
from portal.reader.language import Phrase
from portal.timed import POISON, said

State = InboundItem.State
MOST_TRIES = 10_000
OPEN = (State.WAITING, State.QUARANTINED)


@ledger.recorded
def settle(*, item_id: int, at: datetime, by: User | None = None) -> InboundItem:
    """Do what one event says, once: a second caller waits, and finds it settled.

    `by` is who runs it again from quarantine. What cannot be understood, names nobody, or is
    refused, goes there and changes nothing else. Raises AlertWasRaised for a caller who
    waited: read the time again.
    """
    item = _locked(item_id)
    if item.state not in (OPEN if by else (State.WAITING,)) or item.payload is None:
        return item
    item.tries, item.settled_at, item.settled_by = min(item.tries + 1, MOST_TRIES), at, by
    item.path = item.reason = ""
    if item.whole:
        _split_again(item, at)
        return item
    _read(item, at)
    item.save()
    if item.state == State.QUARANTINED and by is None:
        _tell_the_keeper(item, at)
    if item.state == State.DONE:
        _record(ledger.Kind.EVENT_TAKEN, item, at, by, {"what": item.result.get("what", "")})
    return item


def _read(item: InboundItem, at: datetime) -> None:
    try:
        event = events.read(events.parse(item.source.mapping), item.payload)
    except Unclear as fault:
        item.event, item.rule = fault.kind, fault.rule
        _hold(item, fault.path, fault.reason)
        return
    item.rule = event.rule
    if isinstance(event, Ignored):
        item.event, item.state = "", State.IGNORED
        return
    item.event, item.key = event.kind, event.id[:200]
    if item.key and _done_before(item):
        item.state = State.KNOWN
        return
    try:
        with ledger.savepoint():
            done = effects.apply(event, item.source, at)
    except AlertWasRaised:
        raise
    except TimeInDoubt as doubt:
        item.state, item.reason = State.WAITING, str(doubt)[:300]  # the next round tries again
    except Unclear as fault:
        _hold(item, fault.path, fault.reason)
    except DomainError as refusal:
        _hold(item, "", str(refusal))
    else:
        item.state, item.lead = State.DONE, done.lead
        item.result = {"what": done.what, **done.facts}


def _done_before(item: InboundItem) -> bool:
    done = InboundItem.objects.filter(source=item.source, key=item.key, state=State.DONE)
    return done.exclude(pk=item.pk).exists()


def _hold(item: InboundItem, path: str, reason: str) -> None:
    item.state, item.path, item.reason = State.QUARANTINED, path[:120], reason[:300]


def _tell_the_keeper(item: InboundItem, at: datetime) -> None:
    """Once an hour for each source, however many wait."""
    source = item.source
    outbox.tell(
        about=f"source:{source.pk}:quarantine:{at:%Y%m%d%H}",
        to=[source.keeper],
        channels=["in_app"],
        title=Phrase("What %(source)s tells is not understood") % {"source": source.name},
        text=f"{item.path}: {item.reason}" if item.path else item.reason,
        link=reverse("leads:source-quarantine", args=[source.key]),
        level="risk",
        at=at,
    )


def _split_again(item: InboundItem, at: datetime) -> None:
    """A message that had no list where the mapping said: its events take the item's place."""
    parts = taking.split(item.inbound, item.payload, at)
    first = parts[0] if parts else None
    if first is None or first.whole:
        item.state = State.QUARANTINED if first else State.IGNORED
        item.path, item.reason = (first.path, first.reason) if first else ("", "")
        item.save()
        return
    item.payload, item.whole, item.state = first.payload, False, State.WAITING
    item.save()
    InboundItem.objects.bulk_create(parts[1:])
    Inbound.objects.filter(pk=item.inbound_id).update(count=len(parts))


@ledger.recorded
def drop(*, item_id: int, by: User, at: datetime) -> InboundItem:
    """Set an event in quarantine aside: nobody needs it. It stays, and is not run again."""
    item = _locked(item_id)
    if item.state != State.QUARANTINED:
        return item
    item.state, item.settled_at, item.settled_by = State.DROPPED, at, by
    item.save(update_fields=["state", "settled_at", "settled_by"])
    _record(ledger.Kind.EVENT_DROPPED, item, at, by, {})
    return item


def settle_each(
    item_ids: Iterable[int], *, now: Callable[[], datetime], by: User | None = None
) -> list[InboundItem]:
    """Settle one after the other; one that breaks down stops no other, and says why."""
    return [_safely(pk, now, by) for pk in item_ids]


def _safely(item_id: int, now: Callable[[], datetime], by: User | None) -> InboundItem:
    def act(at: datetime) -> InboundItem:
        return settle(item_id=item_id, at=at, by=by)

    try:
        try:
            return once_more(act, now=now)
        except IntegrityError:
            # Somebody took the same in a moment ago: now it is found.
            return once_more(act, now=now)
    except POISON as error:
        return _broke_down(item_id, said(error), at=now())


@ledger.recorded
def _broke_down(item_id: int, why: str, *, at: datetime) -> InboundItem:
    item = _locked(item_id)
    if item.state in OPEN:
        _hold(item, "", why)
        item.tries, item.settled_at = item.tries + 1, at
        item.save()
    return item


def _locked(item_id: int) -> InboundItem:
    row = InboundItem.objects.select_for_update(no_key=True, of=("self",))
    return row.select_related("source__keeper", "inbound__source").get(pk=item_id)


def _record(
    kind: str, item: InboundItem, at: datetime, by: User | None, more: dict[str, object]
) -> None:
    ledger.append(
        kind, at=at, by=by, subject=("inbounditem", item.pk), lead=item.lead_id,
        clear={
            "source": item.source.key,
            "event": item.event,
            "message": item.inbound.digest,
            "proof": item.inbound.proof,
            **more,
        },
    )  # fmt: skip
