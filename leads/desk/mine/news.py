"""What changed on a desk since it was drawn: told, and never moved under the reader's hand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.handing.refusals import ago
from leads.desk import rows
from leads.desk.mine.said import last_moves, said
from leads.desk.owed import PAGE, Owed
from leads.models import Clock, HandoffMove
from portal.accounts.models import User
from portal.look.parts import Row

MOST = 2 * PAGE
"""Rows that a page may ask about."""


@dataclass(frozen=True)
class News:
    """`fresh`: how many rows stand there now that the page does not show. `still`: those it
    shows, with the time that is left now. `gone`: those that wait no more, with who did what.
    """

    fresh: int
    still: Sequence[Row]
    gone: Sequence[Row]


def news(user: User, shown: Sequence[int], now: Sequence[Owed], at: datetime) -> News:
    """The difference between the clocks that a page shows and what is owed `now`."""
    drawn = {one.first.pk: one for one in now}
    still = [rows.row(drawn[pk]) for pk in shown if pk in drawn]
    gone = [pk for pk in shown if pk not in drawn]
    return News(len(set(drawn) - set(shown)), still, _gone(gone, user, at))


def read(shown: str) -> list[int]:
    """The clocks that an address names: `12,15`; what is no number is left out."""
    names = [name for name in shown.split(",")[:MOST] if name.isdecimal()]
    return [int(name) for name in names if len(name) <= 18]


def _gone(pks: Sequence[int], user: User, at: datetime) -> list[Row]:
    if not pks:
        return []
    clocks = Clock.objects.visible_to(user).filter(pk__in=pks).select_related("lead", "owner")
    found = list(clocks)
    last = last_moves(clock.handoff_id for clock in found if clock.handoff_id)
    return [
        replace(_bare(clock), said=_said(clock, last.get(clock.handoff_id or 0), user, at))
        for clock in found
    ]


def _bare(clock: Clock) -> Row:
    """A row of which only the place of its acts is drawn, as large as it was."""
    quick = rows.quick(clock, clock.lead)
    name = clock.lead.name
    return Row(f"clock-{clock.pk}", "ok", 0, None, 0.0, name, "", "", quick=quick)


def _said(clock: Clock, move: HandoffMove | None, user: User, at: datetime) -> str:
    """Why a row is there no more: who did it, and how long ago."""
    since = clock.stopped_at or clock.owner_since
    if move is None or (clock.stopped_at is not None and move.at < clock.stopped_at):
        return _("Done %(ago)s ago.") % {"ago": ago(at - since)}
    return said(move, user, at)
