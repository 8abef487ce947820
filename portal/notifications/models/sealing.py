"""Secrets at rest: readable for the portal, and for nobody who has only the database."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.encoding import force_bytes
from django.utils.translation import gettext as _


class Unreadable(Exception):
    """It was sealed under a SECRET_KEY that this portal does not know any more."""


def seal(text: str) -> str:
    """Encrypt and authenticate; nothing stays nothing."""
    return _keys().encrypt(text.encode()).decode() if text else ""


def unseal(sealed: str) -> str:
    """The text that was sealed. Raises Unreadable."""
    if not sealed:
        return ""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise Unreadable(_("It was stored under another SECRET_KEY; type it again.")) from None


def _keys() -> MultiFernet:
    """The portal's key first, then those it replaced, so that a key can be turned."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(force_bytes(key))) for key in keys])


def _derived(key: bytes) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(b"concord endpoints " + key).digest())
