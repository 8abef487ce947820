"""What leaves as one message: one row of the outbox, or a digest of several."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.notifications.models import Delivery

_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]+")


@dataclass(frozen=True)
class Message:
    """Rows of one recipient and channel, in the order in which they were told."""

    recipient: User
    rows: tuple[Delivery, ...]

    @property
    def key(self) -> UUID:
        """The same for the same rows, so that a repeat after a crash is known as one."""
        if len(self.rows) == 1:
            return self.rows[0].key
        return uuid5(NAMESPACE_URL, ",".join(str(row.key) for row in self.rows))

    @property
    def traces(self) -> list[tuple[str, object]]:
        """By what the trace of each row is found."""
        return [("message", row.key) for row in self.rows]

    @property
    def is_digest(self) -> bool:
        return self.rows[0].digest != Delivery.Digest.NONE

    @property
    def is_catch_up(self) -> bool:
        return self.rows[0].digest == Delivery.Digest.CATCH_UP

    @property
    def attempts(self) -> int:
        return max(row.attempts for row in self.rows)

    @property
    def subject(self) -> str:
        """One line, whatever the titles hold."""
        if len(self.rows) == 1:
            return one_line(self.rows[0].title)
        title = ngettext("%(count)d notice", "%(count)d notices", len(self.rows))
        return title % {"count": len(self.rows)}


def one_line(text: str) -> str:
    """`text` without line breaks, control characters, and marks that turn its direction."""
    return _UNSEEN.sub(" ", text).strip()


def address(link: str) -> str:
    """A path of the portal as an address that can be opened from outside."""
    return f"{settings.BASE_URL.rstrip('/')}{link}" if link else ""


def in_order(rows: Sequence[Delivery]) -> tuple[Delivery, ...]:
    return tuple(sorted(rows, key=lambda row: (row.created_at, row.pk)))
