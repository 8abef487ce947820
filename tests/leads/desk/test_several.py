"""Several rows at once: shown first, then each done in a transaction of its own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs, returns
from leads.models import Handoff, Touch
from portal.accounts.models import Absence
from tests.factories import (
    MONDAY_NINE,
    make_company,
    make_handoff,
    make_lead,
    make_team,
    make_user,
)

LATER = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]
URL = "leads:desk-bulk"


@pytest.fixture
def rep():
    return make_user("Anna Keller", team="inside-sales")


@pytest.fixture
def two(rep):
    """Two offers that wait for the same person."""
    return [
        make_handoff(lead=make_lead(name=name, at=MONDAY_NINE), receiver=rep, at=MONDAY_NINE)
        for name in ("Ines Moreau", "Marek Hulk")
    ]


def rows(handoffs, kind="accept"):
    return [handoff.clocks.get(kind=kind).pk for handoff in handoffs]


@pytest.fixture
def ask(client):
    """What the page says before anything is done."""

    def read(person, do, rows, **more):
        client.force_login(person)
        return client.get(reverse(URL), {"do": do, "row": rows, **more}).text

    return read


@pytest.fixture
def do(client):
    """What the page says after it was done."""

    def post(person, do, rows, **more):
        client.force_login(person)
        return client.post(reverse(URL), {"do": do, "row": rows, "go": "1", **more})

    return post


def states(handoffs):
    return [Handoff.objects.get(pk=one.pk).state for one in handoffs]


def test_what_would_become_of_each_row_is_shown_and_nothing_is_done(ask, rep, two):
    page = ask(rep, "accept", rows(two))

    assert "Accept 2" in page
    assert page.count("Yours from now") == 2
    assert states(two) == ["offered", "offered"]


def test_each_row_is_done_for_itself_and_a_refused_one_says_why(ask, do, rep, two):
    other = make_user("Yusuf Demir", team="inside-sales")
    Absence.objects.create(
        user=rep, deputy=other, starts_at=MONDAY_NINE, ends_at=LATER + timedelta(days=1)
    )
    handoffs.accept(handoff_id=two[0].pk, by=other, at=MONDAY_NINE + timedelta(minutes=9))
    chosen = rows(two)

    before = ask(rep, "accept", chosen)
    answer = do(rep, "accept", chosen)

    assert "Yusuf Demir accepted this 1 min ago." in before
    assert "Accept 1" in before
    assert "Yusuf Demir accepted this 1 min ago." in answer.text
    assert states(two) == ["accepted", "accepted"]
    assert Handoff.objects.get(pk=two[1].pk).receiver == rep


def test_what_is_not_ones_own_stays_as_it_is(ask, do, two):
    stranger = make_user("Ada Eck", team="outside-sales")

    page = do(stranger, "accept", rows(two)).text

    assert page.count("Only who has the seat may do this") == 2
    assert states(two) == ["offered", "offered"]


def test_an_attempt_is_logged_with_each_lead(do, rep, two):
    answer = do(rep, "attempt", rows(two), kind="voicemail")

    assert answer.status_code == 200
    assert Touch.objects.filter(kind="voicemail", by=rep).count() == 2
    assert states(two) == ["accepted", "accepted"]


def test_several_leads_go_back_for_one_reason(do, rep, two):
    answer = do(rep, "return", rows(two), reason="no_need", note="Later this year")

    assert answer.status_code == 200
    assert [Handoff.objects.get(pk=one.pk).return_note for one in two] == [
        "Later this year"
    ] * 2


def test_a_return_without_a_reason_says_so_and_does_nothing(do, rep, two):
    answer = do(rep, "return", rows(two))

    assert answer.status_code == 422
    assert "Choose the reason" in answer.text
    assert states(two) == ["offered", "offered"]


def test_unable_to_reach_needs_the_attempts_and_the_preview_says_so(ask, rep, two):
    page = ask(rep, "return", rows(two), reason="unable_to_reach")

    assert page.count("This reason needs the attempts that were agreed") == 2
    assert "Return 0" in page


def test_several_returns_are_answered_at_once(do, rep, two):
    for handoff in two:
        returns.give_back(handoff_id=handoff.pk, by=rep, at=LATER, reason="no_need")
    giver = two[0].giver
    Handoff.objects.update(giver=giver)

    do(giver, "answer", rows(two, "answer"), answer="dispute", note="They asked for it")

    disputed = [Handoff.objects.get(pk=one.pk).disputed_at for one in two]
    assert disputed == [LATER, LATER]


def test_a_manager_sees_whom_the_rules_would_choose_for_each_and_why(ask, two):
    make_user("Jana Kos", team="inside-sales")
    make_user("Yusuf Demir", team="inside-sales")
    manager = make_team("inside-sales").manager

    page = ask(manager, "reassign", rows(two))

    assert page.count("would get it") == 2
    assert "by turns" in page
    assert "turn 1 of" in page


def test_who_has_a_row_now_is_not_chosen_for_it_again(ask, rep, two):
    make_user("Jana Kos", team="inside-sales")
    manager = make_team("inside-sales").manager

    page = ask(manager, "reassign", rows(two))

    assert "<strong>Anna Keller</strong> would get it" not in page


def test_what_the_page_showed_is_what_is_done(do, rep, two):
    jana = make_user("Jana Kos", team="inside-sales")
    manager = make_team("inside-sales").manager
    chosen = rows(two)
    shown = {f"to-{pk}": jana.pk for pk in chosen}

    do(manager, "reassign", chosen, to="rules", **shown)

    assert [Handoff.objects.get(pk=one.pk).receiver for one in two] == [jana, jana]


def test_a_member_gives_nothing_to_others(do, rep, two):
    jana = make_user("Jana Kos", team="inside-sales")

    page = do(jana, "reassign", rows(two), to=jana.pk).text

    assert page.count("Only who has the seat may do this") == 2


@pytest.mark.parametrize("query", ["?do=steal&row=1", "?row=1", "?do="])
def test_an_act_that_there_is_not_is_not_there(client, rep, query):
    client.force_login(rep)

    assert client.get(reverse(URL) + query).status_code == 404


def test_without_a_row_the_page_says_how_to_choose_some(ask, rep):
    assert "No row is chosen" in ask(rep, "accept", ["999999999999999999999", "x"])


def test_a_row_goes_to_who_is_of_the_pool_that_takes_its_lead(ask, rep):
    _bo, cleo = (make_user(name, team="inside-sales") for name in ("Bo", "Cleo"))
    team = make_team("inside-sales")
    chile = {"key": "chile", "name": "Chile", "countries": ["Chile"], "members": [cleo.pk]}
    team.routing = {"pools": [chile]}
    team.save()
    leads = [make_lead(name="Ines Moreau", company=make_company(country="Chile")) for _ in "ab"]
    offers = [make_handoff(lead=lead, receiver=rep, at=MONDAY_NINE) for lead in leads]

    Handoff.objects.update(receiver=rep)

    page = ask(team.manager, "reassign", rows(offers))

    assert page.count("<strong>Cleo</strong> would get it") == 2
    assert "pool “Chile”" in page
