"""Whether there is anything rare to show on a desk: asked at once, read only if so."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, QuerySet, Subquery

from leads.actions.journeys.taking_back import takeable
from leads.core.handoff import UNDO_WITHIN
from leads.desk.mine.asked import material_of, texts_for, waivers_for
from leads.models import HandoffMove
from portal.accounts.models import User


@dataclass(frozen=True)
class Hints:
    """The last move and the last touch that can be taken back, with their instants; whether
    texts wait for a word or a signature, waivers to be given, material for an answer."""

    move: int | None
    moved_at: datetime | None
    touch: int | None
    touched_at: Any
    texts: bool
    waivers: bool
    material: bool


def hints(user: User, at: datetime) -> Hints:
    """One question."""
    recent = HandoffMove.objects.filter(by=user, undone_at=None, at__gt=at - UNDO_WITHIN)
    moves = recent.filter(at__lte=at).order_by("-at", "-pk")
    touches = takeable(user, at)
    row = User.objects.filter(pk=user.pk).values_list(
        _first(moves, "pk"), _first(moves, "at"),
        _first(touches, "pk"), _first(touches, "recorded_at"),
        Exists(texts_for(user)), Exists(waivers_for(user, at)), Exists(material_of(user)),
    )  # fmt: skip
    return Hints(*row.get())


def _first(rows: QuerySet[Any], name: str) -> Subquery:
    return Subquery(rows.values(name)[:1])
