"""Recovery codes: ten of 120 bits each from the system's chance, shown once, and kept as
digests alone. Of so many bits none is guessed, so the digest need not be a slow one."""

import base64
import hashlib
import secrets

from allauth.mfa.models import Authenticator
from django.db import transaction

HOW_MANY = 10
BYTES = 15
GROUP = 4
ALIKE = str.maketrans("018", "OIB")


def renew(kept: Authenticator) -> list[str]:
    """Put new codes into a row, whose old ones end; the only time that they can be read."""
    made = [_made() for _ in range(HOW_MANY)]
    kept.data = {"digests": [_digest(code) for code in made]}
    kept.save(update_fields=["data"])
    return made


def left(kept: Authenticator | None) -> int:
    """How many still let in. A row of before holds a seed and none of these: 0."""
    return len(kept.data.get("digests", ())) if kept else 0


@transaction.atomic
def take(kept: Authenticator, code: str) -> bool:
    """Whether `code`, written in any way, is one of these; if so it is used up."""
    locked = Authenticator.objects.select_for_update(no_key=True).get(pk=kept.pk)
    there = list(locked.data.get("digests", ()))
    wanted = _digest(code)
    if wanted not in there:
        return False
    there.remove(wanted)
    locked.data = {"digests": there}
    locked.save(update_fields=["data"])
    return True


def _made() -> str:
    said = base64.b32encode(secrets.token_bytes(BYTES)).decode()
    return "-".join(said[at : at + GROUP] for at in range(0, len(said), GROUP))


def _digest(code: str) -> str:
    plain = "".join(sign for sign in code.upper() if sign.isalnum()).translate(ALIKE)
    return hashlib.sha256(f"recovery code {plain}".encode()).hexdigest()
