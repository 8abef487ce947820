"""Views of the desk are kept by name: one's own, or the team's too; one opens first."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.look.models import SavedView
from portal.look.saved.actions import MOST
from tests.factories import MONDAY_NINE, make_handoff, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE + timedelta(minutes=5))]
VIEWS = "leads:desk-views"


@pytest.fixture
def rep():
    return make_user("Anna Keller", team="inside-sales")


@pytest.fixture
def keep(client):
    def post(person, name, query="?kind=accept", **more):
        client.force_login(person)
        return client.post(reverse(VIEWS), {"name": name, "query": query, **more})

    return post


def change(client, person, view, do):
    client.force_login(person)
    return client.post(reverse("leads:desk-view", args=[view.pk]), {"do": do})


def test_a_view_is_kept_and_stands_on_the_desk_as_a_link(keep, desk, rep):
    answer = keep(rep, " To  accept ")

    assert answer.url == reverse("leads:desk") + "?kind=accept"
    assert SavedView.objects.get().name == "To accept"
    assert 'href="?kind=accept"' in desk(rep)


def test_what_no_filter_is_does_not_come_into_a_view(keep, rep):
    keep(rep, "All", "?kind=zzz&next=//evil.example&q=ines")

    assert SavedView.objects.get().query == "q=ines"


def test_the_desk_opens_with_the_view_that_was_chosen_for_it(client, keep, desk, rep):
    handoff = make_handoff(name="Ines Moreau", receiver=rep, at=MONDAY_NINE)
    keep(rep, "Nobody", "?q=nobody", default="on")
    view = SavedView.objects.get()

    opened, everything = desk(rep), desk(rep, "?show=all")
    change(client, rep, view, "open")

    assert [handoff.lead.name in page for page in (opened, everything)] == [False, True]
    assert handoff.lead.name in desk(rep)


def test_only_one_view_opens_first(keep, rep):
    keep(rep, "One", default="on")
    keep(rep, "Two", default="on")

    assert [view.name for view in SavedView.objects.filter(is_default=True)] == ["Two"]


def test_a_shared_view_is_the_teams_and_says_whose(client, keep, desk, rep):
    mate, stranger = make_user(team="inside-sales"), make_user(team="outside-sales")
    keep(rep, "Hot ones", shared="on")

    assert "Hot ones (Anna Keller)" in desk(mate)
    assert "Hot ones" not in desk(stranger)

    change(client, rep, SavedView.objects.get(), "share")

    assert "Hot ones" not in desk(mate)


@pytest.mark.parametrize("do", ["share", "open", "drop"])
def test_a_view_of_somebody_else_is_not_there(client, keep, rep, do):
    keep(rep, "Mine", shared="on")

    answer = change(client, make_user(team="inside-sales"), SavedView.objects.get(), do)

    assert answer.status_code == 404
    assert SavedView.objects.count() == 1


def test_a_view_that_is_dropped_is_kept_no_longer(client, keep, rep):
    keep(rep, "Mine")

    change(client, rep, SavedView.objects.get(), "drop")

    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "\x00"])
def test_a_view_without_a_name_is_not_kept_and_says_so(client, keep, desk, rep, name):
    keep(rep, name)

    assert "Give the view a name." in desk(rep)
    assert not SavedView.objects.exists()


def test_filters_that_are_too_long_are_not_kept_and_say_so(keep, desk, rep):
    keep(rep, "Long", f"?q={'%C3%A4' * 100}")

    assert "too long to be kept" in desk(rep)
    assert not SavedView.objects.exists()


def test_nobody_keeps_more_views_than_fit(keep, rep):
    for number in range(MOST + 1):
        keep(rep, f"View {number}")

    assert SavedView.objects.count() == MOST
