"""Moves of a handoff as sentences: who did what."""

from django.utils.translation import gettext as _

from leads.core.handoff import Move
from leads.models import Handoff, HandoffMove


def said(move: HandoffMove, handoff: Handoff) -> str:
    """What the move was, in the past tense, without its instant."""
    who = str(move.by) if move.by else _("The portal")
    return f"{who} {_did(move, handoff)}."


def _did(move: HandoffMove, handoff: Handoff) -> str:
    reasons = {one.key: one.name for one in handoff.version.parsed.return_reasons}
    words = {
        Move.OFFER: _("offered it"),
        Move.ACCEPT: _("accepted it"),
        Move.RETURN: _("returned it: %(why)s") % {"why": reasons.get(move.reason, move.reason)},
        Move.FIXED: _("fixed what was wrong and offered it again"),
        Move.DISPUTE: _("disputed the return"),
        Move.DECIDE: _("said: it counts")
        if move.reason == "counts"
        else _("said: it does not count"),
        Move.COUNTS: _("offered it again: the return does not stand"),
        Move.DOES_NOT_COUNT: _("closed the handoff: the return stands"),
        Move.STILL_TALKING: _("is still talking"),
        Move.COMPLETE: _("completed it"),
        Move.CLOSE: _("closed the lead"),
        Move.RECYCLE: _("put the lead back to nurture"),
        Move.WITHDRAW: _("withdrew the offer"),
        Move.EXPIRE: _("let the offer expire"),
        Move.END: _("ended it with its lead"),
        Move.REASSIGN: _("gave it to somebody else"),
        Move.UNDO: _("took a move back"),
    }
    return words[Move(move.move)]
