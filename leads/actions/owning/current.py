"""The current seats of leads, as one question reads them."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from leads.models import Assignment
from portal.bulk.prepared import Prepared


def read_seats(lead_ids: Sequence[int]) -> dict[int, dict[str, Assignment]]:
    """The current seats of several leads, by lead and department."""
    found: dict[int, dict[str, Assignment]] = {lead_id: {} for lead_id in lead_ids}
    for one in _SEATS(*lead_ids) if len(lead_ids) == 1 else _current(lead__in=lead_ids):
        found[one.lead_id][one.department_id] = one
    return found


def _current(**of: Any) -> "QuerySet[Assignment, Assignment]":
    return Assignment.objects.filter(until=None, **of).select_related("team").order_by()


_SEATS = Prepared(lambda lead_id: _current(lead=lead_id), int)
