"""A dialler's call closes a clock that nobody touched in the portal, and the CRM is told."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from leads.actions.events import aside
from leads.actions.events.outgoing import subscriptions
from leads.models import Clock, Handoff, Touch
from portal import wallclock
from portal.ledger import verify
from portal.ledger.models import LedgerEntry
from tests.factories import make_agreement, make_handoff, make_operations, make_user
from tests.leads.clockwork import berlin
from tests.leads.events.sources import a_call, make_source, named, post, signed

pytestmark = pytest.mark.django_db(transaction=True)
ASKED, CALLED, TOLD = berlin(2, 13, 57), berlin(2, 13, 58), berlin(2, 14, 6)


@pytest.fixture
def crm():
    """A CRM on this machine that keeps what it is told."""
    heard = []

    class Crm(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((dict(self.headers), body))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *args):
            """Quiet."""

    server = HTTPServer(("127.0.0.1", 0), Crm)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/concord", heard
    server.shutdown()
    server.server_close()


def test_a_call_of_the_dialler_closes_accept_and_the_crm_is_told(monkeypatch, settings, crm):
    """A lead that is offered at 13:57 is called at 13:58; the dialler tells of it at 14:06.
    Nobody opened a page in between."""
    address, heard = crm
    settings.INTERNAL_HOSTS = ["127.0.0.1"]
    make_agreement()
    sam, olga = make_user("Sam", team="inside-sales"), make_operations("Olga")
    make_user("Mara", team="demand-generation")
    make_source("dialler", keeper=olga)
    make_source("hubspot", kind="hubspot", keeper=olga, system="hubspot")
    wanted = subscriptions.Wanted(
        name="CRM", address=address, allows_http=True, kinds=("clock_stopped", "handoff_accept")
    )
    _made, secret = subscriptions.subscribe(wanted=wanted, by=olga, at=ASKED)
    lead = named(make_handoff(at=ASKED, receiver=sam).lead, "hubspot", "1246965")

    monkeypatch.setattr(wallclock, "now", lambda: TOLD)
    answer = post(a_call(lead, sam.email, CALLED), at=TOLD)
    aside.go_round(now=lambda: TOLD)

    assert answer.json()["events"][0]["state"] == "done"
    handoff = Handoff.objects.get(lead=lead)
    assert (handoff.state, handoff.receiver, handoff.accepted_at) == ("accepted", sam, CALLED)
    accept = Clock.objects.get(handoff=handoff, kind="accept")
    assert (accept.outcome, accept.stopped_at) == ("met", CALLED)
    assert Touch.objects.get(source="dialler").recorded_at == TOLD
    _was_told(heard, secret, lead, accept)
    assert verify.verify(LedgerEntry.objects.links()).is_sound


def _was_told(heard, secret, lead, accept):
    """Signed, with the ids of the CRM and the fields that it takes back."""
    stopped = {}
    for headers, body in heard:
        key = headers["webhook-id"]
        made = signed(body, secret=secret, at=TOLD, message_id=key)
        assert headers["webhook-signature"] == made["webhook-signature"]
        told = json.loads(body)
        if told["type"] == "clock.stopped":
            stopped[told["clock"]["obligation"]] = told
    told = stopped[accept.obligation]
    assert told["lead"]["external_ids"] == [{"system": "hubspot", "id": "1246965"}]
    assert told["crm"]["concord_handoff"] == "accepted"
    assert told["crm"]["concord_due_at"] is not None
    assert lead.name not in str(heard)
