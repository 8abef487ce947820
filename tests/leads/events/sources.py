"""What the tests of events share: a source with known secrets, and posts as systems make
them."""

import base64
import hashlib
import hmac
import json
from datetime import datetime
from itertools import count
from typing import Any

from django.test import Client

from leads.actions.events.incoming import sources
from leads.models import EventSource, Lead, LeadSource
from tests.factories import LONG_BEFORE, make_operations

_numbers = count(1)
BOOK: dict[str, sources.Shown] = {}


def make_source(key: str = "dialler", *, kind: str = "dialler", **fields: Any) -> EventSource:
    """A source of a kind, with its mapping; its secret and token are kept in BOOK."""
    keeper = fields.pop("keeper", None) or make_operations()
    wanted = sources.Wanted(
        name=fields.pop("name", key.title()), system=fields.pop("system", ""), keeper=keeper,
        **fields,
    )  # fmt: skip
    source, shown = sources.make(key=key, kind=kind, wanted=wanted, by=keeper, at=LONG_BEFORE)
    BOOK[key] = shown
    return source


def named(lead: Lead, system: str, external_id: str, at: datetime = LONG_BEFORE) -> Lead:
    """The lead, which a system knows as `external_id`."""
    LeadSource.objects.create(lead=lead, source=system, external_id=external_id, seen_at=at)
    return lead


def signed(body: bytes, *, secret: str, at: datetime, message_id: str = "") -> dict[str, str]:
    """The headers of Standard Webhooks, made here apart from the code under test."""
    key = message_id or f"msg_{next(_numbers)}"
    stamp = str(int(at.timestamp()))
    secret_bytes = base64.b64decode(secret.removeprefix("whsec_"))
    text = f"{key}.{stamp}.".encode() + body
    made = base64.b64encode(hmac.new(secret_bytes, text, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": f"v1,{made}",
    }  # fmt: skip


def post(
    payload: Any, *, at: datetime, source: str = "dialler", message_id: str = "", client=None
):
    """Post a payload as its source does, signed; what the door answers."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    headers = signed(body, secret=BOOK[source].secret, at=at, message_id=message_id)
    return send(source, body, headers, client=client)


def send(source: str, body: bytes, headers: dict[str, str], client=None):
    return (client or Client()).post(
        f"/in/{source}/", body, content_type="application/json", headers=headers
    )


def a_call(lead: Lead, by: str, at: datetime, **more: Any) -> dict[str, Any]:
    """What a dialler sends when a call has ended."""
    return {
        "event": "call.ended",
        "disposition": more.pop("disposition", "no_answer"),
        "call": {
            "id": f"call-{next(_numbers)}", "direction": "outbound",
            "started_at": at.isoformat(), "duration": 31,
        } | more.pop("call", {}),
        "agent": {"email": by},
        "contact": {"email": lead.email},
    } | more  # fmt: skip
