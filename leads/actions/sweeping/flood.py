"""The guard against a flood: a sweep that finds so much at once that something is wrong.

All of it is recorded, as ever; what leaves the portal is gathered into one message for each
person and channel, and operations is told once.
"""

from datetime import datetime
from functools import cached_property

from leads.models import Clock
from portal.notifications import outbox
from portal.reader.language import Phrase

FEWEST = 50
SHARE = 5  # a flood is more than one in so many of the open clocks


class Flood:
    """Whether what is due at an instant is a flood; looked at once, before the first row.

    Clocks with a step due are counted. How many are open is not counted, only whether there
    are SHARE times as many: a sweep costs by what is due.
    """

    def __init__(self, at: datetime) -> None:
        self.at, self.is_told = at, False

    @cached_property
    def is_on(self) -> bool:
        due = self.due
        if due <= FEWEST:
            return False
        enough = Clock.objects.unstopped().order_by()[SHARE * due - 1 : SHARE * due]
        return not enough.exists()

    @cached_property
    def due(self) -> int:
        return Clock.objects.due_for_a_step(self.at).count()

    def tell(self) -> None:
        """Say so to operations, once, inside the transaction of the first alerts."""
        if self.is_told:
            return
        self.is_told = True
        outbox.tell(
            about=f"flood:{self.at:%Y%m%d%H}",
            to=outbox.operators(),
            channels=["in_app", "mail"],
            title=Phrase("%(count)d promises reached a step at once") % {"count": self.due},
            text=Phrase(
                "All of it is recorded. Messages leave gathered, one for each person and way."
            ),
            level="late",
            at=self.at,
        )
