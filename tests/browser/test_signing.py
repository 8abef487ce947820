"""The signing page in a real browser, with a device in software that makes passkeys."""

import pytest

from portal import ledger
from sla.models import Signature, Version
from tests.factories import PASSWORD, make_signatory
from tests.sla.versions import a_proposal, sign

pytestmark = pytest.mark.django_db(transaction=True)
# Chromium would like RSA too, which the stand-alone verifier does not check; and a field for
# the name beside each password, where the person is logged in already.
ADVICE = ("pubKeyCredParams is missing", "Password forms should have")
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def head():
    person = make_signatory("sales")
    person.set_password(PASSWORD)
    person.save()
    return person


def device(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return session


def enrolled(open_page, head):
    """A page of somebody who proved who they are and added this device."""
    page = open_page("/accounts/passkeys/", user=head)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.locator("#id_name").wait_for()
    device(page)
    page.locator("#id_name").fill("My laptop")
    page.get_by_role("button", name="Add this device").click()
    page.get_by_role("heading", name="My laptop").wait_for()
    return page


def sign_page(version):
    return f"/agreements/{version.agreement.key}/versions/{version.number}/sign/"


def test_a_device_is_added_and_signs_the_text(open_page, violations, live_server, head):
    version = a_proposal()
    page = enrolled(open_page, head)
    page.goto(live_server.url + sign_page(version))
    found = violations(page)

    page.get_by_role("button", name="Sign with passkey").click()
    page.get_by_text("You have signed").wait_for()

    made = Signature.objects.get(version=version)
    assert (made.signer, made.method) == (head, "passkey")
    assert made.proof["site"] == "localhost"
    assert found == []
    assert [said for said in page.complaints if not any(a in said for a in ADVICE)] == []


def test_a_text_that_changes_between_reading_and_signing_stops_the_device_s_signature(
    open_page, live_server, head
):
    version = a_proposal()
    page = enrolled(open_page, head)
    page.goto(live_server.url + sign_page(version))
    page.evaluate("document.querySelector('[name=digest]').value = 'ab'.repeat(32)")

    page.get_by_role("button", name="Sign with passkey").click()
    page.get_by_role("heading", name="The text changed after you read it").wait_for()

    assert not Signature.objects.exists()


def test_rewritten_client_data_is_refused(open_page, live_server, head):
    version = a_proposal()
    page = enrolled(open_page, head)
    page.goto(live_server.url + sign_page(version))
    page.evaluate(
        """() => {
          const submit = HTMLFormElement.prototype.submit;
          HTMLFormElement.prototype.submit = function () {
            const answer = JSON.parse(this.elements.answer.value);
            const told = JSON.parse(atob(answer.response.clientDataJSON));
            told.note = "rewritten";
            answer.response.clientDataJSON = btoa(JSON.stringify(told));
            this.elements.answer.value = JSON.stringify(answer);
            submit.call(this);
          };
        }"""
    )

    page.get_by_role("button", name="Sign with passkey").click()
    page.get_by_role("heading", name="The passkey's signature was refused").wait_for()

    assert not Signature.objects.exists()


def test_without_script_the_page_offers_password_and_code(open_page, live_server, head):
    version = a_proposal()
    enrolled(open_page, head)

    plain = open_page(sign_page(version), user=head, java_script_enabled=False)

    assert not plain.get_by_role("button", name="Sign with passkey").is_visible()
    assert plain.get_by_text("Turn on my codes").is_visible()


def test_the_second_signature_puts_it_in_force_and_the_document_is_taken_away(
    open_page, live_server, head
):
    version = a_proposal()
    sign(version, "marketing")
    page = enrolled(open_page, head)
    page.goto(live_server.url + sign_page(version))
    page.get_by_role("button", name="Sign with passkey").click()

    with page.expect_download() as taken:
        page.get_by_role("link", name="Agreement as PDF").click()

    version.refresh_from_db()
    assert version.state == Version.State.SIGNED
    assert taken.value.suggested_filename.endswith(".pdf")
    assert taken.value.path().read_bytes().startswith(b"%PDF")
    assert ledger.tip()[0] > 0
