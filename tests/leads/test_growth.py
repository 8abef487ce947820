"""What work costs does not grow with what was done before: counted, not timed.

The steps of SQLite's own machine are the measure: the same question takes the same number
on every computer. Where an index is not used, each row of the past costs several of them.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client

from leads.actions.handing import endings, handoffs, returns
from leads.actions.intake.arrival import Arrival
from leads.actions.intake.receiving import receive
from leads.actions.journeys import touches
from leads.actions.sweeping import sweep
from leads.demo import company
from leads.models import Handoff, Lead
from leads.reports.period import Filters, Period
from leads.reports.seals.figures import figures
from portal.accounts.models import User
from sla.models import Version
from tests.kept import undone

BERLIN = ZoneInfo("Europe/Berlin")
SUNDAY = datetime(2026, 3, 1, 11, tzinfo=UTC)
FEW, MANY = 150, 750
MINUTE = timedelta(minutes=1)
# Steps for each lead more. A row of an index takes one, a row of a table some ten; what is
# open grows a little with the history, and a desk shows it.
SLACK = 1.5
MOST = {"page": 8.0, "act": 0.5}

pytestmark = [pytest.mark.django_db, pytest.mark.thorough]


def test_what_a_lead_costs_does_not_grow_with_the_history() -> None:
    few, many = (_costs_after(leads) for leads in (FEW, MANY))

    grown = {act: (many[act] - few[act]) / (MANY - FEW) for act in few}
    scanned = grown.pop("control")
    assert scanned >= 2, "a question that reads every lead must be seen to"
    counted = [act for act in grown if act.startswith("count")]
    for act in counted:  # each row of the period once, whatever else there is
        del grown[act]
        assert many[act] / few[act] < MANY / FEW * SLACK, act
    assert {act: by for act, by in grown.items() if by > MOST[act.split()[0]]} == {}
    assert min(few.values()) > 0


def _costs_after(leads: int) -> dict[str, int]:
    """The steps of each act in a company with so many leads."""
    with undone():
        company.seed(host_now=SUNDAY, leads=leads)
        return dict(_acts(company.morning(SUNDAY)))


def _acts(at: datetime) -> Iterator[tuple[str, int]]:
    receive(arrival=_arrival("warm"), at=at)  # what is written once for each connection
    yield "control", _steps(lambda: Lead.objects.filter(job_title="nobody's").count())
    yield "act receive", _steps(lambda: receive(arrival=_arrival("new"), at=at))
    yield "act receive again", _steps(lambda: receive(arrival=_arrival("new"), at=at + MINUTE))
    handoff = Handoff.objects.get(lead__email="somebody@new.example")
    giver, receiver = handoff.giver, handoff.receiver
    assert giver
    assert receiver
    one: dict[str, Any] = {"handoff_id": handoff.pk}

    call = partial(touches.log, lead_id=handoff.lead_id, kind="call", by=receiver, at=at)

    yield "act accept", _steps(lambda: handoffs.accept(**one, by=receiver, at=at + 2 * MINUTE))
    yield "act log", _steps(call)
    yield "act event", _steps(partial(call, source="dialler", external_id="call 1"))
    back = {**one, "by": receiver, "at": at + 3 * MINUTE, "reason": "no_need"}
    yield "act return", _steps(lambda: returns.give_back(**back))
    yield "act fixed", _steps(lambda: returns.answer_fixed(**one, by=giver, at=at + 4 * MINUTE))
    version = Version.objects.get(pk=handoff.version_id)
    before = Filters(Period.around(at.date() - timedelta(days=90), "quarter", BERLIN))
    yield "count figures", _steps(lambda: figures(version, before, at))
    handoffs.accept(**one, by=receiver, at=at + 5 * MINUTE)
    yield (
        "act complete",
        _steps(lambda: endings.complete(**one, by=receiver, at=at + 6 * MINUTE)),
    )
    sweep.raise_due(at=at + 6 * MINUTE)
    yield "act sweep", _steps(lambda: sweep.raise_due(at=at + 6 * MINUTE))
    for name in ("anna.keller", "marta.silva"):
        client = Client()
        client.force_login(User.objects.get(email=f"{name}@halden.example"))
        for path in ("/", f"/leads/{handoff.lead_id}/", "/leads/"):
            shown = partial(client.get, path, follow=True, secure=True)
            assert shown().status_code == 200
            yield f"page {path.replace(str(handoff.lead_id), 'N')} of {name}", _steps(shown)


def _arrival(name: str) -> Arrival:
    return Arrival(
        name=f"Somebody {name}", email=f"somebody@{name}.example", phone="+49 40 555019",
        job_title="Head of maintenance", country="DE", company_name=f"{name} GmbH",
        company_domain=f"{name}.example", company_country="DE", company_employees=400,
        source="webinar", segment="demo_request", touch="demo_request", consent=True,
        score=72, set_by="form",
    )  # fmt: skip


def _steps(act: Callable[[], object]) -> int:
    """How many steps SQLite's machine makes for it, to the nearest ten."""
    seen = [0]

    def tick() -> int:
        seen[0] += 1
        return 0

    connection.connection.set_progress_handler(tick, 10)
    try:
        act()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return 10 * seen[0]
