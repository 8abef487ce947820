"""The ways out of the portal.

Mail is opened for a batch and sends one message at a time; endpoints take one parcel each.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager

from portal.notifications.channels import slack, teams, webhook
from portal.notifications.channels.failure import Failed
from portal.notifications.channels.mail import mailing
from portal.notifications.channels.parcels import Parcel
from portal.notifications.messages import Message
from portal.notifications.models import Delivery, Endpoint

Send = Callable[[Message], None]

OUTSIDE: dict[str, Callable[[], AbstractContextManager[Send]]] = {
    Delivery.Channel.MAIL: mailing,
}
"""Channel -> what opens it. In-app rows need none: they are read where they were written."""

ENDPOINTS: dict[str, Callable[[Parcel], None]] = {
    Endpoint.Kind.SLACK: slack.to_channel,
    Endpoint.Kind.SLACK_BOT: slack.to_person,
    Endpoint.Kind.TEAMS: teams.to_channel,
    Endpoint.Kind.WEBHOOK: webhook.to_system,
    Endpoint.Kind.EVENTS: webhook.to_system,
}
"""Kind of endpoint -> what sends one parcel there, reading no database. Raises Failed."""

__all__ = ["ENDPOINTS", "OUTSIDE", "Failed", "Parcel", "Send"]
