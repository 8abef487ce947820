"""How many messages a source may send: counted in the database, for all processes together."""

import math
from datetime import datetime

from django.db.models import Case, F, Q, Value, When

from leads.models import EventSource
from portal.accounts.actions.tokens import EPOCH, WINDOW, Standing

MESSAGES = 1_200
"""As many messages of one source are taken in a window; each may hold many events."""


def count(source: EventSource, *, at: datetime) -> Standing:
    """Count one proven message of the source. Where none is left nothing is written.

    By one conditional write on its row, so that all processes together let MESSAGES through
    in a WINDOW and never one more.
    """
    window = at - (at - EPOCH) % WINDOW
    reset = math.ceil((window + WINDOW - at).total_seconds())
    same = Q(window_at=window)
    made = Case(When(same, then=F("window_messages") + 1), default=Value(1))
    left = Q(window_at=None) | ~same | Q(window_messages__lt=MESSAGES)
    row = EventSource.objects.filter(left, pk=source.pk)
    if not row.update(window_messages=made, window_at=window):
        return Standing(MESSAGES, 0, reset, refused=True)
    before = source.window_messages if source.window_at == window else 0
    return Standing(MESSAGES, max(MESSAGES - before - 1, 0), reset)
