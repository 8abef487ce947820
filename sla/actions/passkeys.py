"""Signing by passkey: what a signatory's device is asked, and what its answer must be.

The device signs a challenge that is the SHA-256 of a canonical JSON text: a tag, the
fingerprint of the terms, agreement, version, revision, department, signer, and the head of
the ledger. So the answer holds for this text, this department and this moment alone.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.actions import passkeys
from portal.accounts.errors import PasskeyRefused
from portal.accounts.models import Challenge, Passkey, User
from portal.accounts.passkeys import ceremony
from portal.accounts.passkeys.ceremony import Site
from sla.actions.proofs import Proof, of_passkey
from sla.models import Version

TAG = "concord signature 1"


@dataclass(frozen=True)
class Answer:
    """What the browser sent back, and from where."""

    credential: Mapping[str, Any]
    site: Site


def ask(*, version: Version, by: User, site: Site, at: datetime) -> dict[str, Any]:
    """Options for `navigator.credentials.get`, over the text as it is stored now.

    Raises PasskeyRefused if this person has no passkey to answer with.
    """
    known = list(by.passkeys.usable())
    if not known:
        raise PasskeyRefused(_("You have no passkey yet. Add one, or sign with your code."))
    challenge = passkeys.new_challenge(
        user=by, purpose=Challenge.Purpose.SIGN, inputs=matter(version, by), at=at
    )
    return ceremony.signing_options(ceremony.challenge_of(challenge.inputs), site, known)


def check(version: Version, by: User, answer: Answer, at: datetime) -> Proof:
    """The proof, if a passkey of `by` signed exactly this: an inner step of signing.

    Raises PasskeyRefused with the reason.
    """
    given = ceremony.read_assertion(answer.credential)
    challenge = passkeys.spend(
        user=by, purpose=Challenge.Purpose.SIGN, client_data=given.client_data, at=at
    )
    if not same_matter(json.loads(challenge.inputs), matter(version, by)):
        raise PasskeyRefused(
            _(
                "Your device was asked about another text, revision or department. Nothing was"
                " signed; load the page again."
            )
        )
    key = Passkey.objects.select_for_update(no_key=True).filter(
        credential_id=given.credential_id, user=by
    )
    passkey = key.usable().first()
    if passkey is None:
        raise PasskeyRefused(_("This passkey is not one of yours, or was revoked."))
    passkey.sign_count = ceremony.check_assertion(
        given, ceremony.challenge_of(challenge.inputs), answer.site, passkey
    )
    passkey.last_used_at = at
    passkey.save(update_fields=["sign_count", "last_used_at"])
    return of_passkey(passkey, challenge, given, answer.site, at)


def matter(version: Version, by: User) -> dict[str, Any]:
    """What is signed, by whom and when, as counted by the ledger."""
    seq, head = ledger.tip()
    return {
        "agreement": version.agreement.key,
        "department": by.department_id,
        "digest": version.digest,
        "head": head,
        "head_seq": seq,
        "revision": version.revision,
        "signer": by.pk,
        "tag": TAG,
        "version": version.number,
    }


def same_matter(asked: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether what was asked is what is signed; the ledger may have grown meanwhile."""
    grown = {"head", "head_seq"}
    return all(asked.get(name) == now[name] for name in now.keys() - grown)
