"""What came of an event, in words, and what it was."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

SHORT = 76  # characters

WORDS = {
    "new": gettext_lazy("a new lead"),
    "updated": gettext_lazy("news of a lead that is known"),
    "duplicate": gettext_lazy("nothing new of a lead that is known"),
    "touch": gettext_lazy("a hand raised again"),
    "closed_at_intake": gettext_lazy("a lead that is closed at intake"),
    "logged": gettext_lazy("a touch"),
    "already_there": gettext_lazy("nothing: the lead is at this stage"),
    "accepted": gettext_lazy("the handoff is accepted"),
    "moved": gettext_lazy("the lead moves"),
    "offered": gettext_lazy("the lead is offered"),
    "meeting": gettext_lazy("a meeting that the lead booked"),
    "no_show": gettext_lazy("a meeting that nobody came to"),
    "already_owner": gettext_lazy("nothing: they have it already"),
    "owner": gettext_lazy("somebody else has it"),
    "won": gettext_lazy("the handoff is completed: won"),
    "lost": gettext_lazy("the handoff is closed: lost"),
    "used": gettext_lazy("the material was used"),
    "not_used": gettext_lazy("the material was not used"),
    "ignored": gettext_lazy("nothing: a rule says that it is not for us"),
}


class Outcome(NamedTuple):
    """What happened, and whose time counts for it."""

    words: str
    counts_at: datetime | None = None
    claimed_at: datetime | None = None
    trusted: bool = False


def spoken(what: str, facts: Mapping[str, Any]) -> Outcome:
    """In words, with the instant at which a touch counts, and one that was only claimed."""
    words = str(WORDS.get(what, ""))
    if more := facts.get("stage") or facts.get("kind"):
        words = _("%(what)s (%(more)s)") % {"what": words, "more": more}
    return Outcome(
        words, _instant(facts.get("counts_at")), _instant(facts.get("claimed_at")),
        bool(facts.get("trusted")),
    )  # fmt: skip


def _instant(written: Any) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None


def written(value: Any, indent: str = "") -> str:
    """JSON to be read and edited: what is short stands on one line."""
    flat = json.dumps(value, ensure_ascii=False)
    if len(flat) + len(indent) <= SHORT or not isinstance(value, dict | list) or not value:
        return flat
    inner = indent + "  "
    if isinstance(value, dict):
        parts = [
            f"{json.dumps(name, ensure_ascii=False)}: {written(one, inner)}"
            for name, one in value.items()
        ]
        opened, closed = "{}"
    else:
        parts, (opened, closed) = [written(one, inner) for one in value], "[]"
    lines = ",\n".join(inner + part for part in parts)
    return f"{opened}\n{lines}\n{indent}{closed}"
