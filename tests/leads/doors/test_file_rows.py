"""A file holds exactly the rows of its list: all its pages, in their order, and as texts."""

import csv
import re
import weakref
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from leads.actions.handing import returns
from leads.models import (
    Company,
    Content,
    Contribution,
    EventSource,
    Inbound,
    InboundItem,
    Lead,
    Outgoing,
    PrivacyRequest,
    Subscription,
    Timer,
)
from leads.views import alerts
from leads.views.events import heard, sources, subscriptions
from leads.views.handing.back import nurture
from leads.views.lead import around, listing
from leads.views.library import items, requests
from leads.views.privacy import requests as privacy
from portal import spreadsheet
from portal.ledger.pages import views as ledger
from portal.notifications.models import Delivery, Endpoint
from portal.notifications.views import undelivered
from tests.factories import (
    MONDAY_NINE,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
    make_version,
)

NOW, HOUR = MONDAY_NINE + timedelta(days=1), timedelta(hours=1)
pytestmark = [pytest.mark.django_db, pytest.mark.now(NOW)]
N, STAGE = 5, "comparing"
NAMES = [f"=Row-{n}" for n in range(N)]  # a formula, if a file let it be one


def leads(**fields):
    return [
        make_lead(name, at=MONDAY_NINE + n * HOUR, **{"stage": STAGE} | fields)
        for n, name in enumerate(NAMES)
    ]


def the_leads():
    leads()
    return reverse("leads:lead-list")


def the_colleagues():
    company = make_company("Mill")
    leads(company=company)
    one = make_lead("Ana", company=company)
    return reverse("leads:lead-company", args=[one.pk])


def the_alerts():
    person = make_operations()
    for name in NAMES:
        message(person, name, channel="in_app", state="sent")
    return reverse("leads:alerts"), person


def the_undelivered():
    person = make_operations()
    for name in NAMES:
        message(person, name, channel="mail", state="dead", died_at=NOW)
    return reverse("undelivered"), person


def message(person, name, **fields):
    Delivery.objects.create(
        about=f"test:{name}", recipient=person, title=name, created_at=NOW, **fields
    )


def those_in_nurture():
    """Two are back, the newest first; three come back, the soonest first."""
    for n, lead in enumerate(leads()):
        back = {"done_at": NOW} if n < 2 else {}
        at = NOW - (n + 1) * HOUR if back else NOW + n * HOUR
        Timer.objects.create(kind=Timer.Kind.RECYCLE, lead=lead, at=at, **back)
    return reverse("leads:nurture") + "?whose=all"


def the_returns():
    for lead in leads(campaign="Webinar"):
        handoff = make_handoff(lead=lead)
        returns.give_back(
            handoff_id=handoff.pk, by=handoff.receiver, at=NOW - HOUR, reason="no_need"
        )
    return reverse("leads:returns-group") + "?department=marketing&campaign=Webinar"


def the_requests():
    for lead in leads():
        contribution(lead, subject=lead.name)
    return reverse("leads:contributions")


def the_uses():
    person = make_user(team="demand-generation")
    content = Content.objects.create(
        title="Mill", kind="case_study", link="https://example.test/mill", owner=person,
        added_at=NOW, added_by=person, published_on=NOW.date(),
    )  # fmt: skip
    for lead in leads():
        contribution(lead, content=content, delivered_at=NOW, used=True, owner=person)
    return reverse("leads:content", args=[content.pk])


def contribution(lead, **fields):
    Contribution.objects.create(
        **{"subject": "A firm like theirs"} | fields, lead=lead, version=make_version(),
        kind="case_study", asked_by=make_user(), asked_at=NOW,
    )  # fmt: skip


def the_privacy_requests():
    for n, lead in enumerate(leads()):
        done = {"done_at": NOW + n * HOUR, "done_by": make_operations()} if n > 1 else {}
        PrivacyRequest.objects.create(
            kind="export", lead=lead, asked_at=MONDAY_NINE + n * HOUR, **done
        )
    return reverse("leads:privacy"), make_operations()


def the_quarantine():
    return reverse("leads:source-quarantine", args=[events("quarantined")]), make_operations()


def the_events():
    return reverse("leads:source", args=[events("done")]), make_operations()


def events(state):
    person = make_operations()
    source = EventSource.objects.create(
        key="dialler", name="Dialler", kind="dialler", keeper=person, changed_by=person,
        changed_at=NOW, made_at=NOW, system="dialler", mapping={},
    )  # fmt: skip
    for n, name in enumerate(NAMES):
        came = Inbound.objects.create(
            source=source, message_id=str(n), received_at=NOW, proof="signature", size=1,
            digest=str(n),
        )  # fmt: skip
        settled = {} if state == "quarantined" else {"settled_at": NOW}
        InboundItem.objects.create(
            inbound=came, source=source, number=0, rule=name, state=state, reason=name,
            payload={}, **settled,
        )  # fmt: skip
    return source.key


def the_subscription():
    person = make_operations()
    endpoint = Endpoint(kind="webhook", name="CRM")
    endpoint.keep(address="https://hooks.example.test/in")
    endpoint.save()
    found = Subscription.objects.create(
        name="CRM", endpoint=endpoint, made_by=person, made_at=NOW
    )
    for n, name in enumerate(NAMES):
        Outgoing.objects.create(
            subscription=found, seq=n + 1, kind="handoff_offer", payload={}, created_at=NOW,
            last_error=name, state="dead",
        )  # fmt: skip
    return reverse("leads:subscription", args=[found.pk]), person


LISTS = {
    "leads": (the_leads, listing, "PAGE"),
    "colleagues": (the_colleagues, around, "PEOPLE"),
    "alerts": (the_alerts, alerts, "PAGE"),
    "undelivered": (the_undelivered, undelivered, "PAGE"),
    "returns": (the_returns, None, ""),
    "requests for material": (the_requests, requests, "PAGE"),
    "uses of material": (the_uses, items, "PAGE"),
    "privacy requests": (the_privacy_requests, privacy, "PAGE"),
    "quarantine": (the_quarantine, heard, "PAGE"),
    "events of a source": (the_events, sources, "PAGE"),
    "subscription": (the_subscription, subscriptions, "PAGE"),
    "nurture": (those_in_nurture, nurture, "MOST"),
}
WITH_STAGES = (
    "colleagues", "nurture", "requests for material", "returns", "uses of material",
)  # fmt: skip


@pytest.fixture
def shown(client, monkeypatch):
    """The address of a list whose pages hold two rows; its reader is signed in."""

    def show(name):
        make, module, most = LISTS[name]
        if module is not None:
            monkeypatch.setattr(module, most, 2)
        made = make()
        path, person = made if isinstance(made, tuple) else (made, make_operations())
        client.force_login(person)
        return path

    return show


def named(text):
    return list(dict.fromkeys(re.findall(r"Row-\d", text)))


def over_all_pages(client, path):
    """The rows of a page and of each that its links lead on to, in order."""
    found, waiting, seen = [], [path], set()
    while waiting:
        here = waiting.pop(0)
        seen.add(here)
        text = client.get(here).text
        body = text[text.index("<main") : text.index("</main")]
        found += named(body)
        older = re.findall(r'href="([^"]+)"(?: rel="next")?>(?:Older|More rows)', body)
        nexts = [path.partition("?")[0] + one.replace("&amp;", "&") for one in older]
        waiting += [one for one in nexts if one not in seen and one not in waiting]
    return list(dict.fromkeys(found))


def taken(client, path, kind):
    """The bytes of the file that a link of the page leads to."""
    page = client.get(path).text
    links = re.findall(r'href="([^"]+)" download', page)
    link = next(one.replace("&amp;", "&") for one in links if kind in one)
    address = path.partition("?")[0] + link if link.startswith("?") else link
    return b"".join(client.get(address).streaming_content)


def rows_of(body):
    return list(csv.DictReader(StringIO(body.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("name", LISTS)
def test_a_file_holds_the_rows_of_all_pages_in_their_order(client, shown, name):
    path = shown(name)
    listed = over_all_pages(client, path)

    told = taken(client, path, "csv").decode("utf-8-sig")

    assert sorted(listed) == [f"Row-{n}" for n in range(N)]
    # The two lists of nurture stand on one page, each with pages of its own.
    assert named(told) == (sorted(listed) if name == "nurture" else listed)
    assert len(rows_of(told.encode("utf-8-sig"))) == N


@pytest.mark.parametrize("name", LISTS)
def test_no_cell_of_a_file_is_a_formula(client, shown, name):
    path = shown(name)

    cells = [cell for row in rows_of(taken(client, path, "csv")) for cell in row.values()]
    book = load_workbook(BytesIO(taken(client, path, "xlsx")))

    assert "'=Row-0" in cells
    assert [cell for cell in cells if cell.startswith("=")] == []
    assert len(list(book.active.rows)) == N + 1
    assert {cell.data_type for row in book.active.rows for cell in row} & {"f"} == set()


@pytest.mark.parametrize("name", WITH_STAGES)
def test_a_stage_stands_in_a_file_by_its_name_and_its_old_label(client, shown, name):
    make_version()
    path = shown(name)
    Lead.objects.update(stage=STAGE)

    rows = rows_of(taken(client, path, "csv"))

    assert {row["Stage"] for row in rows} == {"Comparing"}
    assert {row["Old label of the stage"] for row in rows} == {"MQL"}


def test_the_ledger_leaves_as_it_is_read(client, monkeypatch):
    monkeypatch.setattr(ledger, "PAGE", 2)
    handoff = make_handoff(at=MONDAY_NINE)
    client.force_login(handoff.receiver)
    path = reverse("ledger") + f"?lead={handoff.lead_id}"

    rows = rows_of(taken(client, path, "csv"))

    entries = re.findall(r'href="/ledger/(\d+)/"', client.get(path).text)
    assert [row["Entry"] for row in rows][:2] == entries[:2]
    assert {row["Lead number"] for row in rows} == {str(handoff.lead_id)}
    assert len(rows) > 2


def test_titles_of_messages_are_for_who_reads_leads(client):
    the_undelivered()
    admin = make_user(team=None, department=None, role="admin", is_staff=True)
    client.force_login(admin)

    told = taken(client, reverse("undelivered"), "csv").decode("utf-8-sig")

    assert "Reference" in told
    assert named(told) == []


def test_rows_are_read_and_forgotten_while_they_are_sent(monkeypatch):
    monkeypatch.setattr("portal.spreadsheet.listing.CHUNK", 100)
    Company.objects.bulk_create([Company(name=f"Mill {n}") for n in range(3_000)])
    held, most = weakref.WeakSet(), 0

    def name(company):
        nonlocal most
        held.add(company)
        most = max(most, len(held))
        return company.name

    answer = spreadsheet.listed(
        "csv", "mills", [("Mill", name)], Company.objects.order_by("pk")
    )

    assert sum(block.count(b"Mill ") for block in answer.streaming_content) == 3_000
    assert most <= 201


def test_a_page_counts_as_a_page_and_its_file_as_a_file(client, settings):
    settings.FILES_A_MINUTE = 1
    client.force_login(make_user())
    path = reverse("leads:nurture")

    answers = [client.get(path + more).status_code for more in ("?file=csv", "?file=csv", "")]

    assert answers == [200, 429, 200]


def test_a_kind_of_file_that_there_is_not_is_the_page(client):
    client.force_login(make_user())

    assert "<h1>" in client.get(reverse("leads:nurture") + "?file=pdf").text
