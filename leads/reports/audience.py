"""How many of today's leads criteria let in, and what a change of them would do."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import OperationalError, transaction
from django.db.models import Count, Q

from leads.models import Lead
from leads.models.criteria import condition
from sla.core.criteria import Node
from sla.ports import Audience


def audience(
    criteria: Node | None,
    at: datetime,
    before: Node | None = None,
    parts: Sequence[Node] = (),
) -> Audience | None:
    """Count the open leads that meet `criteria` as of `at`, in one query.

    None where the database refuses criteria of such a size: nothing can be said then.
    """
    now = condition(criteria, at) if criteria else None
    old = condition(before, at) if before else None
    asked: dict[str, Q] = {f"part_{n}": condition(one, at) for n, one in enumerate(parts)}
    asked |= {name: q for name, q in (("now", now), ("old", old)) if q is not None}
    if now is not None and old is not None:
        asked["both"] = now & old
    found = _counted(asked)
    return None if found is None else _said(found, len(parts))


def _counted(asked: Mapping[str, Q]) -> dict[str, int] | None:
    counts = {name: Count("pk", filter=q) for name, q in asked.items()}
    try:
        with transaction.atomic():
            return Lead.objects.open().aggregate(total=Count("pk"), **counts)
    except OperationalError:
        return None


def _said(found: Mapping[str, int], parts: int) -> Audience:
    both = found.get("both", 0)
    return Audience(
        total=found["total"],
        meeting=found.get("now", 0),
        gained=found.get("now", 0) - both if "old" in found else 0,
        lost=found.get("old", 0) - both,
        parts=tuple(found[f"part_{n}"] for n in range(parts)),
    )
