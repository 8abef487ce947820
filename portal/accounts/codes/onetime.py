"""One-time codes of RFC 6238 by HMAC-SHA-256, six digits every half minute.

Of before, or where `CODES_DIGEST` says so for apps that know nothing else, a seed has the
RFC's first digest: its row names none, and django-allauth reads it.
"""

import base64
from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.twofactor.hotp import HOTP
from django.conf import settings

DIGITS = 6
DIGEST = "sha256"


def activate(user: Any, secret: str) -> Authenticator:
    """Keep `secret` (base32), sealed, as this person's; its codes fit from now on."""
    return remember(totp.TOTP.activate(user, secret).instance)


def remember(factor: Authenticator) -> Authenticator:
    """Note by which digest the seed in a row that was just made gives its codes."""
    if settings.CODES_DIGEST == DIGEST:
        factor.data["digest"] = DIGEST
        factor.save(update_fields=["data"])
    return factor


def code_at(secret: str, counter: int) -> str:
    """The code of the half minute with the number `counter` since 1970."""
    key = base64.b32decode(secret.encode("ascii"), casefold=True)
    made = HOTP(key, DIGITS, SHA256(), enforce_key_length=False).generate(counter)
    return made.decode()


def of_now(factor: Authenticator) -> str:
    """What an app shows that has this factor's seed. Only a demo shows it to anybody."""
    secret = decrypt(factor.data["secret"])
    counters = list(totp.yield_hotp_counters_from_time())  # one before and one after now, too
    counter = counters[len(counters) // 2]
    if factor.data.get("digest") == DIGEST:
        return code_at(secret, counter)
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


def fits(secret: str, code: str) -> bool:
    """Whether `code` is one of now for who sets up codes now."""
    if settings.CODES_DIGEST != DIGEST:
        return bool(totp.validate_totp_code(secret, code))
    return _fits(secret, code)


def take(factor: Authenticator, code: str) -> bool:
    """Whether `code` is this factor's of now and was not used; if so it is used up."""
    kept = factor.wrap()
    if factor.data.get("digest") != DIGEST:
        return bool(kept.validate_code(code))
    secret = decrypt(factor.data["secret"])
    return _fits(secret, code) and bool(kept._mark_code_used(code))


def _fits(secret: str, code: str) -> bool:
    counters = totp.yield_hotp_counters_from_time()
    return any(
        compare_user_code(actual=code, expected=code_at(secret, counter))
        for counter in counters
    )
