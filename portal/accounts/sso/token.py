"""An identity token is read: everything that OpenID Connect asks to be checked, and nothing
of it believed before its signature is. Pure: keys, text and the instant in, claims out.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt

ALGORITHMS = {
    "RS256": "RSA", "RS384": "RSA", "RS512": "RSA", "PS256": "RSA", "PS384": "RSA",
    "PS512": "RSA", "ES256": "EC", "ES384": "EC", "ES512": "EC", "EdDSA": "OKP",
}  # fmt: skip
"""What a provider may sign with, and of which kind the key then is. Nothing shared."""
LEEWAY = timedelta(seconds=60)
OLDEST = timedelta(minutes=10)
FRESH = timedelta(minutes=5)
RSA_BITS = 2048
LONGEST = 100_000  # characters

Claims = dict[str, Any]


class TokenRefused(Exception):
    """Why an identity token is not believed. `why` is for the log and for who runs the
    provider; `later` says that trying again may help."""

    def __init__(self, why: str, *, later: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.later = later


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What the token must say. `access_token` came beside it; `fresh`: its owner must have
    proved who they are in the last five minutes."""

    issuer: str
    client_id: str
    nonce: str
    at: datetime
    access_token: str = ""
    fresh: bool = False


def verified(text: str, keys: Iterable[Mapping[str, Any]], expected: Expected) -> Claims:
    """The claims of a token that is signed by one of `keys` (JWKs) and meant for this login.

    Raises TokenRefused.
    """
    header, claims = _opened(text, keys)
    _issued_to_us(claims, expected)
    _in_time(claims, expected.at)
    if not hmac.compare_digest(str(claims.get("nonce", "")).encode(), expected.nonce.encode()):
        raise TokenRefused("nonce is of another login", later=True)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject.strip() or len(subject) > 255:
        raise TokenRefused("sub is missing")
    if "at_hash" in claims:
        _same_access_token(claims["at_hash"], header["alg"], expected.access_token)
    if expected.fresh:
        authenticated_at(claims, expected.at)
    return claims


def authenticated_at(claims: Claims, at: datetime) -> datetime:
    """When the person last proved who they are, at most five minutes before `at`."""
    if "auth_time" not in claims:
        raise TokenRefused("auth_time is missing")
    moment = _instant(claims, "auth_time")
    if moment > at + LEEWAY:
        raise TokenRefused("auth_time is in the future")
    if at - moment > FRESH:
        raise TokenRefused("auth_time is more than five minutes ago", later=True)
    return min(moment, at)


def _opened(text: str, keys: Iterable[Mapping[str, Any]]) -> tuple[dict[str, Any], Claims]:
    if not isinstance(text, str) or len(text) > LONGEST or text.count(".") != 2:
        raise TokenRefused("this is no signed token")
    try:
        header = jwt.get_unverified_header(text)
    except jwt.PyJWTError as error:
        raise TokenRefused("the header cannot be read") from error
    algorithm = header.get("alg")
    if algorithm not in ALGORITHMS:
        raise TokenRefused(f"signed with {algorithm!s:.20}, which is not accepted")
    if "crit" in header:
        raise TokenRefused("it asks for an extension that is not known")
    key = _key(header, keys)
    try:
        payload = jwt.PyJWS().decode(text, key, algorithms=[algorithm])
        claims = json.loads(payload)
    except (jwt.PyJWTError, ValueError) as error:
        raise TokenRefused("the signature does not fit") from error
    if not isinstance(claims, dict):
        raise TokenRefused("the claims are no object")
    return header, claims


def published_key(text: str, keys: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Of a verified token the key, as the provider publishes it: for who checks it later."""
    header = jwt.get_unverified_header(text)
    return dict(_fitting(header, keys)[0])


def _fitting(
    header: Mapping[str, Any], keys: Iterable[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    kind, kid = ALGORITHMS[header["alg"]], header.get("kid")
    return [
        key
        for key in keys
        if isinstance(key, Mapping)
        and key.get("kty") == kind
        and key.get("use", "sig") == "sig"
        and key.get("alg", header["alg"]) == header["alg"]
        and (kid is None or key.get("kid") == kid)
    ]


def _key(header: Mapping[str, Any], keys: Iterable[Mapping[str, Any]]) -> Any:
    """The provider's own key of that name; a key that the token brings along is no key."""
    fitting = _fitting(header, keys)
    if len(fitting) != 1:
        # Keys are changed now and then: the next attempt reads them again.
        raise TokenRefused("the provider has no such key", later=True)
    try:
        found = jwt.PyJWK(dict(fitting[0]), algorithm=header["alg"]).key
    except (jwt.PyJWTError, ValueError, TypeError) as error:
        raise TokenRefused("the provider's key cannot be read") from error
    if ALGORITHMS[header["alg"]] == "RSA" and getattr(found, "key_size", 0) < RSA_BITS:
        raise TokenRefused("the provider's key is too short")
    return found


def _issued_to_us(claims: Claims, expected: Expected) -> None:
    if claims.get("iss") != expected.issuer:
        raise TokenRefused("iss is another issuer")
    audience = claims.get("aud")
    told = audience if isinstance(audience, list) else [audience]
    if expected.client_id not in told:
        raise TokenRefused("aud is another client")
    if len(told) > 1 and "azp" not in claims:
        raise TokenRefused("azp is missing, and aud names several clients")
    if claims.get("azp", expected.client_id) != expected.client_id:
        raise TokenRefused("azp is another client")


def _in_time(claims: Claims, at: datetime) -> None:
    if _instant(claims, "exp") <= at - LEEWAY:
        raise TokenRefused("it has expired", later=True)
    if "nbf" in claims and _instant(claims, "nbf") > at + LEEWAY:
        raise TokenRefused("it is not valid yet", later=True)
    issued = _instant(claims, "iat")
    if issued > at + LEEWAY:
        raise TokenRefused("iat is in the future", later=True)
    if at - issued > OLDEST:
        raise TokenRefused("it was made more than ten minutes ago", later=True)


def _instant(claims: Claims, name: str) -> datetime:
    seconds = claims.get(name)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        raise TokenRefused(f"{name} is no number")
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError) as error:
        raise TokenRefused(f"{name} is no instant") from error


def _same_access_token(told: Any, algorithm: str, access_token: str) -> None:
    name = "sha512" if algorithm == "EdDSA" else f"sha{algorithm[2:]}"
    digest = hashlib.new(name, access_token.encode()).digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode()
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), half.encode()):
        raise TokenRefused("at_hash is of another access token")
