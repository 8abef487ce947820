"""A login at the identity provider that confirms one text, and no other.

The nonce that the provider must repeat in its signed token is the SHA-256 of a canonical JSON
text: the same matter that a passkey signs. So the token itself says what was confirmed.
"""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal.accounts.actions.directory import identity_of
from portal.accounts.models import User
from portal.ledger.chain import canonical
from portal.ledger.models import LedgerEntry
from sla.actions.passkeys import matter, same_matter
from sla.actions.proofs import Proof, changed_by_others
from sla.errors import LoginProvesNothing
from sla.models import Version

KEY = {"crv", "e", "kid", "kty", "n", "x", "y"}


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """What came back: a token that was verified, the key that signed it, and the matter
    whose digest was its nonce."""

    challenge: str
    claims: Mapping[str, Any]
    token: str
    key: Mapping[str, Any]
    client_id: str
    authenticated_at: datetime


def ask(version: Version, by: User) -> str:
    """The matter to confirm, over the text as it is stored now."""
    return canonical({**matter(version, by), "nonce": secrets.token_hex(16)})


def nonce_of(challenge: str) -> str:
    digest = hashlib.sha256(challenge.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def check(version: Version, by: User, confirmed: Confirmed, at: datetime) -> Proof:
    """The proof, if the provider says that `by` confirmed exactly this: an inner step.

    Raises LoginProvesNothing with the reason.
    """
    claims = confirmed.claims
    identity = identity_of(claims["iss"], claims["sub"])
    if identity is None or identity.user_id != by.pk:
        raise LoginProvesNothing(
            _(
                "Somebody else signed in at your company, or your account is not connected to"
                " it yet. Sign out, sign in with your company once, then confirm again."
            )
        )
    asked = json.loads(confirmed.challenge)
    if claims["nonce"] != nonce_of(confirmed.challenge) or not same_matter(
        asked, matter(version, by)
    ):
        raise LoginProvesNothing(
            _("You confirmed another text, revision or department. Nothing was signed.")
        )
    about = LedgerEntry.objects.about(("user", by.pk)).filter(kind="identity_linked")
    linked = about.order_by("-seq").first()
    return {
        "kind": "identity_provider",
        "issuer": claims["iss"],
        "client_id": confirmed.client_id,
        "subject": claims["sub"],
        "challenge": confirmed.challenge,
        "token": confirmed.token,
        "key": {name: confirmed.key[name] for name in sorted(KEY & confirmed.key.keys())},
        "enrolled_at": identity.date_joined.isoformat(),
        "enrolled_seq": linked.seq if linked else None,
        "changed_by_others": changed_by_others(by, at),
    }
