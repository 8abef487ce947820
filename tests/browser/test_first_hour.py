"""The first hour in a real browser, by somebody who has nothing but the screens."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings as django_settings
from django.core import mail
from playwright.sync_api import Page, expect

from leads.models import Handoff, ImportRun, Lead
from portal import wallclock
from portal.accounts.codes import onetime
from portal.demo.launcher import company as launcher
from portal.jobs import runner
from portal.notifications.models import Delivery
from sla.models import Version
from tests.factories import MONDAY_NINE, make_department
from tests.flows import hubspot
from tests.flows.test_first_hour import PASSWORD, SHEET

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 30_000  # milliseconds; the steps are real work
KEY = "text=Write this key into the app >> xpath=following-sibling::p[1]"
FILE = "hubspot-crm-exports-all-contacts.csv"


@pytest.fixture
def hour(monkeypatch, settings, tmp_path, live_server):
    """An empty portal without a mail server, its time in a list so that it can go on."""
    for key in ("marketing", "sales"):
        make_department(key)
    now = [MONDAY_NINE]
    settings.FILES_DIR = tmp_path / "files"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    settings.BASE_URL = live_server.url
    monkeypatch.setattr(wallclock, "now", lambda: now[0])
    monkeypatch.setattr(totp.time, "time", lambda: now[0].timestamp())
    return now


def what_make_start_prints() -> str:
    """The set-up link, by the very lines that stand on the terminal after `make start`."""
    launcher.EMPTY.check()
    *_said, link = launcher.EMPTY.greeting(django_settings.BASE_URL)
    return link.strip().removeprefix(django_settings.BASE_URL)


def code(secret: str) -> str:
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return onetime.code_at(secret, counter)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(name)).first.click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=re.compile(name)).first.click()


def next_step(page: Page, name: str) -> None:
    """The step that stands out on the list is the one that is meant to come next."""
    link = page.locator("[aria-current=step] a.btn-1")
    expect(link).to_contain_text(name)
    link.click()


def describe(page: Page) -> None:
    """Account, company, teams, people, heads: until the first text can be written."""
    page.get_by_label("Your name").fill("Olga Petrova")
    page.get_by_label("E-mail").fill("olga@acme.example")
    page.get_by_label("Password").fill(PASSWORD)
    press(page, "Make my account")
    next_step(page, "Name and hours")
    page.get_by_label("Name of the company").fill("Acme")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Country").select_option("DE")
    press(page, "Keep it")
    page.get_by_label("Region").select_option("BE")
    press(page, "Keep it")
    next_step(page, "Name the teams")
    press(page, "Keep these teams")
    next_step(page, "Paste people")
    page.get_by_label("Rows from your sheet").fill(SHEET)
    press(page, "Look at them")
    press(page, "Add 7 people")
    follow(page, "^Set up$")
    next_step(page, "Choose them")
    for field, name in (
        ("marketing-head", "Priya Nair"), ("marketing-signatory", "Priya Nair"),
        ("sales-head", "David Hoffmann"), ("sales-signatory", "Marta Silva"),
    ):  # fmt: skip
        page.locator(f"#id_{field}").select_option(label=name)
    press(page, "Keep them")


def come_back(open_page: Callable[..., Page]) -> Page:
    """Another browser, another day: the first page leads to the step that is next."""
    page = open_page("/")
    page.locator("input[name=login]").fill("olga@acme.example")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    page.wait_for_url("**/setup/")
    return page


def go_on(page: Page) -> None:
    """From whichever page back to the list of what is left."""
    follow(page, "^Set up your company: go on$|^Set up$")


def agree(page: Page) -> None:
    next_step(page, "Answer five questions")
    page.get_by_label("Name of the agreement").fill("Inbound leads")
    page.get_by_label("Short name").fill("inbound")
    press(page, "Start the draft")
    page.wait_for_url("**/versions/1/")
    follow(page, "^Propose$")
    press(page, "Propose to both")
    page.wait_for_url("**/versions/1/")


def bring(page: Page, body: bytes, now: object) -> None:
    page.get_by_label("CSV or Excel file").set_input_files(
        {"name": FILE, "mimeType": "text/csv", "buffer": body}
    )
    press(page, "Look at the file")
    press(page, "Show what would come of it")
    expect(page.get_by_role("heading", name="Waits for its turn")).to_be_visible()
    runner.run_all(now=lambda: now)
    expect(page.get_by_role("heading", name="What would come of it")).to_be_visible(
        timeout=PATIENCE
    )
    press(page, "Import 500 records")
    expect(page.get_by_role("heading", name="Waits for its turn")).to_be_visible()
    runner.run_all(now=lambda: now)
    expect(page.get_by_text("500 records, all of them accounted for")).to_be_visible(
        timeout=PATIENCE
    )


def come_in(page: Page, link: str, first: str) -> None:
    """By the link alone; `first` is where it leads."""
    page.goto(link)
    page.get_by_label("Choose a password").fill(PASSWORD)
    press(page, "Come in")
    page.wait_for_url(f"**{first}")


def sign(page: Page, hour: list) -> None:
    """Turn codes on beside the text; with the next code, sign it."""
    secret = re.sub(r"\s", "", page.locator(KEY).inner_text()).upper()
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_label("Code").first.fill(code(secret))
    press(page, "Turn on my codes")
    page.get_by_role("button", name="Turn on my codes").wait_for(state="detached")
    hour[0] += timedelta(seconds=30)
    for box in page.locator("input[name=acknowledged]").all():
        box.check()
    page.get_by_label("Password").first.fill(PASSWORD)
    page.get_by_label("Code").first.fill(code(secret))
    press(page, "^Sign")
    page.get_by_text("Your signature is in the ledger").wait_for()


def links_for_who_signs(page: Page) -> list[str]:
    """A way in for each, which leads to the text."""
    found = []
    for name in ("Priya Nair", "Marta Silva"):
        go_on(page)
        next_step(page, "Links for who signs")
        press(page, f"Make their link.*{name}")
        found.append(page.locator("dd.hash").inner_text())
    return found


def test_from_an_empty_portal_to_an_offer_that_somebody_accepts(open_page, violations, hour):
    page = open_page(what_make_start_prints())
    describe(page)
    page = come_back(open_page)
    agree(page)
    for name in ("company", "teams", "people", "heads", "signing", "invitations"):
        page.goto(f"{django_settings.BASE_URL}/setup/{name}/")
        assert violations(page) == [], name
    page.goto(f"{django_settings.BASE_URL}/setup/")
    assert violations(page) == []
    next_step(page, "Bring a file")
    body = hubspot.contacts(hour[0])
    bring(page, body, hour[0])
    counts(page, new=481, duplicate=12, rejected=7)
    expect(page.get_by_text("9 of them held back")).to_be_visible()
    follow(page, "^Imports$")
    bring(page, body, hour[0])
    counts(page, new=0, duplicate=493, rejected=7)
    nobody_was_told()

    for link in links_for_who_signs(page):
        theirs = open_page("/accounts/login/")
        come_in(theirs, link, "/agreements/inbound/versions/1/sign/")
        sign(theirs, hour)
    assert Version.objects.get().state == Version.State.SIGNED

    go_live(page, violations)
    serve(page, open_page("/accounts/login/"))
    assert page.complaints == []


def counts(page: Page, *, new: int, duplicate: int, rejected: int) -> None:
    """What the page of the import says, and what is so."""
    shown = page.locator(".figs .fig b").all_inner_texts()
    assert shown == [str(new), "0", str(duplicate), str(rejected)]
    run = ImportRun.objects.latest("pk")
    assert (run.records, run.updated) == (500, 0)
    assert (run.new, run.duplicate, run.rejected) == (new, duplicate, rejected)
    assert Lead.objects.filter(closed_as="won").count() == hubspot.CUSTOMERS


def nobody_was_told() -> None:
    assert not Delivery.objects.exclude(about__startswith="version:").exists()
    assert (mail.outbox, Handoff.objects.count()) == ([], 0)


def go_live(page: Page, violations: object) -> None:
    """A test lead, what would happen, and the button."""
    go_on(page)
    follow(page, "Try a test lead")
    press(page, "Let it arrive")
    expect(page.get_by_role("heading", name="Offered: To inside sales")).to_be_visible()
    expect(page.get_by_role("heading", name="Whose it is, and why them?")).to_be_visible()
    assert not Handoff.objects.exists()
    go_on(page)
    next_step(page, "Go live")
    page.get_by_label("That arrived since").fill("2026-02-01")
    page.get_by_label("At most").fill("500")
    press(page, "Show what would happen")
    expect(page.get_by_text("offers at once")).to_be_visible()
    assert violations(page) == []  # type: ignore[operator]  # the fixture is a function
    press(page, "Go live now")
    page.get_by_text("leads went live").wait_for()
    assert Handoff.objects.filter(state="offered").count() == hubspot.READY


def serve(page: Page, theirs: Page) -> None:
    """Who has no mail gets the link by hand, comes in, and accepts what waits for them."""
    press(page, "Make links for all")
    people = page.locator(".links dt").all_inner_texts()
    place = next(n for n, name in enumerate(people) if name.startswith("Anna Keller"))
    come_in(theirs, page.locator("dd.hash").nth(place).inner_text(), "/desk/")
    press(theirs, "Accept")
    theirs.get_by_text("Accepted").first.wait_for()
    assert Handoff.objects.get(state="accepted").receiver.name == "Anna Keller"
