"""What tests of endpoints begin with."""

from contextlib import contextmanager
from typing import Any

from portal.notifications import outbox
from portal.notifications.channels import ENDPOINTS
from portal.notifications.models import Connection, Delivery, Endpoint
from tests.factories import MONDAY_NINE

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER_SECRET = "whsec_" + "QUJD" * 10
ADDRESS = "https://hooks.example.test/in"


def make_endpoint(
    kind: str = "slack", *, address: str = ADDRESS, secrets: str = "", **fields: Any
) -> Endpoint:
    """An endpoint for the whole company; a webhook has a secret and a bot a token."""
    known = {"webhook": SECRET, "slack_bot": "xoxb-1"}
    name = fields.pop("name", f"{kind} {Endpoint.objects.count() + 1}")
    endpoint = Endpoint(kind=kind, name=name, **fields)
    endpoint.keep(address=address, secrets=secrets or known.get(kind, ""))
    endpoint.save()
    return endpoint


def connect(user: Any, endpoint: Endpoint, account: str = "U1") -> Connection:
    return Connection.objects.create(
        user=user, endpoint=endpoint, account=account, connected_at=MONDAY_NINE
    )


def tell(*people, about="alert:12", channels=("in_app", "slack"), **fields) -> int:
    fields = {"title": "Lead One is late", "at": MONDAY_NINE, "level": "late"} | fields
    return outbox.tell(about=about, to=people, channels=channels, **fields)


def outside():
    return Delivery.objects.exclude(channel="in_app").order_by("pk")


@contextmanager
def sending(monkeypatch, kind: str, send):
    """Let `send` stand for what sends a parcel to an endpoint of this kind."""
    with monkeypatch.context() as patch:
        patch.setitem(ENDPOINTS, kind, send)
        yield


def failing(*failures):
    """What answers with these in turn, the last for ever."""
    waiting = list(failures)

    def send(parcel):
        raise waiting.pop(0) if len(waiting) > 1 else waiting[0]

    return send
