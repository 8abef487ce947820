"""Passwords that anybody would try here first: made of what the portal and its people are
called. The words stand in docs/identity.md, too."""

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

WORDS = frozenset({
    "concord", "portal", "sales", "vertrieb", "marketing", "operations", "agreement", "lead",
    "leads", "handoff", "manager", "auditor", "admin", "administrator", "password", "passwort",
    "welcome", "willkommen", "login", "spring", "summer", "autumn", "winter", "sommer",
    "herbst",
})  # fmt: skip
FEWEST = 4  # letters besides


class OurWords(CommonPasswordValidator):
    """Refuses a password that is one of our words, or several, and next to nothing else:
    `Concord-Sales-2026`. The parts of the portal's own host count as such words."""

    def __init__(self) -> None:
        # Django's list of common ones is not read: its own validator does that.
        host = (urlsplit(settings.BASE_URL).hostname or "").casefold()
        self.passwords = {*WORDS, *re.findall(r"[^\W\d_]{3,}", host)}

    def validate(self, password: str, user: object = None) -> None:
        letters = "".join(re.findall(r"[^\W\d_]", password.casefold()))
        longest_first = sorted(self.passwords, key=len, reverse=True)
        rest = re.sub("|".join(map(re.escape, longest_first)), "", letters)
        if rest != letters and len(rest) < FEWEST:
            raise ValidationError(self.get_error_message(), code="password_too_common")
