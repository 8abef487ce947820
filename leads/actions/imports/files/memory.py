"""What a lead was before an import changed it, kept as JSON as long as it may be needed."""

import re
from datetime import datetime
from typing import Any

from leads.actions.intake.people import FIELDS
from leads.models import Lead, StageEntry

_KEPT = (*FIELDS, "email_key", "phone_key", "attributes", "provenance", "company_id", "stage",
         "closed_as")  # fmt: skip

_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”")


def without_quotes(outcomes: list[Any]) -> list[Any]:
    """What became of records, without what their reasons quote from the file."""
    return [[*one[:4], _QUOTED.sub("…", one[4]), *one[5:]] for one in outcomes]


def snapshot(lead: Lead) -> dict[str, Any]:
    """The lead as it stands, and its newest stage entry."""
    newest = StageEntry.objects.filter(lead=lead).order_by("-pk").values_list("pk", flat=True)
    closed = lead.closed_at.isoformat() if lead.closed_at else None
    kept = {name: getattr(lead, name) for name in _KEPT}
    return kept | {"closed_at": closed, "entry": newest.first() or 0}


def put_back(lead: Lead, before: dict[str, Any]) -> list[str]:
    """Let the lead be what it was; the caller saves the fields that are returned."""
    for name in _KEPT:
        setattr(lead, name, before[name])
    closed = before["closed_at"]
    lead.closed_at = datetime.fromisoformat(closed) if closed else None
    return [*(name.removesuffix("_id") for name in _KEPT), "closed_at"]
