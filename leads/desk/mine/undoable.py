"""The person's own last act, while it can still be taken back."""

from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from leads.core.handoff import UNDO_WITHIN
from leads.models import HandoffMove
from portal.accounts.models import User
from portal.look.parts import Undo


def undoable(user: User, at: datetime, query: str) -> Undo | None:
    """What `user` did last, at most 30 seconds ago; None if there is nothing to take back.

    The server's time decides; until when stands in words, so that a page that nobody
    counts down says the truth too.
    """
    recent = HandoffMove.objects.filter(by=user, undone_at=None, at__gt=at - UNDO_WITHIN)
    last = recent.filter(at__lte=at).select_related("handoff__lead").order_by("-at", "-pk")
    move = last.first()
    if move is None or not move.undo:
        return None
    return Undo(
        did=_("%(name)s: %(state)s")
        % {"name": move.handoff.lead.name, "state": move.handoff.get_state_display()},
        went=_("at %(time)s.") % {"time": f"{localtime(move.at):%H:%M}"},
        url=reverse("leads:handoff-undo", args=[move.handoff_id]) + "?from=desk",
        left=UNDO_WITHIN - (at - move.at),
        until=f"{localtime(move.at + UNDO_WITHIN):%H:%M:%S}",
        post=reverse("leads:desk-undo", args=[move.handoff_id]) + query,
    )
