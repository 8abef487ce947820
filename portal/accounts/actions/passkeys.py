"""Enrolling, renaming and revoking a passkey: by its owner, who just proved who they are."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _
from webauthn.helpers import bytes_to_base64url

from portal import ledger
from portal.accounts.errors import PasskeyRefused
from portal.accounts.models import Challenge, Passkey, User
from portal.accounts.passkeys import ceremony
from portal.accounts.passkeys.ceremony import Site
from portal.ledger.chain import canonical
from portal.notifications import outbox
from portal.reader.language import Phrase

VALID = timedelta(minutes=5)
MOST = 10  # passkeys of one person


def new_challenge(
    *, user: User, purpose: str, inputs: Mapping[str, Any], at: datetime
) -> Challenge:
    """Something for the device of `user` to sign once, within five minutes.

    `inputs` says for what; a random number is added. What this person left unanswered
    before, for this purpose, is void.
    """
    text = canonical({**inputs, "nonce": secrets.token_hex(16)})
    Challenge.objects.filter(user=user, purpose=purpose, used_at=None).delete()
    return Challenge.objects.create(
        digest=bytes_to_base64url(ceremony.challenge_of(text)),
        user=user,
        purpose=purpose,
        inputs=text,
        expires_at=at + VALID,
    )


def spend(*, user: User, purpose: str, client_data: str, at: datetime) -> Challenge:
    """Use up the challenge that an answer names: an inner step.

    Raises PasskeyRefused if it was never given to this person for this, is used or expired.
    """
    digest = ceremony.named_challenge(client_data)
    mine = Challenge.objects.filter(pk=digest, user=user, purpose=purpose)
    if mine.open(at).update(used_at=at) != 1:
        raise PasskeyRefused(_("This answer came too late, or was used before. Try again."))
    return mine.get()


@ledger.recorded
def enrol(
    *, by: User, answer: Mapping[str, Any], name: str, site: Site, at: datetime
) -> Passkey:
    """Keep the public key that a device of `by` has just made.

    The digest of the key stands in the ledger: from the next published head on, nobody
    can put another in its place. The person is told by mail. Raises PasskeyRefused.
    """
    client_data = ceremony.enrolment_client_data(answer)
    challenge = spend(user=by, purpose=Challenge.Purpose.ENROL, client_data=client_data, at=at)
    if by.passkeys.usable().count() >= MOST:
        raise PasskeyRefused(_("Ten passkeys are enough. Revoke one that you no longer use."))
    made = ceremony.read_enrolment(answer, ceremony.challenge_of(challenge.inputs), site)
    try:
        with ledger.savepoint():
            passkey = Passkey.objects.create(
                user=by,
                name=name,
                credential_id=made.credential_id,
                public_key=made.public_key,
                key_digest=ceremony.key_digest(made.public_key),
                sign_count=made.sign_count,
                enrolled_at=at,
            )
    except IntegrityError as error:
        raise PasskeyRefused(_("This passkey is enrolled already.")) from error
    _record("passkey_enrolled", passkey, by=by, at=at)
    _tell(passkey, "account", Phrase("A passkey was added to your account"), at)
    return passkey


@ledger.recorded
def rename(*, passkey_id: int, by: User, name: str, at: datetime) -> Passkey:
    """Give one's own passkey another name; the key itself never changes."""
    passkey = _own(passkey_id, by)
    passkey.name = name
    passkey.save(update_fields=["name"])
    _record("passkey_renamed", passkey, by=by, at=at)
    return passkey


@ledger.recorded
def revoke(*, passkey_id: int, by: User, at: datetime) -> Passkey:
    """Let it sign no more. What it signed stays signed, and can still be checked."""
    passkey = _own(passkey_id, by)
    if passkey.revoked_at is not None:
        raise PasskeyRefused(_("It was revoked before."))
    passkey.revoked_at = at
    passkey.save(update_fields=["revoked_at"])
    _record("passkey_revoked", passkey, by=by, at=at)
    _tell(passkey, "revoked", Phrase("A passkey of yours was revoked"), at)
    return passkey


def _own(passkey_id: int, by: User) -> Passkey:
    return Passkey.objects.select_for_update(no_key=True).get(pk=passkey_id, user=by)


def _record(kind: str, passkey: Passkey, *, by: User, at: datetime) -> None:
    clear = {"user": passkey.user_id, "key": passkey.key_digest}
    ledger.append(kind, at=at, by=by, subject=("passkey", passkey.pk), clear=clear)


def _tell(passkey: Passkey, what: str, title: Phrase, at: datetime) -> None:
    outbox.tell(
        about=f"passkey:{passkey.pk}:{what}",
        to=[passkey.user],
        channels=("in_app", "mail"),
        title=title,
        text=Phrase("“%(name)s”. If this was not you, tell an administrator at once.")
        % {"name": passkey.name},
        at=at,
    )
