"""What somebody did with a handoff a moment ago, in words for who looks at it."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.handing.refusals import ago
from leads.core.handoff import Move
from leads.models import HandoffMove
from portal.accounts.models import User


def last_moves(handoffs: Iterable[int]) -> dict[int, HandoffMove]:
    """The last move of each handoff that was not taken back; one query."""
    moves = HandoffMove.objects.filter(handoff__in=list(handoffs), undone_at=None)
    newest = moves.select_related("by", "handoff__receiver").order_by("pk")
    return {move.handoff_id: move for move in newest}


def said(move: HandoffMove, reader: User, at: datetime) -> str:
    """`Anna Keller accepted this 4 s ago.`"""
    values = {
        "who": _who(move, reader), "ago": ago(at - move.at), "to": move.handoff.receiver or "",
    }  # fmt: skip
    return _words().get(move.move, _("%(who)s answered this %(ago)s ago.")) % values


def _who(move: HandoffMove, reader: User) -> str:
    if move.by_id == reader.pk:
        return _("You")
    return str(move.by) if move.by else _("The portal")


def _words() -> dict[str, str]:
    return {
        Move.OFFER: _("%(who)s offered this %(ago)s ago."),
        Move.ACCEPT: _("%(who)s accepted this %(ago)s ago."),
        Move.RETURN: _("%(who)s returned this %(ago)s ago."),
        Move.FIXED: _("%(who)s offered this again %(ago)s ago."),
        Move.DISPUTE: _("%(who)s disputed this %(ago)s ago."),
        Move.COMPLETE: _("%(who)s completed this %(ago)s ago."),
        Move.CLOSE: _("%(who)s closed this %(ago)s ago."),
        Move.RECYCLE: _("%(who)s put this back to nurture %(ago)s ago."),
        Move.WITHDRAW: _("%(who)s withdrew this %(ago)s ago."),
        Move.REASSIGN: _("%(who)s gave this to %(to)s %(ago)s ago."),
    }
