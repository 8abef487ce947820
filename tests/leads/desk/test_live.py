"""A desk that stays open is told what is new, and who was quicker."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from portal.accounts.models import Absence
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_user

LATER = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def rep():
    return make_user("Anna Keller", team="inside-sales")


@pytest.fixture
def offered(rep):
    lead = make_lead(name="Ines Moreau", at=MONDAY_NINE)
    return make_handoff(lead=lead, receiver=rep, at=MONDAY_NINE)


@pytest.fixture
def news(client, rep):
    def read(shown, query=""):
        client.force_login(rep)
        return client.get(f"{reverse('leads:desk-news')}?shown={shown}{query}").text

    return read


def test_new_rows_are_counted_and_not_put_in(news, offered):
    said = news("")

    assert "1 new" in said
    assert "Ines Moreau" not in said


def test_a_row_that_is_shown_gets_its_time_in_place(news, offered):
    clock = offered.clocks.get(kind="accept")

    said = news(clock.pk)

    assert f'id="left-clock-{clock.pk}" hx-swap-oob="true"' in said
    assert "new" not in said


def test_a_row_that_another_answered_says_who_and_when(news, rep, offered):
    clock, other = offered.clocks.get(kind="accept"), make_user("Yusuf Demir")
    Absence.objects.create(
        user=rep, deputy=other, starts_at=MONDAY_NINE, ends_at=LATER + timedelta(days=1)
    )
    handoffs.accept(handoff_id=offered.pk, by=other, at=LATER - timedelta(seconds=4))

    said = news(clock.pk)

    assert "Yusuf Demir accepted this 4 s ago." in said
    assert f'id="act-clock-{clock.pk}" hx-swap-oob="true"' in said


def test_only_what_the_filters_show_is_news(news, offered):
    assert "new" not in news("", "&q=nobody")


@pytest.mark.parametrize("shown", ["x,y,", "99999999999999999999", "1" * 300, ",,,"])
def test_a_strange_list_of_rows_is_no_fault(news, shown):
    assert "done by others" not in news(shown)
