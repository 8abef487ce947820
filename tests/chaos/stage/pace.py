"""The small runs wait less: the lease and the waits between tries, divided by a number.

Nothing else changes. The full runs keep the portal's own.
"""

from portal.notifications import leases, outbox, schedule
from portal.notifications.actions import lanes

VARIABLE = "CHAOS_FASTER"


def set_pace(faster: int) -> None:
    """Divide by `faster`; 1 leaves everything as it is."""
    if faster == 1:
        return
    leases.LEASE /= faster
    outbox.MARGIN /= faster
    lanes.TAKES_FOR /= faster
    schedule.RETRIES = tuple(wait / (2 * faster) for wait in schedule.RETRIES)
