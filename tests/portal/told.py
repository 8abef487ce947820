"""Something that is told, and a mail server that fails, for the tests of the outbox."""

from collections.abc import Iterator
from contextlib import contextmanager

from portal.notifications import outbox
from portal.notifications.channels import OUTSIDE
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE


def tell(*people, about="version:1:proposed", channels=("in_app", "mail"), **fields):
    fields = {"title": "Something was proposed", "at": MONDAY_NINE} | fields
    return outbox.tell(about=about, to=people, channels=channels, **fields)


def mails():
    return Delivery.objects.filter(channel="mail").order_by("pk")


@contextmanager
def failing_mail(monkeypatch, failure: Exception) -> Iterator[None]:
    """The mail server answers every mail with `failure`."""

    @contextmanager
    def broken():
        def send(message):
            raise failure

        yield send

    with monkeypatch.context() as patch:
        patch.setitem(OUTSIDE, "mail", broken)
        yield
