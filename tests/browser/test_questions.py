"""The five questions in a real browser: the text follows the answers; tokens; the API guide."""

import pytest
from django.urls import reverse

from portal.accounts.models import ApiToken
from sla.models import Version
from tests.factories import make_user
from tests.sla.versions import a_draft, an_agreement

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [(1440, "light"), (390, "dark"), (320, "light")]


@pytest.fixture
def marketer():
    return make_user("Mara Keter", team="demand-generation")


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_the_pages_are_open_to_everybody(open_page, violations, marketer, width, scheme):
    an_agreement()
    version = a_draft(by=marketer)
    paths = [
        reverse("sla:agreement-new"), "/tokens/", "/api/v1/",
        reverse("sla:draft-import", args=[version.agreement.key, version.number]),
    ]  # fmt: skip
    for path in paths:
        page = open_page(path, user=marketer, width=width, scheme=scheme)

        assert violations(page) == [], path
        assert page.complaints == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


def test_the_text_follows_the_answers_and_becomes_the_draft(open_page, violations, marketer):
    agreement = an_agreement()
    page = open_page(reverse("sla:agreement", args=[agreement.key]), user=marketer)
    page.get_by_role("link", name="Start the agreement").click()
    text = page.locator("#text")
    text.get_by_text("This is what the template says.").wait_for()

    page.get_by_label("Leads a month that reach comparing").fill("777")
    text.get_by_text("777 leads a month").wait_for()
    page.get_by_label("Trial", exact=True).uncheck()
    text.get_by_text("2 clauses are not as the template has them.").wait_for()

    assert violations(page) == []
    page.get_by_role("button", name="Start the draft").click()
    page.wait_for_url("**/versions/1/")
    assert Version.objects.get().parsed.commitments[0].count == 777
    assert page.complaints == []


def test_an_answer_that_is_none_is_said_where_the_text_was(open_page, violations, marketer):
    """Also while the name is still empty: the text does not wait for it."""
    page = open_page(reverse("sla:agreement-new"), user=marketer)

    page.get_by_label("Attempts to reach a person").fill("0")
    page.locator("#text").get_by_text("The text waits for an answer").wait_for()

    assert violations(page) == []


def test_without_script_a_button_updates_the_text(open_page, marketer):
    path = reverse("sla:questions", args=[an_agreement().key])
    page = open_page(path, user=marketer, java_script_enabled=False)

    page.get_by_label("Leads a month that reach comparing").fill("777")
    page.get_by_role("button", name="Update the text").click()

    assert page.locator("#text").get_by_text("777 leads a month").is_visible()
    assert not Version.objects.exists()


def test_a_token_is_made_and_revoked_by_keyboard(open_page, marketer):
    page = open_page("/tokens/", user=marketer)

    page.get_by_label("What it is for").fill("The wiki")
    page.keyboard.press("Enter")
    page.get_by_text("Copy it now.").wait_for()
    page.get_by_role("button", name="Revoke The wiki").press("Enter")
    page.get_by_text("Its next call is refused.").wait_for()

    assert ApiToken.objects.get().revoked_at is not None
