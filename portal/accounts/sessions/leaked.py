"""Passwords that were leaked elsewhere: who guesses begins with them. `tools/passwords.py`
makes the file, which holds digests and no words."""

from functools import cache
from hashlib import sha256
from pathlib import Path

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

FILE = Path(__file__).with_name("leaked.bin")
SIZE = 6  # bytes of each digest: a password of nobody's is taken for one in 6 thousand million


def digest(password: str) -> bytes:
    """Of a password in small letters: `QwertyQwerty` is guessed right after `qwertyqwerty`."""
    return sha256(password.lower().encode("utf-8", "surrogatepass")).digest()[:SIZE]


@cache
def known() -> frozenset[bytes]:
    """The digests of all of them."""
    whole = FILE.read_bytes()
    return frozenset(whole[at : at + SIZE] for at in range(0, len(whole), SIZE))


class Leaked(CommonPasswordValidator):
    """Refuses a password that stands among the commonest of those that were leaked. In place
    of Django's list, whose words that are long enough here stand among them, too."""

    def __init__(self) -> None:
        self.passwords = set()  # Django's list is not read

    def validate(self, password: str, user: object = None) -> None:
        if digest(password) in known():
            raise ValidationError(self.get_error_message(), code="password_too_common")
