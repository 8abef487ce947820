"""The whole sitting in a real browser: from five questions to a document that an auditor's
verifier accepts, signed by both departments and read by the other one."""

import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse

from leads.actions.handing import handoffs
from portal.accounts.codes import onetime
from sla.models import Signature, Version
from tests.browser.conftest import time_from
from tests.browser.test_signing import ADVICE, device
from tests.factories import (
    MONDAY_NINE,
    PASSWORD,
    make_handoff,
    make_signatory,
    make_user,
    make_version,
)
from tests.sla.versions import a_company

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE = timedelta(minutes=1)
MOST_STOPS = 400
TARGET = "#e-obligations-0-targets-0-within"


@pytest.fixture(autouse=True)
def eleven():
    """It is eleven in Berlin, and time goes on."""
    with time_from(MONDAY_NINE + 120 * MINUTE):
        yield


@pytest.fixture(autouse=True)
def next_code(settings):
    """The code that comes next fits as well: nobody waits half a minute for it."""
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture
def manager():
    return signatory("marketing", "Mara Keter")


@pytest.fixture
def head():
    return signatory("sales", "Sven Holt")


@pytest.fixture(autouse=True)
def company(manager, head):
    """An agreement in force, and a handoff that was accepted 40 minutes after its offer."""
    a_company()
    make_version()
    handoff = make_handoff()
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE + 40 * MINUTE)


def signatory(department, name):
    person = make_signatory(department)
    person.name = name
    person.set_password(PASSWORD)
    person.save()
    return person


def code(secret, steps):
    """What an app shows that has this secret, `steps` half minutes from now."""
    *_, ahead = totp.yield_hotp_counters_from_time()
    return onetime.code_at(secret, ahead - 1 + steps)


def secret_on(page):
    """The key that the page shows, as somebody types it into an app."""
    return "".join(page.locator(".qr ~ .hash").inner_text().split())


def complaints(*pages):
    said = [one for page in pages for one in page.complaints]
    return [one for one in said if not any(advice in one for advice in ADVICE)]


# --- one thing after the other, as a person does it
def answer_five_questions(page, url):
    page.goto(url + reverse("sla:questions", args=["inbound"]))
    page.get_by_label("Leads a month that reach comparing").fill("777")
    page.locator("#text").get_by_text("777 leads a month").wait_for()
    page.get_by_role("button", name="Start the draft").click()
    page.wait_for_url("**/versions/2/")


def change_a_target(page):
    page.get_by_role("link", name="Edit the draft").click()
    page.get_by_role("link", name="Obligations").first.click()
    page.locator("#row-obligations-0 > details > summary").click()
    page.locator(TARGET).fill("30 min")
    page.locator(TARGET).press("Tab")
    page.get_by_text("Saved, number 2").wait_for()


def add_a_criterion(page):
    page.get_by_role("link", name="Stages and criteria").click()
    page.locator("#row-journey-2 > details > summary").click()
    page.locator("#add-journey-2-criteria-parts").click()
    what = page.locator("[id$=-what]:focus")  # the new condition is where one types next
    what.wait_for()
    place = f"#{what.get_attribute('id').removesuffix('-what')}"
    page.locator(f"{place}-what").select_option("lead.score")
    page.locator(f"{place}-value").fill("20")
    page.locator(f"{place}-value").press("Tab")
    page.get_by_text("Saved, number 3").wait_for()


def propose(page):
    page.get_by_role("link", name="Overview").click()
    page.get_by_role("link", name="Propose").click()
    page.get_by_role("button", name="Propose to both").click()
    page.get_by_text("Both departments were asked to sign.").wait_for()


def sign_by_code(page):
    page.get_by_role("link", name="Read and sign").click()
    secret = secret_on(page)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code(secret, 0))
    page.get_by_role("button", name="Turn on my codes").click()
    page.get_by_text("Your codes are on.").wait_for()
    for box in page.locator("[name=acknowledged]").all():
        box.check()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code").fill(code(secret, 1))
    page.get_by_role("button", name="Sign with code").click()
    page.get_by_role("heading", name="You have signed").wait_for()


def log_in(page, person):
    page.locator("#id_login").fill(person.email)
    page.locator("#id_password").fill(PASSWORD)
    page.locator("#id_password").press("Enter")


def add_a_passkey(page):
    page.get_by_role("link", name="add a passkey").click()
    page.get_by_role("heading", name="Is it still you?").wait_for()
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#id_name").wait_for()
    device(page)
    page.locator("#id_name").fill("My laptop")
    page.get_by_role("button", name="Add this device").click()
    page.get_by_role("heading", name="My laptop").wait_for()


def downloaded(page, link, folder):
    with page.expect_download() as taken:
        page.get_by_role("link", name=link).click()
    taken.value.save_as(folder / taken.value.suggested_filename)
    return folder / taken.value.suggested_filename


def verified(evidence, folder):
    """What the verifier in the archive says, in a Python without anything else."""
    with zipfile.ZipFile(evidence) as archive:
        name = next(n for n in archive.namelist() if n.endswith("verify_agreement.py"))
        alone = archive.extract(name, folder)
    command = [sys.executable, "-I", "-S", alone, str(evidence)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def test_from_five_questions_to_a_certificate_in_one_sitting(
    open_page, live_server, manager, head, tmp_path
):
    mine = open_page("/agreements/", user=manager)
    answer_five_questions(mine, live_server.url)
    change_a_target(mine)
    add_a_criterion(mine)

    mine.get_by_role("link", name="Overview").click()
    mine.get_by_role("link", name="Compare with version 1").click()
    mine.get_by_text("1 more late: 1 of 1").wait_for()

    theirs = open_page(reverse("sla:version", args=["inbound", 2]), user=make_user("Tim Ode"))
    theirs.get_by_role("link", name="Clause 3.1: Comment").click()
    theirs.get_by_label("Comment on 3.1").fill("Half an hour at lunch?")
    theirs.get_by_role("button", name="Comment").click()
    theirs.get_by_text("Half an hour at lunch?").wait_for()

    mine.goto(live_server.url + reverse("sla:comments", args=["inbound", 2]))
    mine.locator(".reply summary").click()
    mine.get_by_label("Your reply").fill("The calendar is closed at lunch.")
    mine.get_by_role("button", name="Reply").click()
    mine.get_by_text("The calendar is closed at lunch.").wait_for()
    mine.get_by_role("button", name="Settle").click()
    mine.get_by_text("Settled by Mara Keter").wait_for()

    mine.goto(live_server.url + reverse("sla:draft-part", args=["inbound", 2, "words"]))
    propose(mine)
    sign_by_code(mine)
    link = mine.get_by_label("Link for the second signatory").input_value()

    other = open_page(link.removeprefix(live_server.url))
    log_in(other, head)
    other.get_by_role("heading", name="Sign version 2 for Sales").wait_for()
    add_a_passkey(other)
    other.goto(link)
    for box in other.locator("[name=acknowledged]").all():
        box.check()
    other.get_by_role("button", name="Sign with passkey").click()
    other.get_by_text("version 2 governs every handoff first offered since").wait_for()

    theirs.goto(live_server.url + "/agreements/")
    theirs.get_by_text("777 leads a month").first.wait_for()
    assert theirs.locator(".sig .name").all_inner_texts() == ["Mara Keter", "Sven Holt"]
    document = downloaded(theirs, "Agreement as PDF", tmp_path)
    evidence = downloaded(theirs, "Evidence for an auditor", tmp_path)
    assert document.read_bytes().startswith(b"%PDF")
    result, said = verified(evidence, tmp_path)
    assert (result, said.partition(".")[0]) == (0, "VALID"), said
    methods = Signature.objects.order_by("department").values_list("method", flat=True)
    assert list(methods.filter(version__number=2)) == ["password_totp", "passkey"]
    assert complaints(mine, theirs, other) == []


# --- the same by keyboard alone
def reach(page, selector):
    """Tab on until the focus is there, as somebody without a mouse does."""
    for _ in range(MOST_STOPS):
        if page.evaluate("what => document.activeElement.matches(what)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab on {page.url}")


def press(page, selector, key="Enter"):
    reach(page, selector)
    page.keyboard.press(key)


def write(page, selector, text):
    reach(page, selector)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def test_the_same_path_is_walked_by_keyboard_alone(open_page, manager):
    page = open_page(reverse("sla:questions", args=["inbound"]), user=manager)

    write(page, "[name=monthly]", "777")
    page.locator("#text").get_by_text("777 leads a month").wait_for()
    press(page, "button[value=start]")
    page.wait_for_url("**/versions/2/")
    press(page, "a[href$='/2/edit/']")
    page.wait_for_url("**/2/edit/")
    press(page, ".parts a[href$='/promises/']")
    page.wait_for_url("**/promises/")
    press(page, "#row-obligations-0 > details > summary")
    write(page, TARGET, "30 min")
    press(page, "#save")
    page.get_by_text("Saved, number 2").wait_for()
    press(page, ".chips a[href$='/2/edit/']")
    page.wait_for_url("**/2/edit/")
    press(page, "a[href$='/propose/']")
    page.wait_for_url("**/propose/")
    press(page, "main form button.btn-1")
    page.get_by_text("Both departments were asked to sign.").wait_for()
    press(page, "a[href$='/sign/']")
    page.wait_for_url("**/sign/")
    secret = secret_on(page)
    write(page, "[name=password]", PASSWORD)
    write(page, "[name=code]", code(secret, 0))
    press(page, "button[name=codes_on]")
    page.get_by_text("Your codes are on.").wait_for()
    for place in range(page.locator("[name=acknowledged]").count()):
        press(page, f"label:nth-of-type({place + 1}) > [name=acknowledged]", "Space")
    write(page, "[name=password]", PASSWORD)
    write(page, "[name=code]", code(secret, 1))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="You have signed").wait_for()

    version = Version.objects.get(number=2)
    assert version.terms["obligations"][0]["targets"][0]["within"] == "PT30M"
    assert version.signatures.get().signer == manager
    assert complaints(page) == []
