"""The help: words as the portal means them, the agreement's own, and those of a screen."""

import pytest
from django.urls import get_resolver, reverse

from leads.views.help.changes import RELEASES
from leads.views.help.guides import BY_KEY, GUIDES
from leads.views.help.page import Told
from leads.views.help.page import words_of as page_of_words
from leads.views.help.places import PLACES, address
from leads.views.help.terms import EVERY, GROUPS, SCREENS
from portal.accounts.models import Role
from tests.authz_actors import DECLARED, addresses, classes
from tests.factories import MONDAY_NINE, make_agreement, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]


@pytest.fixture
def read(client):
    make_agreement()
    client.force_login(make_user())

    def page(**query):
        return client.get(reverse("leads:help"), query).text

    return page


def test_every_word_stands_with_its_meaning_and_its_section_of_the_agreement(read):
    page = read()

    assert all(f'id="{key}"' in page for key in EVERY)
    assert "In your agreement: 3, Who owes what, by when" in page
    assert "#s3" in page


def test_a_promise_says_what_the_agreement_in_force_says_of_it(read):
    page = read(q="cadence")

    assert "with the next one due on the desk" in page
    assert 'class="no">3.' in page


def test_an_old_label_finds_the_stage_of_the_journey_in_force(read):
    page = read(q="SQL")

    assert "The stages of your journey" in page
    assert "SQL" in page.partition("<tbody")[2]


def test_a_word_that_there_is_not_says_what_to_do(read):
    assert "No such word here" in read(q="zzzz")


def test_the_footer_of_a_screen_leads_to_the_words_of_that_screen(client, read):
    desk = client.get(reverse("leads:desk")).text

    assert "/help/?screen=leads%3Adesk" in desk
    page = read(screen="leads:desk")
    assert page.index("On the screen that you come from") < page.index(f'id="{GROUPS[0][0]}"')
    assert "On the screen" not in read(screen="nonsense")


@pytest.mark.parametrize("word", """
agreement, SLA, OLA, obligation, version, draft, proposed, declined, withdrawn, redline,
signed, signatory, administrative amendment, shadow mode, backtest, warning, scope,
governance, clause, lead, MAL, MQL, SAL, SQL, opportunity, segment, customer, duplicate,
merge, imported, stage, criterion, evidence, attested, waiver, department, head, team, SDR,
ISR, AE, manager, steward, deputy, capacity, operations, auditor, admin, seat, owner, pool,
routing, round robin, turn, handoff, offer, accept, package, return, return reason, round,
dispute, recycle, expired, nurture, contribution, clock, calendar, working time, holidays,
valid through, pause, cadence, disposition, attempt, contact, first attempt, ladder,
escalation, breach, excused, outage, catch-up, alert, reciprocity, benchmark, commitment,
pace, attainment, touch, trusted source, ledger, seal, restatement, published head,
integrity, coverage, cohort, erasure, simulated, too few
""".replace("\n", " ").split(","))  # fmt: skip
def test_each_word_of_the_specification_is_found(word):
    assert [one for one in EVERY.values() if Told(one).fits(word.strip())] != []


def test_each_screen_that_is_explained_leads_to_words_of_its_own(read):
    bare = [screen for screen in PLACES if not page_of_words(screen)]

    assert bare == []
    assert "On the screen that you come from" in read(screen="leads:import-check")


def test_screens_and_their_words_are_there():
    names = {f"leads:{name}" for name in get_resolver("leads.urls").reverse_dict}
    known = {screen for screen in SCREENS if screen.startswith("leads:")}

    assert known <= names
    assert {key for words in SCREENS.values() for key in words} <= set(EVERY)


def test_without_an_agreement_the_words_still_stand(client):
    client.force_login(make_user())

    page = client.get(reverse("leads:help")).text

    assert "Clock" in page
    assert "In your agreement" not in page


def test_every_screen_leads_to_a_section_that_there_is(client):
    assert set(PLACES) <= set(addresses().values())
    client.force_login(make_user())
    pages = {key: client.get(reverse("leads:help-guide", args=[key])).text for key in BY_KEY}

    for view in PLACES:
        page, section = address(view).removeprefix("/help/").split("/#")
        assert f'id="{section}"' in pages[page], view


def test_every_section_is_named_once_on_its_page():
    for guide in GUIDES:
        keys = [section.key for section in guide.sections]
        assert len(keys) == len(set(keys)), guide.key


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AUDITOR])
def test_what_a_page_of_the_help_opens_is_open_to_who_reads_leads(client, role):
    member = role == Role.MEMBER
    client.force_login(make_user() if member else make_user(role=role, team=None))
    views = {section.view for guide in GUIDES for section in guide.sections if section.view}

    answers = {view: client.get(reverse(view)).status_code for view in views}

    assert {view: status for view, status in answers.items() if status != 200} == {}


def test_a_heading_has_a_link_to_the_section_about_its_page(client):
    client.force_login(make_user())

    page = client.get(reverse("leads:forecast")).text

    assert 'class="explained" href="/help/reports/#forecast"' in page
    assert "Help with this page" in page


def test_a_page_of_the_help_that_there_is_not_is_not_found(client):
    client.force_login(make_user())

    assert client.get("/help/nonsense/").status_code == 404


def test_every_page_that_somebody_reads_is_explained():
    unexplained = [
        route
        for route, name in addresses().items()
        if name not in PLACES and name not in UNEXPLAINED and _is_a_page(route)
    ]

    assert unexplained == [], "say in leads/views/help/places.py where each is explained"


UNEXPLAINED = {
    "home", "bell", "style", "metrics", "api-doc", "api-1.0.0:api-root", "leads:help",
    "leads:help-guide", "leads:help-changes", "leads:desk-news", "sla:terms-schema",
    "leads:setup-back", "welcome", "forgotten", "first-admin",
}  # fmt: skip
"""The way in, parts of pages, what only programs read, and the help itself."""


def _is_a_page(route):
    """Whether an address is drawn for somebody who signed in; the matrix knows them all."""
    outside = route.startswith(("admin/", "api/", "healthz/", "^", "scim/"))
    (declared,) = classes().get(route, ["public"])
    answers = DECLARED["class"][declared]["GET"].values()
    return not outside and "." not in route and 200 in answers and declared not in OPEN


OPEN = {"public", "open-form", "way-in", "way-out"}


def test_the_menu_marks_what_changed_until_it_was_read(client):
    client.force_login(make_user())
    assert 'class="unseen"' in client.get(reverse("leads:help")).text

    page = client.get(reverse("leads:help-changes")).text

    assert f"Version {RELEASES[0].key}" in page
    assert 'class="unseen"' not in client.get(reverse("leads:help")).text


def test_a_change_that_says_more_leads_to_a_page_that_there_is():
    places = {place for release in RELEASES for _text, place in release.changes if place}

    assert places <= set(BY_KEY)
