"""Slack: a channel by its incoming webhook, a person by a bot's direct message."""

import json
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from portal.notifications.channels.failure import Failed
from portal.notifications.channels.parcels import FEW, Parcel, Told, judge

API = "https://slack.com/api/"
MOST_BLOCK = 2_900  # characters; Slack takes 3,000
_GONE = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked"})
_DOWN = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable"})
_JSON = {"Content-Type": "application/json; charset=utf-8"}


def escaped(text: str) -> str:
    """Slack's three control characters; no mention, link or command is left."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def to_channel(parcel: Parcel) -> None:
    """Raises Failed."""
    judge(parcel.post(parcel.address, _body(content(parcel)), _JSON))


def to_person(parcel: Parcel) -> None:
    """Raises Failed."""
    if not parcel.account:
        raise Failed(_("This person is not connected any more."), tries=1)
    _ask(parcel, "chat.postMessage", content(parcel) | {"channel": parcel.account})


def account_of(parcel: Parcel, email: str) -> str:
    """The Slack id of whoever has this mail address there. Raises Failed."""
    found = _ask(parcel, "users.lookupByEmail?" + urlencode({"email": email}), {})
    account = (found.get("user") or {}).get("id")
    if not isinstance(account, str) or not account:
        raise Failed(_("Slack's answer names nobody."), tries=FEW)
    return account[:80]


def _ask(parcel: Parcel, method: str, body: dict[str, Any]) -> dict[str, Any]:
    token = parcel.secrets[0] if parcel.secrets else ""
    headers = _JSON | {"Authorization": f"Bearer {token}"}
    reply = parcel.post((parcel.address or API) + method, _body(body), headers)
    judge(reply)
    try:
        answer = json.loads(reply.body)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise Failed(_("Slack's answer cannot be read."), down=True)
    if answer.get("ok") is not True:
        _refuse(str(answer.get("error", ""))[:60])
    return answer


def _refuse(error: str) -> None:
    if error == "users_not_found":
        raise Failed(_("Nobody in Slack has this mail address."), tries=FEW)
    reason = _("Slack said: %(error)s.") % {"error": error}
    if error in _GONE:
        raise Failed(reason, gone=True)
    if error in _DOWN:
        raise Failed(reason, down=True)
    raise Failed(reason, tries=FEW)


def content(parcel: Parcel) -> dict[str, Any]:
    """Plain text only; the one link of each notice leads into the portal."""
    blocks: list[dict[str, Any]] = []
    for notice in parcel.notices:
        blocks += _blocks(notice, parcel)
    if parcel.more:
        words = _("%(count)s more are in the portal.") % {"count": parcel.more}
        blocks.append({"type": "section", "text": _plain(words)})
    last = parcel.notices[-1].reference
    return {
        "text": f"{escaped(parcel.subject)} {last}",
        "blocks": blocks,
        "unfurl_links": False,
        "unfurl_media": False,
    }


def _blocks(notice: Told, parcel: Parcel) -> list[dict[str, Any]]:
    lines = [notice.title, notice.text]
    if not parcel.account:
        lines.append(_("For %(people)s") % {"people": ", ".join(notice.people)})
    words = "\n".join(line for line in lines if line)
    reference = escaped(notice.reference)
    if notice.link:
        reference = f"<{notice.link}|{escaped(_('Open in Concord'))}> · {reference}"
    return [
        {"type": "section", "text": _plain(words)},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": reference}]},
    ]


def _plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": escaped(words[:MOST_BLOCK]), "emoji": False}


def _body(content: dict[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
