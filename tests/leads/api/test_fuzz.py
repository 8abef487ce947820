"""Whatever is sent to the API, in whatever state: an answer that the description knows, and
never a fault. The calls are made by schemathesis from the OpenAPI document."""

import json
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from itertools import cycle
from urllib.parse import urlencode

import pytest
import requests
import schemathesis
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from jsonschema import Draft202012Validator
from schemathesis import GenerationMode
from schemathesis.core.transport import Response

from leads.actions import contributions
from leads.models import Alert
from portal.accounts.actions import tokens
from portal.api import description
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
)
from tests.leads.api.programs import ALL
from tests.sla.programs import DAY, a_token
from tests.sla.versions import a_draft

NOW = MONDAY_NINE + timedelta(minutes=20)
pytestmark = [pytest.mark.django_db, pytest.mark.now(NOW)]
SOUP = (
    "\x00",
    "\ud800",
    "\u202e",
    "ﷺ" * 300,
    "{{7*7}}",
    "' OR 1=1--",
    "💥\r\nX: y",
    "0" * 4000,
)


@pytest.fixture
def company(monkeypatch):
    """Rows to hit, and a client for each kind of person."""
    monkeypatch.setattr(tokens, "CALLS", 10**6)
    marketer, rep = make_user(team="demand-generation"), make_user(team="inside-sales")
    offered = make_handoff(at=MONDAY_NINE, receiver=rep)
    accepted = make_accepted(at=MONDAY_NINE, by=rep)
    lead = make_lead(marketer=marketer, seller=rep, at=MONDAY_NINE)
    draft = a_draft()
    asked = contributions.ask(
        lead_id=accepted.lead_id, kind="case_study", subject="A plant", by=rep, at=NOW
    )
    alert = Alert.objects.create(
        clock=offered.clocks.first(), step="before", level="warn", due_at=NOW, raised_at=NOW
    )
    people = (marketer, rep, offered.receiver_team.manager, make_operations())
    clients = [
        Client(
            headers={"Authorization": f"Bearer {a_token(one, *ALL, at=NOW - DAY)[1]}"},
            raise_request_exception=True,
        )
        for one in people
    ]
    known = {
        "lead_id": [lead.pk, accepted.lead_id], "handoff_id": [offered.pk, accepted.pk],
        "clock_id": [accepted.clocks.last().pk], "alert_id": [alert.pk],
        "contribution_id": [asked.pk], "company_id": [make_company().pk],
        "key": [draft.agreement.key], "number": [draft.number],
    }  # fmt: skip
    return clients, known


def operations():
    loaded = schemathesis.openapi.from_dict(dict(description()))
    return [found.ok() for found in loaded.get_all_operations()]


def tried(operation, mode, company, examples):
    """The statuses with which `examples` calls of an operation were answered."""
    clients, known = company
    told = Counter()

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), data=st.data())
    def answers(case, data):
        for name, rows in known.items():
            if name in (case.path_parameters or {}) and data.draw(st.booleans()):
                case.path_parameters[name] = data.draw(st.sampled_from(rows))
        answer = sent(data.draw(st.sampled_from(clients)), case)
        told[answer.status_code] += 1
        assert answer.status_code < 500, (case.method, case.path, answer.content)
        fits(operation, answer)

    with suppress(Unsatisfiable):  # what takes nothing cannot be called wrongly
        answers()
    return told


def sent(who, case):
    call = requests.Request(**case.as_transport_kwargs(base_url="http://testserver")).prepare()
    headers = {
        name: value if isinstance(value, str) else value.decode("latin-1")
        for name, value in call.headers.items()
        if name.lower() not in {"authorization", "content-length", "content-type"}
    }
    kind = call.headers.get("Content-Type", "application/json")
    return who.generic(case.method.upper(), call.path_url, call.body or b"", kind,
                       headers=headers)  # fmt: skip


def fits(operation, answer):
    """The body is what the description says of this status; a refusal is always a problem."""
    if answer.status_code == 304 or not answer.content:
        return
    body = json.loads(answer.content)
    if answer.status_code >= 400:
        assert {"type", "title", "status", "detail", "errors"} <= set(body)
        return
    said = operation.definition.raw["responses"][str(answer.status_code)]
    schema = said.get("content", {}).get("application/json", {}).get("schema")
    if schema is not None:
        whole = {**schema, "components": description()["components"]}
        Draft202012Validator(whole).validate(body)


def test_no_call_that_can_be_made_is_a_fault(company):
    """Every call once, in turn with what fits and what does not; the full run does both."""
    modes = cycle((GenerationMode.POSITIVE, GenerationMode.NEGATIVE))

    told = sum(
        (tried(one, mode, company, 1) for one, mode in zip(operations(), modes, strict=False)),
        Counter(),
    )

    assert told.total() > len(operations()) / 2


@pytest.mark.slow
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE])
def test_no_call_of_many_that_can_be_made_is_a_fault(company, mode):
    told = sum((tried(one, mode, company, 60) for one in operations()), Counter())

    assert told.total() > 30 * len(operations())


class Enough(BaseException):
    """All calls were made that were asked for. No library takes it for a failure."""


def walked(company, calls, steps):
    """Calls made one after the other along the links of the description: each with what the
    one before answered. The statuses, and how many steps were led by a link.

    It ends with its calls, not with its walks: of those the library begins several anew for
    each that it counts.
    """
    clients, _ = company
    told, led = Counter(), Counter()
    loaded = schemathesis.openapi.from_dict(json.loads(json.dumps(description())))
    by_label = {one.label: one for one in (found.ok() for found in loaded.get_all_operations())}

    class Walk(loaded.as_state_machine()):
        """One owner's program at a time, which changes from call to call."""

        def setup(self):
            self.turns = cycle(clients)

        def call(self, case, **_kwargs):
            if told.total() == calls:
                raise Enough
            shown = case.as_transport_kwargs(base_url="http://testserver")
            request = requests.Request(**shown).prepare()
            answer = sent(next(self.turns), case)
            told[answer.status_code] += 1
            assert answer.status_code < 500, (case.method, case.path, answer.content)
            fits(by_label[case.operation.label], answer)
            return Response(
                answer.status_code, {"content-type": [answer.headers["Content-Type"]]},
                answer.content, request, 0.0, verify=False,
            )  # fmt: skip

        def step(self, input):  # noqa: A002  # schemathesis's name
            led[input.transition is not None] += 1
            return super().step(input)

        def validate_response(self, *_args, **_kwargs):
            """It was looked at as it came."""

    with suppress(Enough):
        Walk.run(settings=settings(
            max_examples=calls, stateful_step_count=steps, deadline=None, database=None,
            derandomize=True, phases=[Phase.generate], suppress_health_check=list(HealthCheck),
        ))  # fmt: skip
    return told, led[True]


def test_no_call_that_another_leads_to_is_a_fault(company):
    told, led = walked(company, calls=50, steps=6)

    assert led > 2
    assert told.keys() & {200, 201}


@pytest.mark.slow
def test_no_long_walk_along_the_links_is_a_fault(company):
    told, led = walked(company, calls=7_500, steps=25)

    assert led > 1_000
    assert told[200] + told[201] > 500


@pytest.mark.parametrize("soup", SOUP, ids=range(len(SOUP)))
def test_text_that_no_reader_can_read_is_a_fault_nowhere(company, soup):
    (marketer, rep, manager, ops), known = company
    lead, handoff = known["lead_id"][0], known["handoff_id"][0]
    writes = [
        (ops, "/leads", {"name": soup, "source": soup, "attributes": {soup: soup}}),
        (ops, "/leads", {"name": "Ana", "system": soup, "external_id": soup}),
        (rep, f"/leads/{lead}/touches", {"kind": "note", "subject": soup}),
        (rep, f"/leads/{lead}/touches", {"kind": soup, "external_id": soup}),
        (marketer, f"/leads/{lead}/attestations", {"fact": soup, "note": soup}),
        (marketer, f"/leads/{lead}/move", {"to_stage": soup, "waiver_reason": soup}),
        (marketer, f"/leads/{lead}/offers", {"kind": soup, "values": {"lead.phone": soup}}),
        (rep, f"/handoffs/{handoff}/return", {"reason": "wrong_data", "note": soup}),
        (marketer, f"/handoffs/{handoff}/fix", {"values": {soup: soup}}),
        (manager, f"/handoffs/{handoff}/close", {"reason": soup}),
    ]
    asked = urlencode({"q": soup.encode("utf-8", "replace"), "stage": b"\x00\xff"})
    for who, path, body in writes:
        answer = who.post(f"/api/v1{path}", json.dumps(body), "application/json")
        assert answer.status_code < 500, (path, answer.content)
    for path in ("leads", "companies", "people", "handoffs", "reports/scorecard"):
        assert ops.get(f"/api/v1/{path}?{asked}&team=%00&source=%00").status_code < 500
