"""An answer of the provider waits for the browser that asked for it, and counts once."""

import hashlib
import json
import secrets
from datetime import datetime

from django.core.cache import cache

from portal.accounts.sso.token import LEEWAY, Claims, TokenRefused

KEPT_FOR = 120  # seconds from the provider's answer to the browser's return


def once(claims: Claims, at: datetime) -> None:
    """Raises TokenRefused for an assertion that came before, as long as it would be good."""
    name = hashlib.sha256(f"{claims['iss']} {claims['jti']}".encode()).hexdigest()
    left = claims["exp"] - at.timestamp() + LEEWAY.total_seconds()
    if not cache.add(f"saml-used:{name}", 1, max(int(left) + 1, KEPT_FOR)):
        raise TokenRefused("this answer came before", later=True)


def keep(claims: Claims) -> str:
    """The key under which they are found again, for two minutes."""
    key = secrets.token_urlsafe(32)
    cache.set(f"saml-answer:{key}", json.dumps(claims), KEPT_FOR)
    return key


def taken(key: str) -> Claims:
    """The claims that were kept, which are there no more. Raises TokenRefused."""
    name = f"saml-answer:{key[:100]}"
    found = cache.get(name)
    cache.delete(name)
    if found is None:
        raise TokenRefused("this answer was used, or came long ago", later=True)
    claims: Claims = json.loads(found)
    return claims
