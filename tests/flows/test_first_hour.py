"""The first hour of a company: from the set-up link to an accepted offer, by its pages."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.test import Client
from django.urls import reverse

from leads.models import Alert, Clock, Company, Handoff, ImportRun, Lead
from portal import wallclock
from portal.accounts.codes import onetime
from portal.accounts.models import User
from portal.demo import setup
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.models import Version
from tests.factories import MONDAY_NINE
from tests.flows import hubspot
from tests.leads.imports.bringing import bring_and_rehearse, work
from tests.sla.test_questions import as_posted

pytestmark = pytest.mark.django_db
PASSWORD = "kettle-orbit-29"
COMPANY = {
    "name": "Acme", "zone": "Europe/Berlin", "country": "DE", "region": "",
    "opens": "09:00", "closes": "17:00", "days": ["mon", "tue", "wed", "thu", "fri"],
}  # fmt: skip
SHEET = """\
Name\tE-mail\tTeam\tManager?
Priya Nair\tpriya@acme.example\tDemand generation\tyes
Lena Brandt\tlena@acme.example\tDemand generation\t
Marta Silva\tmarta@acme.example\tInside sales\tyes
Anna Keller\tanna@acme.example\tInside sales\t
Yusuf Demir\tyusuf@acme.example\tInside sales\t
David Hoffmann\tdavid@acme.example\tOutside sales\tyes
Greta Holm\tgreta@acme.example\tOutside sales\t
"""


@pytest.fixture
def hour(monkeypatch, settings, tmp_path):
    """The time of day, in a list, so that a story can let it go on."""
    now = [MONDAY_NINE]
    settings.FILES_DIR = tmp_path / "files"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    monkeypatch.setattr(wallclock, "now", lambda: now[0])
    monkeypatch.setattr(time, "time", lambda: now[0].timestamp())
    return now


def begin(client):
    """Who opens the portal, and the company as they describe it."""
    token = setup.issue_link(at=MONDAY_NINE)
    olga = {"name": "Olga", "email": "olga@acme.example", "password": PASSWORD}
    client.post("/setup/first/", {"link": token, "operates": "on", **olga})
    client.post("/setup/company/", COMPANY)
    forms = client.get("/setup/teams/").context["forms"].initial
    lines = {f"team-{n}-{k}": v for n, one in enumerate(forms) for k, v in one.items()}
    client.post("/setup/teams/", lines | {"team-TOTAL_FORMS": "5", "team-INITIAL_FORMS": "5"})
    client.post("/setup/people/", {"text": SHEET, "do": "add"})
    person = {user.name.split()[0]: user.pk for user in User.objects.all()}
    client.post("/setup/heads/", {
        "marketing-head": person["Priya"], "marketing-signatory": person["Priya"],
        "sales-head": person["David"], "sales-signatory": person["Marta"],
    })  # fmt: skip


def agree(client):
    """The five questions as they stand, and the proposal."""
    answers = as_posted() | {"name": "Inbound leads", "key": "inbound", "do": "start"}
    draft = client.post("/agreements/new/", answers)
    assert draft.status_code == 302
    client.post(reverse("sla:version-propose", args=["inbound", 1]), {"effective_from": ""})
    return Version.objects.get()


def bring(client, now, body):
    """Bring the file as it is suggested, look at the dry run, take it."""
    upload, _check = bring_and_rehearse(client, body, source="hubspot")
    client.post(reverse("leads:import-check", args=[upload.pk]))
    work(now)
    return ImportRun.objects.order_by("-pk").first()


def enter(browser, client, name):
    """Somebody follows the link that was made for them."""
    user = User.objects.get(name__startswith=name)
    page = client.post("/setup/invitations/", {"who": user.pk, "do": "link"})
    link = re.search(r"/welcome/#[\w-]+", page.text)[0]
    came = browser.post("/welcome/", {"link": link, "password": PASSWORD})
    assert came.status_code == 302
    return browser


def sign(browser, hour):
    """Led to the text, turn the codes on beside it, and sign it with the next one."""
    page = reverse("sla:version-sign", args=["inbound", 1])
    assert browser.get("/").url == page
    shown = browser.get(page)
    secret = shown.context["key_for_app"]["secret"]
    browser.post(page, {"codes_on": "1", "password": PASSWORD, "code": code(secret)})
    hour[0] += timedelta(seconds=30)
    fields = {
        "digest": Version.objects.get().digest, "password": PASSWORD, "code": code(secret),
        "acknowledged": [one.code for one in shown.context["cautions"]],
    }  # fmt: skip
    return browser.post(page, fields)


def code(secret):
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return onetime.code_at(secret, counter)


def figures(run):
    return run.records, run.new, run.updated, run.duplicate, run.rejected, run.held_back


def counted():
    """Everything of a company that an import could change."""
    rows = (Lead, Company, Handoff, Clock, Alert, Delivery)
    return [model.objects.count() for model in rows]


def told():
    """What was told of anything but the text that waits for signatures."""
    return Delivery.objects.exclude(about__startswith="version:").exclude(
        about__startswith="factor:"
    )


def test_a_company_goes_from_the_link_to_an_accepted_offer_in_its_first_hour(client, hour):
    begin(client)
    agree(client)
    bring_it_twice(client, hour[0])
    nothing_left_before_going_live()
    priya, marta = (enter(Client(), client, name) for name in ("Priya", "Marta"))
    for browser in (priya, marta):
        assert sign(browser, hour).status_code == 302
        assert browser.get("/").url in ("/review/", "/desk/")
    assert Version.objects.get().state == Version.State.SIGNED

    try_a_lead(client)
    go_live(client)
    accept(client, hour)


def bring_it_twice(client, now):
    """Five hundred rows: each is counted once, and a second time nothing changes."""
    body = hubspot.contacts(now)
    run = bring(client, now, body)
    plain, twice, broken = hubspot.PLAIN, hubspot.DUPLICATES, hubspot.BROKEN
    assert figures(run) == (500, plain + hubspot.CUSTOMERS, 0, twice, broken, hubspot.CUSTOMERS)
    assert Lead.objects.filter(stage="customer", closed_as="won").count() == 9
    assert Lead.objects.open().filter(held=True).count() == plain

    before = counted()
    again = bring(client, now, body)
    assert figures(again) == (500, 0, 0, 500 - broken, broken, 0)
    assert counted() == before


def nothing_left_before_going_live():
    assert (Handoff.objects.count(), Clock.objects.count(), Alert.objects.count()) == (0, 0, 0)
    assert not told().exists()
    assert mail.outbox == []


def try_a_lead(client):
    """It shows seat, clock and why them; and nothing of it is anywhere afterwards."""
    before, entries = counted(), LedgerEntry.objects.count()
    fields = {"kind": "demo_request", "country": "DE", "employees": "200"}
    tried = client.post("/setup/test/", fields).context["tried"]

    assert tried.offered == "To inside sales"
    assert "Anna Keller: turn 1 of 2" in tried.why
    assert [clock.name for clock in tried.clocks] == ["First attempt", "Accept or return"]
    assert (counted(), LedgerEntry.objects.count()) == (before, entries)
    small = client.post("/setup/test/", fields | {"employees": "3"}).context["tried"]
    assert small.offered == ""
    assert any("20" in line for line in small.missing)


def go_live(client):
    """What would happen is what happens; invitations leave with it."""
    said = {"since": "2026-02-01", "limit": "500"}
    looked = client.post("/setup/live/", said | {"do": "look"})
    outlook = looked.context["outlook"]
    assert (looked.context["waits"], looked.context["stays"]) == (hubspot.PLAIN, 9)
    assert not Handoff.objects.exists()

    client.post("/setup/live/", said | {"do": "live"})

    assert (outlook.offers, outlook.clocks) == (hubspot.READY, 3 * hubspot.READY)
    assert Handoff.objects.filter(state="offered").count() == hubspot.READY
    assert told().filter(channel="in_app").count() == outlook.messages == hubspot.READY
    assert len(mail.outbox) == 5  # Priya and Marta are in already
    assert client.get("/setup/").context["begun"]


def accept(client, hour):
    """Somebody of Sales comes in by their link and accepts what was offered to them."""
    link = re.search(r"/welcome/#[\w-]+", mail.outbox[0].body)[0]
    anna = Client()
    came = anna.post("/welcome/", {"link": link, "password": PASSWORD})
    assert came.headers["Location"] == "/"
    offered = Handoff.objects.filter(receiver__name="Anna Keller").earliest("pk")
    hour[0] += timedelta(minutes=5)

    anna.post(reverse("leads:handoff-accept", args=[offered.pk]))

    offered.refresh_from_db()
    assert (offered.state, offered.accepted_at) == ("accepted", hour[0])
    met = offered.clocks.get(kind="accept")
    assert (met.outcome, met.stopped_at) == ("met", hour[0])


def test_before_both_have_signed_nothing_goes_live_and_the_page_says_why(client, hour):
    begin(client)
    agree(client)

    refused = client.post("/setup/live/", {"since": "2026-02-01", "limit": "5", "do": "live"})

    assert refused.status_code == 409
    assert "both departments have to sign first" in refused.text


def test_who_signs_is_named_with_their_link_and_the_page_they_need(client, hour):
    begin(client)
    agree(client)

    page = client.get("/setup/signing/")

    assert page.context["needs"] == ["marketing", "sales"]
    assert page.context["address"].endswith("/agreements/inbound/versions/1/sign/")
    assert [(one.name, comes) for one, comes in page.context["people"]] == [
        ("Priya Nair", False), ("Marta Silva", False),
    ]  # fmt: skip
