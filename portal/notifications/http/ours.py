"""What this portal's settings let be called."""

from django.conf import settings

from portal.notifications.http.address import Policy


def policy(*, allows_http: bool) -> Policy:
    """For an address that somebody typed in: what operators named, outside and inside."""
    return Policy(
        http=allows_http, internal=settings.INTERNAL_HOSTS, outside=settings.OUTGOING_HOSTS
    )
