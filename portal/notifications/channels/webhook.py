"""A webhook as the Standard Webhooks describe it (standardwebhooks.com): id, time, signature.

The receiver takes a message once for each `webhook-id`, however often it comes.
"""

import base64
import binascii
import hashlib
import hmac
import json
import secrets as randomness
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.notifications.channels.failure import Failed
from portal.notifications.channels.parcels import FEW, Parcel, Told, judge

PREFIX = "whsec_"
SHORTEST, LONGEST = 24, 64  # bytes of a secret


def to_system(parcel: Parcel) -> None:
    """Raises Failed."""
    body = json.dumps(content(parcel), ensure_ascii=False, separators=(",", ":")).encode()
    if parcel.at is None or not parcel.secrets:
        raise Failed(_("The webhook has no secret to sign with."), tries=FEW)
    judge(
        parcel.post(parcel.address, body, headers(parcel.key, parcel.at, body, parcel.secrets))
    )


def headers(key: str, at: datetime, body: bytes, secrets: Iterable[str]) -> dict[str, str]:
    """What makes a body checkable: `v1` signatures over `id.timestamp.body`, one a secret."""
    stamp = str(int(at.timestamp()))
    return {
        "Content-Type": "application/json",
        "webhook-id": key,
        "webhook-timestamp": stamp,
        "webhook-signature": " ".join(signature(one, key, stamp, body) for one in secrets),
    }


def signature(secret: str, key: str, stamp: str, body: bytes) -> str:
    """`v1,…` over `id.timestamp.body`, as it is sent and as it is compared."""
    signed = b".".join([key.encode(), stamp.encode(), body])
    digest = hmac.new(raw(secret), signed, hashlib.sha256).digest()
    return f"v1,{base64.b64encode(digest).decode()}"


def raw(secret: str) -> bytes:
    """The bytes of a secret such as whsec_…; raises ValueError for any other text."""
    if not secret.startswith(PREFIX):
        raise ValueError(_("A secret begins with whsec_."))
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError(_("A secret is base64 after whsec_.")) from None
    if not SHORTEST <= len(key) <= LONGEST:
        raise ValueError(_("A secret has 24 to 64 bytes."))
    return key


def fresh_secret() -> str:
    return PREFIX + base64.b64encode(randomness.token_bytes(32)).decode()


def content(parcel: Parcel) -> dict[str, Any]:
    stamp = parcel.at.astimezone(UTC).isoformat() if parcel.at else ""
    notices = [_notice(notice) for notice in parcel.notices]
    return {
        "type": "notice.told",
        "timestamp": stamp,
        "data": {"subject": parcel.subject, "notices": notices, "more": parcel.more},
    }


def _notice(notice: Told) -> dict[str, Any]:
    people = zip(notice.people, notice.emails, strict=True)
    return {
        "reference": notice.reference,
        "about": notice.about,
        "level": notice.level,
        "title": notice.title,
        "text": notice.text,
        "link": notice.link,
        "recipients": [{"name": name, "email": email} for name, email in people],
    }
