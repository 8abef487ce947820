"""A client that a generator makes from the OpenAPI document drives a lead to its handoff."""

import importlib
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from django.test import Client

from leads.models import Handoff
from tests.factories import MONDAY_NINE, make_agreement, make_team, make_user
from tests.leads.api.programs import ALL
from tests.sla.programs import DAY, a_token

pytestmark = [
    pytest.mark.django_db, pytest.mark.now(MONDAY_NINE + timedelta(hours=1)),
]  # fmt: skip
BASE = "http://testserver"


class Inside(httpx.BaseTransport):
    """Carries a call into this very process, and so into the transaction of the test."""

    def handle_request(self, request):
        headers = {name.title(): value for name, value in request.headers.items()}
        answer = Client(headers=headers).generic(
            request.method, request.url.raw_path.decode(), request.read(),
            headers.get("Content-Type", ""),
        )  # fmt: skip
        return httpx.Response(
            answer.status_code, headers=dict(answer.headers), content=answer.content
        )


@pytest.fixture
def made(tmp_path, monkeypatch):
    """The package that openapi-python-client makes from what the portal serves."""
    described = tmp_path / "openapi.json"
    described.write_bytes(Client().get("/api/v1/openapi.json").content)
    settings = tmp_path / "settings.yaml"
    settings.write_text("post_hooks: []\n")
    generator = Path(sys.executable).with_name("openapi-python-client")
    subprocess.run(
        [
            generator, "generate", "--path", described, "--config", settings, "--meta", "none",
            "--output-path", tmp_path / "concord_client", "--fail-on-warning",
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    monkeypatch.syspath_prepend(tmp_path)
    yield importlib.import_module("concord_client")
    for name in [name for name in sys.modules if name.split(".")[0] == "concord_client"]:
        del sys.modules[name]


def logged_in(made, owner):
    """The client with a token of the owner's, talking to this very process."""
    _, secret = a_token(owner, *ALL, at=MONDAY_NINE - DAY)
    client = made.AuthenticatedClient(base_url=BASE, token=secret)
    return client.set_httpx_client(
        httpx.Client(
            base_url=BASE,
            headers={"Authorization": f"Bearer {secret}"},
            transport=Inside(),
        )
    )


def call(name):
    return importlib.import_module(f"concord_client.api.{name}").sync_detailed


def test_a_generated_client_drives_a_lead_from_arrival_to_an_accepted_handoff(made):
    make_agreement()
    marketer, rep = make_user(team="demand-generation"), make_user(team="inside-sales")
    make_team("inside-sales")
    giver, taker = logged_in(made, marketer), logged_in(made, rep)
    models = importlib.import_module("concord_client.models")
    ana = models.LeadIn(
        name="Ana Lima", email="ana@lima.example", source="website", touch="demo_request",
        segment="demo_request", company_name="Lima", company_country="DE",
        company_employees=80, company_domain="lima.example",
    )  # fmt: skip

    arrived = call("leads.bring_lead")(client=giver, body=ana, idempotency_key="form-1")
    again = call("leads.bring_lead")(client=giver, body=ana, idempotency_key="form-1")
    lead = arrived.parsed.lead
    (offered,) = call("handoffs.handoffs")(client=taker, lead=lead.id).parsed.items
    clocks = call("clocks.clocks")(client=taker, lead=lead.id, running=True).parsed.items
    accepted = call("handoffs.accept_handoff")(
        offered.id, client=taker, idempotency_key="accept-1"
    )
    refused = call("handoffs.accept_handoff")(offered.id, client=giver)

    assert (arrived.status_code, again.status_code) == (201, 201)
    assert again.parsed.lead.id == lead.id
    assert {one.kind for one in clocks} == {"accept", "first_attempt"}
    assert accepted.parsed.state == "accepted"
    assert accepted.parsed.receiver.member.id == rep.pk
    assert (refused.status_code, refused.parsed.status) == (409, 409)
    assert Handoff.objects.get().state == "accepted"
