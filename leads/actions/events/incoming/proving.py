"""Who sent this? A signature under the source's secret, or its token; else nobody knows.

Source: standardwebhooks.com (`webhook-id`, `webhook-timestamp`, `webhook-signature`);
developers.hubspot.com, request validation v3.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.models import EventSource
from portal.errors import DomainError
from portal.notifications.channels import webhook
from portal.notifications.models.sealing import Unreadable

WINDOW = timedelta(seconds=300)
_ID = re.compile(r"[!-\-/-~]{1,200}")  # printable, and no full stop: it parts what is signed
_STAMP = re.compile(r"[0-9]{1,12}")
_HUBSPOT, _HUBSPOT_STAMP = "X-HubSpot-Signature-v3", "X-HubSpot-Request-Timestamp"


class NotProven(DomainError):
    """Nothing shows that the source sent it; the reason is for who runs the source."""


@dataclass(frozen=True, slots=True)
class Proof:
    """The message's own id, and by what it was proven: signature, token, hubspot."""

    message_id: str
    by: str


def prove(
    source: EventSource, headers: Mapping[str, str], body: bytes, *, url: str, at: datetime
) -> Proof:
    """What shows that `source` sent these bytes to `url`. Raises NotProven.

    A message that carries a signature is judged by it alone. A token proves who, and no more:
    without an id of its own, the same body is the same message.
    """
    try:
        if "webhook-signature" in headers:
            return _signed(source, headers, body, at)
        if _HUBSPOT in headers:
            return _signed_by_hubspot(source, headers, body, url, at)
    except Unreadable as error:
        raise NotProven(str(error)) from error
    return _by_token(source, headers, body, at)


def _signed(
    source: EventSource, headers: Mapping[str, str], body: bytes, at: datetime
) -> Proof:
    key, stamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not _ID.fullmatch(key):
        raise NotProven(_("The header webhook-id is missing, or no id."))
    if not _STAMP.fullmatch(stamp):
        raise NotProven(_("The header webhook-timestamp is missing, or no time in seconds."))
    _require_fresh(int(stamp), at)
    given = headers["webhook-signature"].split(" ")
    for secret in source.secrets(at):
        made = webhook.signature(secret, key, stamp, body)
        if any(hmac.compare_digest(made.encode(), one.encode()) for one in given):
            return Proof(key, "signature")
    raise NotProven(_("The signature is not one of this source."))


def _signed_by_hubspot(
    source: EventSource, headers: Mapping[str, str], body: bytes, url: str, at: datetime
) -> Proof:
    """As HubSpot signs what its apps send: over method, address, body and milliseconds."""
    if not source.client_secret:
        raise NotProven(_("HubSpot signed it, and the source has no client secret."))
    stamp = headers.get(_HUBSPOT_STAMP, "")
    if not re.fullmatch(r"[0-9]{13}", stamp):
        raise NotProven(_("The time of HubSpot's signature is missing."))
    _require_fresh(int(stamp) // 1_000, at)
    signed = b"POST" + url.encode() + body + stamp.encode()
    made = hmac.new(source.client_secret.encode(), signed, hashlib.sha256).digest()
    if not hmac.compare_digest(base64.b64encode(made), headers[_HUBSPOT].encode()):
        raise NotProven(_("The signature is not one of this source."))
    return Proof(f"sha256:{hashlib.sha256(body).hexdigest()}", "hubspot")


def _by_token(
    source: EventSource, headers: Mapping[str, str], body: bytes, at: datetime
) -> Proof:
    given = headers.get("Authorization", "").removeprefix("Bearer ").strip()
    given = given or headers.get("X-Concord-Token", "").strip()
    if not given:
        raise NotProven(_("It carries neither a signature nor a token."))
    digest = digest_of(given)
    if not any(hmac.compare_digest(digest, one) for one in source.token_digests(at)):
        raise NotProven(_("The token is not the one of this source."))
    key = headers.get("webhook-id") or headers.get("Idempotency-Key") or ""
    if key and not _ID.fullmatch(key):
        raise NotProven(_("The id of the message is no id: 200 printable characters at most."))
    return Proof(key or f"sha256:{hashlib.sha256(body).hexdigest()}", "token")


def digest_of(token: str) -> str:
    """What is kept of a token; it has 256 bits of chance, so no slow hash is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def _require_fresh(stamp: int, at: datetime) -> None:
    if abs(at.timestamp() - stamp) > WINDOW.total_seconds():
        raise NotProven(_("It was signed more than five minutes ago, or ahead of time."))
