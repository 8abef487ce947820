"""The person's own last act, while it can still be taken back."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from leads.core.handoff import UNDO_WITHIN, UNDOABLE, Move
from leads.desk.mine.hints import Hints
from leads.models import HandoffMove, Touch
from portal.accounts.models import User
from portal.look.parts import Undo


def undoable(hints: Hints, at: datetime, query: str) -> Undo | None:
    """What the person did last, at most 30 seconds ago; None if there is nothing to take back.

    The server's time decides; until when stands in words, so that a page that nobody
    counts down says the truth too.
    """
    move_id, touch_id = hints.move, hints.touch
    if touch_id is not None and not (hints.moved_at and hints.moved_at >= hints.touched_at):
        return _of_touch(Touch.objects.select_related("lead").get(pk=touch_id), at, query)
    if move_id is None:
        return None
    moves = HandoffMove.objects.select_related("handoff__lead")
    return _of_move(moves.get(pk=move_id), at, query)


def of_lead(moves: Sequence[HandoffMove], user: User, at: datetime) -> Undo | None:
    """The last of a lead's moves, if it is the reader's own and can still be taken back; no
    question to the database. What followed it is asked when it is taken back."""
    last = max(moves, key=lambda move: move.pk, default=None)
    if last is None or last.by_id != user.pk or Move(last.move) not in UNDOABLE:
        return None
    if not (last.undo and last.at <= at <= last.at + UNDO_WITHIN):
        return None
    url = reverse("leads:handoff-undo", args=[last.handoff_id]) + "?from=lead"
    did = last.handoff.standing
    return replace(_undo(did[:1].upper() + did[1:], last.at, at), url=url, post=url)


def _of_move(move: HandoffMove, at: datetime, query: str) -> Undo | None:
    if not move.undo:
        return None
    handoff = move.handoff
    return replace(
        _undo(f"{handoff.lead.name}: {handoff.standing}", move.at, at),
        url=reverse("leads:handoff-undo", args=[handoff.pk]) + "?from=desk",
        post=reverse("leads:desk-undo", args=[handoff.pk]) + query,
    )


def _of_touch(touch: Touch, at: datetime, query: str) -> Undo:
    kinds = {
        "call": _("call logged"),
        "voicemail": _("voicemail logged"),
        "meeting": _("meeting logged"),
        "personal_mail": _("mail logged"),
    }
    did = kinds.get(touch.kind, _("%(kind)s logged") % {"kind": touch.kind.replace("_", " ")})
    url = reverse("leads:desk-take-back", args=[touch.pk]) + query
    return replace(_undo(f"{touch.lead.name}: {did}", touch.recorded_at, at), url=url, post=url)


def _undo(did: str, done_at: datetime, at: datetime) -> Undo:
    return Undo(
        did=did,
        went=_("at %(time)s.") % {"time": f"{localtime(done_at):%H:%M}"},
        left=UNDO_WITHIN - (at - done_at),
        until=f"{localtime(done_at + UNDO_WITHIN):%H:%M:%S}",
    )
