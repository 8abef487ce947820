"""Traces: from the click to the mail that leaves, through rows that other processes read."""

import gzip
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.conf import settings as configured
from django.core import mail
from django.test import Client

from leads import tasks
from leads.models import Lead
from portal import telemetry, wallclock
from portal.celery import app
from portal.notifications.tasks import deliver
from tests.chaos.stage import agreement
from tests.source import ROOT

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
WARNED = NINE + timedelta(seconds=7)
"""When the first step of the promise of eight seconds has been reached."""


@pytest.fixture
def kept():
    """All spans that were made, as an exporter gets them."""
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor
    from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

    from portal.telemetry.tracing import Tracing

    exporter = InMemorySpanExporter()
    with telemetry.traced_by(Tracing(SimpleSpanProcessor(exporter))):
        yield exporter.get_finished_spans


@pytest.fixture
def at(monkeypatch):
    """Sets the time that all doors read."""

    def to(instant: datetime) -> None:
        monkeypatch.setattr(wallclock, "now", lambda: instant)

    to(NINE)
    return to


@pytest.fixture
def marketer(at):
    """The browser of one. A lead is owed an answer within eight seconds."""
    client = Client()
    session = agreement.found(at=NINE, hook="https://hook.example/")
    client.cookies[configured.SESSION_COOKIE_NAME] = session
    return client


def named(spans, name):
    found = [one for one in spans if one.name == name]
    assert found, [one.name for one in spans]
    return found


def above(spans, one):
    """The span that this one stands below."""
    return next(it for it in spans if it.context.span_id == one.parent.span_id)


def causes(spans, one):
    """What this one is linked to, as far as it was kept."""
    ids = {link.context.span_id for link in one.links}
    return [it for it in spans if it.context.span_id in ids]


def cause(spans, one, name):
    (found,) = [it for it in causes(spans, one) if it.name == name]
    return found


def test_from_a_mail_one_comes_back_to_the_click(marketer, kept, at):
    posted = marketer.post(
        "/leads/new/", {"name": "Ana Lima", "email": "ana@lima.example"},
        headers={"X-Request-ID": "click-0001"},
    )  # fmt: skip
    assert posted.status_code == 302
    at(WARNED)
    app.tasks["leads.sweep"].apply()
    deliver.apply()

    assert "Ana Lima" in mail.outbox[-1].subject
    spans = kept()
    (sent,) = [one for one in named(spans, "sent") if above(spans, one).links]
    message = above(spans, sent)
    alert = cause(spans, message, "alert")
    clock = cause(spans, alert, "clock")
    action = cause(spans, clock, "action")
    click = above(spans, action)
    assert click.attributes["concord.request"] == "click-0001"
    assert click.attributes["http.route"] == "leads/new/"
    assert click.attributes["http.status"] == 302
    assert "clock_started" in [event.name for event in action.events]
    sweep = above(spans, cause(spans, alert, "action"))
    assert (sweep.name, above(spans, sweep).name) == ("sweep", "leads.sweep")
    assert cause(spans, sent, "notifications.deliver").parent is None
    assert len({one.context.span_id for one in spans}) == len(spans)


def test_no_span_names_a_person(marketer, kept, at):
    marketer.post("/leads/new/", {"name": "Ana Lima", "email": "ana@lima.example"})
    marketer.get(f"/leads/{Lead.objects.get().pk}/?q=Ana")
    at(WARNED)
    tasks.sweep_clocks.apply()
    deliver.apply()

    written = "".join(one.to_json() for one in kept())
    assert "leads/<int:lead_id>/" in written
    for personal in ("Ana", "lima", "Seller", "Marketer", "concord.test"):
        assert personal not in written


def test_what_failed_says_of_which_kind_and_nothing_more(kept):
    with pytest.raises(LookupError), telemetry.span("asked"):
        raise LookupError("Ana Lima")

    (one,) = kept()
    assert one.attributes["error.type"] == "LookupError"
    assert "Ana" not in one.to_json()


def test_several_messages_that_leave_as_one_are_linked_to_each(kept):
    rows = [("message", "a"), ("message", "b")]
    for row in rows:
        telemetry.wrote("message", row)
    with telemetry.after("sent", rows):
        pass

    spans = kept()
    (sent,) = named(spans, "sent")
    assert sent.parent is None
    assert causes(spans, sent) == named(spans, "message")


def test_a_row_has_one_place_and_another_portal_has_others(settings):
    from portal.telemetry.tracing import place

    ours = place(("clock", 1))

    assert place(("clock", 1)) == ours
    assert place(("clock", 2)).trace_id != ours.trace_id
    settings.SECRET_KEY = "another"
    assert place(("clock", 1)).trace_id != ours.trace_id


def test_a_task_stands_below_the_request_that_woke_it(kept):
    with telemetry.root("request", ("request", "click-0002")):
        pass
    with telemetry.after("leads.sweep", [("request", "click-0002")]):
        pass

    spans = kept()
    assert above(spans, named(spans, "leads.sweep")[0]).name == "request"


@pytest.fixture
def collector():
    """The address of one on loopback, and what came to it."""
    came = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            came.append((self.path, body))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Takes) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/traces", came
        server.shutdown()


def test_spans_go_to_the_collector_that_is_named(settings, monkeypatch, collector):
    settings.TRACES_TO, came = collector
    monkeypatch.setattr(telemetry, "_is_asked", False)
    monkeypatch.setattr(telemetry, "_tracing", None)

    with telemetry.span("something"):
        pass
    telemetry.kept_by().provider.shutdown()

    ((path, body),) = came
    assert path == "/v1/traces"
    assert b"something" in (body if b"something" in body else gzip.decompress(body))


def test_without_the_packages_a_line_says_so_and_all_goes_on(settings, monkeypatch, caplog):
    from portal.telemetry import exporting

    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http", None)
    monkeypatch.delitem(
        sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", raising=False
    )

    assert exporting.begin("http://127.0.0.1:4318/v1/traces") is None
    assert "requirements-telemetry.txt" in caplog.text


def test_while_no_collector_is_named_nothing_of_it_is_imported():
    asked = (
        "import django; django.setup(); import sys, portal.wsgi, portal.celery, leads.tasks;"
        "from portal import telemetry;"
        "assert telemetry.span('x') is telemetry.root('y', ('z', 1));"
        "assert telemetry.span('x') is telemetry.after('w', []);"
        "telemetry.wrote('x', ('y', 1)); telemetry.say('x'); telemetry.note(x=1);"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )

    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert said.stdout.strip() == "[]"
