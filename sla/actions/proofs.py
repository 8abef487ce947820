"""What shows who signed, in a form that can be kept, printed, and checked by a stranger.

A proof is a JSON object of text and integers; its digest stands in the ledger beside the
signature. Of a passkey it holds all that a stranger needs to check the signature offline.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.utils import decrypt

from portal.accounts.models import Challenge, Passkey, User
from portal.accounts.passkeys.ceremony import Assertion, Site
from portal.ledger.chain import canonical
from portal.ledger.models import LedgerEntry

WATCHED = timedelta(days=30)
CHANGES = ("account_changed", "configured", "person_invited")
TELLING = {
    "email", "password", "second factor", "identity", "is_signatory", "department",
    "invitation",
}  # fmt: skip

Proof = dict[str, Any]


def of_code(by: User, at: datetime) -> Proof:
    """When the one-time code was set up, and what others changed of the account lately."""
    factor = _factor(by)
    enrolled = _entries(by).filter(kind="factor_enrolled").last()
    return {
        "kind": "password_totp",
        "set_up_at": factor.created_at.isoformat() if factor else "",
        "enrolled_seq": enrolled.seq if enrolled else None,
        "changed_by_others": changed_by_others(by, at),
    }


def of_passkey(
    passkey: Passkey, challenge: Challenge, given: Assertion, site: Site, at: datetime
) -> Proof:
    """Everything with which `verify_agreement.py` checks the device's signature again."""
    about = LedgerEntry.objects.about(("passkey", passkey.pk))
    enrolled = about.filter(kind="passkey_enrolled").first()
    return {
        "kind": "passkey",
        "name": passkey.name,
        "credential_id": given.credential_id,
        "public_key": bytes(passkey.public_key).hex(),
        "key_digest": passkey.key_digest,
        "client_data": given.client_data,
        "authenticator_data": given.authenticator_data,
        "signature": given.signature,
        "challenge": challenge.inputs,
        "site": site.name,
        "origin": site.origin,
        "enrolled_at": passkey.enrolled_at.isoformat(),
        "enrolled_seq": enrolled.seq if enrolled else None,
        "changed_by_others": changed_by_others(passkey.user, at),
    }


def changed_by_others(by: User, at: datetime) -> list[dict[str, Any]]:
    """What somebody else changed of an account in the 30 days before `at`, that could have
    let them act as its owner: seq of the entry, instant, and the fields. Whoever makes an
    invitation has seen the link by which its owner chooses the first password."""
    lately = _entries(by).filter(kind__in=CHANGES, at__gt=at - WATCHED, at__lte=at)
    others = lately.exclude(actor_id=by.pk)
    told = ((entry, TELLING & _fields(entry)) for entry in others)
    return [
        {"seq": entry.seq, "at": entry.at.isoformat(), "what": sorted(fields)}
        for entry, fields in told
        if fields
    ]


def _fields(entry: LedgerEntry) -> set[str]:
    if entry.kind == "person_invited":
        return {"invitation"}
    return set(entry.clear.get("fields", ()))


def digest(proof: Proof) -> str:
    return hashlib.sha256(canonical(proof).encode()).hexdigest()


def share_a_secret(one: User, other: User) -> bool:
    """Whether two people's codes come from one secret, that is, from one app."""
    factors = [_factor(one), _factor(other)]
    secrets = [decrypt(factor.data["secret"]) for factor in factors if factor is not None]
    return len(secrets) == 2 and secrets[0] == secrets[1]


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses reach one person: case and `+tag` aside."""
    return _mailbox(one) == _mailbox(other)


def _mailbox(address: str) -> tuple[str, str]:
    name, _, host = address.casefold().rpartition("@")
    return name.partition("+")[0], host


def _factor(user: User) -> Any:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()


def _entries(user: User) -> Any:
    return LedgerEntry.objects.about(("user", user.pk))
