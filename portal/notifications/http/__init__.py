"""The only way in which the portal calls an address that somebody typed in.

It goes to where it was allowed to go and nowhere else, and never waits for long; see
`client.send`.
"""

from portal.notifications.http.address import Place, Policy, Refused, place
from portal.notifications.http.client import Reply, Unreachable, send
from portal.notifications.http.ours import policy

__all__ = ["Place", "Policy", "Refused", "Reply", "Unreachable", "place", "policy", "send"]
