"""What a lead was before an import changed it, kept as JSON as long as it may be needed."""

import re
from collections.abc import Sequence
from copy import copy
from datetime import datetime
from typing import Any

from django.db.models import Max

from leads.actions.intake.people import FIELDS
from leads.models import Lead, StageEntry

_KEPT = (*FIELDS, "email_key", "phone_key", "attributes", "provenance", "company_id", "stage",
         "closed_as")  # fmt: skip

# As Python quotes: a mark of its own kind within a quotation has a backslash before it.
_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*"|“[^”]*”""")


def without_quotes(outcomes: list[Any]) -> list[Any]:
    """What became of records, without what their reasons quote from the file."""
    return [[*one[:4], _QUOTED.sub("…", one[4]), *one[5:]] for one in outcomes]


def snapshot(lead: Lead) -> dict[str, Any]:
    """The lead as it stands, and its newest stage entry."""
    return as_it_stands(lead, newest_entries([lead.pk]).get(lead.pk, 0))


def as_it_stands(lead: Lead, entry: int) -> dict[str, Any]:
    """`snapshot` of a lead whose newest stage entry is known, or 0; a copy of all of it."""
    closed = lead.closed_at.isoformat() if lead.closed_at else None
    kept = {name: copy(getattr(lead, name)) for name in _KEPT}
    return kept | {"closed_at": closed, "entry": entry}


def newest_entries(lead_ids: Sequence[int]) -> dict[int, int]:
    """The newest stage entry of each lead that has one."""
    entries = StageEntry.objects.filter(lead__in=lead_ids).order_by()
    return dict(entries.values("lead").annotate(newest=Max("pk")).values_list("lead", "newest"))


def put_back(lead: Lead, before: dict[str, Any]) -> list[str]:
    """Let the lead be what it was; the caller saves the fields that are returned."""
    for name in _KEPT:
        setattr(lead, name, before[name])
    closed = before["closed_at"]
    lead.closed_at = datetime.fromisoformat(closed) if closed else None
    return [*(name.removesuffix("_id") for name in _KEPT), "closed_at"]
