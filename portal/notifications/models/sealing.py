"""Secrets at rest: readable for the portal, and for nobody who has only the database.

AES-256-GCM under a key that is derived from SECRET_KEY. What was sealed before that, by Fernet,
is read until it is sealed again: `manage.py reseal`.
"""

import base64
import binascii
import hashlib
import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _

SEALED = "g1."
NONCE = 12  # bytes


class Unreadable(Exception):
    """It was sealed under a SECRET_KEY that this portal does not know any more."""


def seal(text: str) -> str:
    """Encrypt and authenticate; nothing stays nothing."""
    if not text:
        return ""
    nonce = os.urandom(NONCE)
    sealed = AESGCM(_keys()[0]).encrypt(nonce, text.encode(), SEALED.encode())
    return SEALED + base64.urlsafe_b64encode(nonce + sealed).decode()


def is_sealed(text: str) -> bool:
    """Whether it is a text that `seal` made, and not one of before."""
    return text.startswith(SEALED)


def unseal(sealed: str) -> str:
    """The text that was sealed. Raises Unreadable."""
    if not sealed:
        return ""
    found = _opened(sealed) if is_sealed(sealed) else _of_before(sealed)
    if found is None:
        raise Unreadable(_("It was stored under another SECRET_KEY; type it again."))
    return found.decode()


def _opened(sealed: str) -> bytes | None:
    try:
        data = base64.urlsafe_b64decode(sealed.removeprefix(SEALED))
    except (binascii.Error, ValueError):
        return None
    for key in _keys():
        try:
            return AESGCM(key).decrypt(data[:NONCE], data[NONCE:], SEALED.encode())
        except (InvalidTag, ValueError):
            continue
    return None


def _of_before(sealed: str) -> bytes | None:
    older = [b"concord endpoints " + force_bytes(key) for key in _secrets()]
    keys = [base64.urlsafe_b64encode(hashlib.sha256(key).digest()) for key in older]
    try:
        return MultiFernet([Fernet(key) for key in keys]).decrypt(sealed.encode())
    except InvalidToken:
        return None


def _secrets() -> list[str | bytes]:
    """The portal's key first, then those it replaced, so that a key can be turned."""
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]


def _keys() -> list[bytes]:
    return [_derived(force_bytes(key)) for key in _secrets()]


@lru_cache(maxsize=8)
def _derived(key: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"concord sealed").derive(key)
