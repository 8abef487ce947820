"""A message packed for an endpoint: all that sending needs, so that it reads no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from portal.notifications import http
from portal.notifications.channels.failure import Failed
from portal.notifications.messages import Message, address, one_line
from portal.notifications.models import Delivery

MOST_NOTICES = 20  # of a digest in a chat; the rest are in the portal
MOST_TO_A_SYSTEM = 2_000  # nobody looks into the portal for a system, so it gets them all
MOST_TEXT = 1_500  # characters of one notice
MOST_WAIT = timedelta(hours=1)
FEW = 3  # tries, where the same again would be refused again
_LATER = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Told:
    """One notice as it is written outside: lines of plain text, a link, a reference."""

    title: str
    text: str
    link: str
    reference: str
    level: str
    about: str
    people: tuple[str, ...]
    emails: tuple[str, ...]


@dataclass(frozen=True)
class Parcel:
    """Where to, with which secrets, what. `account`: a person at the other end, if one."""

    kind: str
    address: str
    secrets: tuple[str, ...]
    allows_http: bool
    key: str
    subject: str
    notices: tuple[Told, ...]
    more: int = 0
    account: str = ""
    at: datetime | None = field(default=None, compare=False)

    def post(
        self, url: str, body: bytes, headers: Mapping[str, str] | None = None
    ) -> http.Reply:
        """Send a body through the guard and return the answer. Raises Failed."""
        policy = http.policy(allows_http=self.allows_http)
        try:
            return http.send(url, policy=policy, body=body, headers=headers)
        except http.Refused as refusal:
            raise Failed(str(refusal), tries=FEW) from refusal
        except http.Unreachable as error:
            reason = _("It did not answer: %(error)s.") % {"error": error}
            raise Failed(reason, down=True) from error


def told(message: Message) -> tuple[Told, ...]:
    """The notices of a message, each cause once, with all whom it is for."""
    found: dict[str, list[Delivery]] = {}
    for row in message.rows:
        found.setdefault(row.about, []).append(row)
    return tuple(
        Told(
            title=one_line(rows[0].title),
            text=rows[0].text[:MOST_TEXT],
            link=address(rows[0].link),
            reference=rows[0].reference,
            level=rows[0].level,
            about=rows[0].about,
            people=tuple(one_line(str(row.recipient)) for row in rows),
            emails=tuple(row.recipient.email for row in rows),
        )
        for rows in found.values()
    )


def judge(reply: http.Reply) -> None:
    """Raises Failed for every status but those that say it was taken."""
    status = reply.status
    if reply.is_ok:
        return
    reason = _("It answered %(status)s.") % {"status": status}
    if status in _LATER or status >= 500:
        raise Failed(reason, down=True, wait=reply.retry_after(MOST_WAIT))
    if status == 410:
        raise Failed(_("It answered 410: it is gone for good."), gone=True)
    if 300 <= status < 400:
        reason = _("It answered %(status)s, a redirect, which is not followed.") % {
            "status": status
        }
    raise Failed(reason, tries=FEW)
