"""What came of an event, in words."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
    if stage := facts.get("stage"):
        words = _("%(what)s (%(stage)s)") % {"what": words, "stage": stage}
    return Outcome(
        words, _instant(facts.get("counts_at")), _instant(facts.get("claimed_at")),
        bool(facts.get("trusted")),
    )  # fmt: skip


def _instant(written: Any) -> datetime | None:
    return datetime.fromisoformat(written) if isinstance(written, str) else None
