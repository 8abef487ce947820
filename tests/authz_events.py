"""Other systems in the company of the authorization matrix: one tells, one is told."""

from datetime import datetime
from typing import Any

from leads.actions.events.incoming import settling, sources, taking
from leads.actions.events.outgoing import subscriptions
from leads.models import InboundItem, Outgoing
from portal.accounts.models import User

Objects = dict[str, Any]


def other_systems(by: User, *, at: datetime) -> tuple[Objects, dict[str, Objects]]:
    """Ids for any address, and those for addresses that need their own."""
    wanted = sources.Wanted(name="Dialler", system="", keeper=by)
    source, _shown = sources.make(key="dialler", kind="dialler", wanted=wanted, by=by, at=at)
    inbound = taking.keep(
        source=source, message_id="1", proof="token", raw=b"{}", body={"event": "x"}, at=at
    )
    taking.unpack(inbound_id=inbound.pk, at=at)
    item = InboundItem.objects.get()
    settling.settle(item_id=item.pk, at=at)
    told = subscriptions.Wanted(name="CRM", address="https://127.0.0.1/in")
    subscription, _secret = subscriptions.subscribe(wanted=told, by=by, at=at)
    row = Outgoing.objects.create(
        subscription=subscription, seq=1, kind="lead_arrived", payload={"a": 1}, state="dead",
        created_at=at,
    )  # fmt: skip
    found = {
        "<int:item_id>": item.pk,
        "<int:subscription_id>": subscription.pk,
        "<int:outgoing_id>": row.pk,
    }
    mine = {"<slug:key>": source.key}
    pages = ("", "edit/", "mapping/", "rotate/", "quarantine/")
    return found, {f"sources/of/<slug:key>/{page}": mine for page in pages}
