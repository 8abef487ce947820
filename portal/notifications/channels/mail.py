"""Mail, in HTML and plain text, with the delivery's key as its Message-ID."""

import smtplib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formataddr
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.template.loader import render_to_string

from portal.notifications.channels.failure import Failed
from portal.notifications.messages import Message, address, one_line

MOST_ITEMS = 100  # of a digest; nobody reads more in a mail, and the rest are in the portal


@contextmanager
def mailing() -> Iterator[Callable[[Message], None]]:
    """Yield what sends one message; all share one connection to the mail server."""
    connection = get_connection()
    try:
        yield lambda message: _send(connection, message)
    finally:
        connection.close()


def _send(connection: BaseEmailBackend, message: Message) -> None:
    """Raises Failed; a connection that broke is closed, so that the next mail opens another."""
    try:
        connection.send_messages([mail(message)])
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, ValueError) as error:
        connection.close()
        raise Failed(one_line(str(error))) from error
    except smtplib.SMTPServerDisconnected as error:
        # It hung up on this one. The next mail opens a connection, and finds out whether
        # anybody is there: one lost reply is no reason to keep all mail back.
        connection.close()
        raise Failed(one_line(str(error))) from error
    except (smtplib.SMTPException, OSError) as error:
        connection.close()
        raise Failed(one_line(str(error)) or type(error).__name__, down=True) from error


def mail(message: Message) -> EmailMultiAlternatives:
    """The message as a mail. Its repeat after a crash has the same Message-ID."""
    host = urlsplit(settings.BASE_URL).hostname
    context = {
        "message": message,
        "items": [(row, address(row.link)) for row in message.rows[:MOST_ITEMS]],
        "more": max(len(message.rows) - MOST_ITEMS, 0),
        "portal": settings.BASE_URL,
    }
    made = EmailMultiAlternatives(
        subject=message.subject,
        body=render_to_string("mail/message.txt", context),
        to=[formataddr((one_line(message.recipient.name), message.recipient.email))],
        headers={
            "Message-ID": f"<{message.key}@{host}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    made.attach_alternative(render_to_string("mail/message.html", context), "text/html")
    return made
