"""Teams: a channel, by a workflow that takes webhooks; one adaptive card a message."""

import json
from typing import Any

from django.utils.translation import gettext as _

from portal.notifications.channels.parcels import Parcel, Told, judge

CARD = "application/vnd.microsoft.card.adaptive"


def to_channel(parcel: Parcel) -> None:
    """Raises Failed."""
    body = json.dumps(content(parcel), ensure_ascii=False).encode()
    judge(parcel.post(parcel.address, body, {"Content-Type": "application/json"}))


def content(parcel: Parcel) -> dict[str, Any]:
    """Text runs, which read no Markdown; the one link of each notice leads into the portal."""
    body: list[dict[str, Any]] = []
    for notice in parcel.notices:
        body += _parts(notice)
    if parcel.more:
        words = _("%(count)s more are in the portal.") % {"count": parcel.more}
        body.append(_run(words))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
    }
    links = [notice.link for notice in parcel.notices if notice.link]
    if links:
        card["actions"] = [
            {"type": "Action.OpenUrl", "title": _("Open in Concord"), "url": links[0]}
        ]
    return {
        "type": "message",
        "attachments": [{"contentType": CARD, "contentUrl": None, "content": card}],
    }


def _parts(notice: Told) -> list[dict[str, Any]]:
    parts = [_run(notice.title, weight="Bolder", size="Medium")]
    parts += [_run(line) for line in notice.text.splitlines() if line.strip()]
    people = _("For %(people)s") % {"people": ", ".join(notice.people)}
    return [*parts, _run(f"{people} · {notice.reference}", isSubtle=True, size="Small")]


def _run(words: str, **style: Any) -> dict[str, Any]:
    return {
        "type": "RichTextBlock",
        "inlines": [{"type": "TextRun", "text": words, **style}],
    }
