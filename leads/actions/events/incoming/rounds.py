"""What a door left behind is gone on with, and what nobody needs any more is let go."""

from collections.abc import Callable
from datetime import datetime, timedelta

from leads.actions.events.incoming.settling import settle_each
from leads.actions.events.incoming.taking import unpack
from leads.models import Inbound, InboundItem, Outgoing

MOST = 200  # events of one round
KEPT_FOR = timedelta(days=30)


def go_on(*, now: Callable[[], datetime]) -> int:
    """Split and settle what waits; return how many events were settled.

    What a process took in before it died, and the rest of messages with many events.
    """
    for pk in list(Inbound.objects.filter(count=None).values_list("pk", flat=True)[:MOST]):
        unpack(inbound_id=pk, at=now())
    waiting = InboundItem.objects.waiting().order_by("pk").values_list("pk", flat=True)
    return len(settle_each(list(waiting[:MOST]), now=now))


def let_go(*, at: datetime) -> int:
    """Empty payloads a month after they were done with, and what was answered; ids and
    results stay, so that what comes again is known. What is in quarantine waits for
    somebody. Returns how many."""
    long_ago = at - KEPT_FOR
    settled = InboundItem.objects.exclude(
        state__in=[InboundItem.State.WAITING, InboundItem.State.QUARANTINED]
    )
    gone = settled.filter(settled_at__lt=long_ago).exclude(payload=None).update(payload=None)
    sent = Outgoing.objects.filter(state=Outgoing.State.SENT, sent_at__lt=long_ago)
    return gone + sent.exclude(payload=None).update(payload=None, answers=[])
