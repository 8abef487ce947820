"""What is asked of a device and what its answer proves. Values in, values out."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    options_to_json_dict,
    parse_authentication_credential_json,
)
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.errors import PasskeyRefused
from portal.accounts.models import Passkey, User

# The two whose signatures the stand-alone verifier can check with the standard library.
ALGORITHMS = [COSEAlgorithmIdentifier.EDDSA, COSEAlgorithmIdentifier.ECDSA_SHA_256]
BROKEN = (WebAuthnException, ValueError, KeyError, TypeError)


@dataclass(frozen=True)
class Site:
    """Where the browser is: `name` is the host without its port, `origin` has the scheme."""

    name: str
    origin: str


@dataclass(frozen=True)
class Enrolled:
    """What a device said when it made a key; the id is base64url, the key COSE."""

    credential_id: str
    public_key: bytes
    sign_count: int


@dataclass(frozen=True)
class Assertion:
    """A device's signature, each part in base64url as it came."""

    credential_id: str
    client_data: str
    authenticator_data: str
    signature: str


def challenge_of(inputs: str) -> bytes:
    """The 32 bytes that a device signs for these inputs."""
    return hashlib.sha256(inputs.encode()).digest()


def key_digest(public_key: bytes) -> str:
    return hashlib.sha256(public_key).hexdigest()


def enrolment_options(
    user: User, challenge: bytes, site: Site, known: Iterable[Passkey]
) -> dict[str, Any]:
    """For `navigator.credentials.create`. The device verifies its owner, by touch or PIN."""
    options = generate_registration_options(
        rp_id=site.name,
        rp_name="Concord",
        user_id=f"concord user {user.pk}".encode(),
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_descriptors(known),
        supported_pub_key_algs=ALGORITHMS,
    )
    return options_to_json_dict(options)


def signing_options(challenge: bytes, site: Site, known: Iterable[Passkey]) -> dict[str, Any]:
    """For `navigator.credentials.get`."""
    options = generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        allow_credentials=_descriptors(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def read_enrolment(answer: Mapping[str, Any], challenge: bytes, site: Site) -> Enrolled:
    """Raises PasskeyRefused unless the device answered this challenge, here, with consent."""
    try:
        made = verify_registration_response(
            credential=dict(answer),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
            supported_pub_key_algs=ALGORITHMS,
        )
    except BROKEN as error:
        raise PasskeyRefused(
            _("The device's answer was refused: %(error)s.") % {"error": error}
        ) from error
    return Enrolled(
        bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count
    )


def read_assertion(answer: Mapping[str, Any]) -> Assertion:
    """The parts of an answer, not yet believed. Raises PasskeyRefused if it has no shape."""
    try:
        parsed = parse_authentication_credential_json(dict(answer))
    except BROKEN as error:
        raise PasskeyRefused(_("The device's answer cannot be read.")) from error
    response = parsed.response
    return Assertion(
        parsed.id,
        bytes_to_base64url(response.client_data_json),
        bytes_to_base64url(response.authenticator_data),
        bytes_to_base64url(response.signature),
    )


def check_assertion(given: Assertion, challenge: bytes, site: Site, key: Passkey) -> int:
    """Whether `key` signed this challenge, here, with its owner verified: the new count.

    Raises PasskeyRefused with the reason.
    """
    try:
        seen = verify_authentication_response(
            credential=_as_sent(given),
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=bytes(key.public_key),
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except BROKEN as error:
        raise PasskeyRefused(
            _("The passkey's signature was refused: %(error)s.") % {"error": error}
        ) from error
    return seen.new_sign_count


def _as_sent(given: Assertion) -> dict[str, Any]:
    return {
        "id": given.credential_id,
        "rawId": given.credential_id,
        "type": "public-key",
        "response": {
            "clientDataJSON": given.client_data,
            "authenticatorData": given.authenticator_data,
            "signature": given.signature,
        },
    }


def _descriptors(known: Iterable[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    ids = [base64url_to_bytes(key.credential_id) for key in known]
    return [PublicKeyCredentialDescriptor(id=one) for one in ids]


def named_challenge(client_data: str) -> str:
    """The challenge, in base64url, that an answer claims to be for."""
    try:
        named = json.loads(base64url_to_bytes(client_data))["challenge"]
    except BROKEN as error:
        raise PasskeyRefused(_("The device's answer cannot be read.")) from error
    return str(named)[:60]


def enrolment_client_data(answer: Mapping[str, Any]) -> str:
    try:
        return str(answer["response"]["clientDataJSON"])
    except BROKEN as error:
        raise PasskeyRefused(_("The device's answer cannot be read.")) from error
