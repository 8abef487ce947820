"""The ways out of the portal. Each is opened for a batch and sends one message at a time."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from portal.notifications.channels.failure import Failed
from portal.notifications.channels.mail import mailing
from portal.notifications.messages import Message
from portal.notifications.models import Delivery

Send = Callable[[Message], None]

OUTSIDE: dict[str, Callable[[], AbstractContextManager[Send]]] = {
    Delivery.Channel.MAIL: mailing,
}
"""Channel -> what opens it. In-app rows need none: they are read where they were written."""

__all__ = ["OUTSIDE", "Failed", "Send"]
