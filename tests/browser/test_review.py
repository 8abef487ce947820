"""Reviewing a proposal in a browser: its changes, comments, shadow and what governs."""

import pytest
from django.urls import reverse

from sla.actions import comments, observing
from tests.factories import make_handoff, make_signatory, make_user, make_version
from tests.leads.clockwork import terms_where
from tests.sla.versions import NINE, a_proposal

pytestmark = pytest.mark.django_db(transaction=True)
QUICK = terms_where("accept", targets=[{"segment": None, "within": "PT30M", "beyond": None}])
PATH = "obligations/accept"


@pytest.fixture
def proposal():
    make_version()
    make_handoff()
    version = a_proposal(terms=QUICK)
    by = make_signatory("sales")
    comments.write(version_id=version.pk, path=PATH, text="Too fast?", by=by, at=NINE)
    observing.start(version_id=version.pk, by=by, at=NINE)
    return version


def pages(version):
    names = [version.agreement.key, version.number]
    yield from (
        reverse(f"sla:{page}", args=names)
        for page in ("version", "version-diff", "comments", "shadow")
    )
    yield tried(version, target=2)
    yield reverse("sla:in-force")
    yield f"{reverse('sla:which')}?typed=yes"


def tried(version, **query):
    """The page of its past handoffs, in the month that they are of."""
    names = [version.agreement.key, version.number]
    of = {"since": "2026-03-01", "until": "2026-03-31", "obligation": "accept"} | query
    return reverse("leads:backtest", args=names, query=of)


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_nothing_is_wrong_with_the_pages_of_a_review(
    open_page, violations, proposal, width, scheme
):
    by = make_user()
    for path in pages(proposal):
        page = open_page(path, user=by, width=width, scheme=scheme)

        assert (path, violations(page), page.complaints) == (path, [], [])
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_target_that_is_typed_says_at_once_what_it_would_have_given(open_page, proposal):
    page = open_page(tried(proposal), user=make_user())

    page.get_by_label("Another target").fill("3")
    page.get_by_text("within 3 hours").first.wait_for()

    assert page.complaints == []


def test_a_comment_is_read_answered_and_settled_beside_its_clause(
    open_page, violations, proposal
):
    page = open_page(next(pages(proposal)), user=make_user())

    page.get_by_role("link", name="1 open comment").first.click()
    talk = page.locator(".talks .talk")
    talk.get_by_text("Reply", exact=True).first.click()
    talk.get_by_label("Your reply").fill("It is what we keep.")
    talk.locator("form").first.get_by_role("button", name="Reply").click()
    page.get_by_text("It is what we keep.").wait_for()
    found = violations(page)
    page.locator(".talks").get_by_role("button", name="Settle").click()
    page.get_by_text("Settled by").wait_for()

    assert found == []
    assert page.complaints == []
    assert not proposal.comments.open_on(proposal).exists()
