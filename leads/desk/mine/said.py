"""What somebody did with a handoff a moment ago, in words for who looks at it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from leads.actions.handing.refusals import ago
from leads.core.handoff import Move
from leads.models import HandoffMove
from portal.accounts.models import User
from portal.look import words


def last_moves(handoffs: Iterable[int]) -> dict[int, HandoffMove]:
    """The last move of each handoff that was not taken back; one query."""
    moves = HandoffMove.objects.filter(handoff__in=list(handoffs), undone_at=None)
    newest = moves.select_related("by", "handoff__receiver").order_by("pk")
    return {move.handoff_id: move for move in newest}


def said(move: HandoffMove, reader: User, at: datetime) -> str:
    """`Anna Keller accepted this 4 s ago.`, and `Anna Keller accepted this Thu 10:52.`"""
    values = {
        "who": _who(move, reader),
        "when": _when(move.at, at),
        "to": move.handoff.receiver or "",
    }
    return _words().get(move.move, _("%(who)s answered this %(when)s.")) % values


def _when(moved: datetime, at: datetime) -> str:
    """Within the hour how long ago, as two may be at it at once; before, the instant."""
    if at - moved < timedelta(hours=1):
        return _("%(length)s ago") % {"length": ago(at - moved)}
    return words.instant(timezone.localtime(moved), timezone.localtime(at))


def _who(move: HandoffMove, reader: User) -> str:
    if move.by_id == reader.pk:
        return _("You")
    return str(move.by) if move.by else _("The portal")


def _words() -> dict[str, str]:
    return {
        Move.OFFER: _("%(who)s offered this %(when)s."),
        Move.ACCEPT: _("%(who)s accepted this %(when)s."),
        Move.RETURN: _("%(who)s returned this %(when)s."),
        Move.FIXED: _("%(who)s offered this again %(when)s."),
        Move.DISPUTE: _("%(who)s disputed this %(when)s."),
        Move.COMPLETE: _("%(who)s completed this %(when)s."),
        Move.CLOSE: _("%(who)s closed this %(when)s."),
        Move.RECYCLE: _("%(who)s put this back to nurture %(when)s."),
        Move.WITHDRAW: _("%(who)s withdrew this %(when)s."),
        Move.REASSIGN: _("%(who)s gave this to %(to)s %(when)s."),
    }
