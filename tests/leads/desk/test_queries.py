"""No page of the desk asks the database more than twelve questions, whatever is on it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs, returns
from leads.models import Clock
from portal.accounts.models import Absence
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_signatory, make_user
from tests.kept import kept

DAY = timedelta(days=1)
LATER = MONDAY_NINE + timedelta(hours=2)
MOST = 12
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """A seller with rows of several kinds, and a manager who signs."""
    with kept(django_db_blocker):
        rep, away = make_user("Anna Keller"), make_user("Yusuf Demir")
        manager = make_signatory("sales")
        rep.team.manager = manager
        rep.team.save()
        Absence.objects.create(
            user=away, deputy=rep, starts_at=MONDAY_NINE, ends_at=MONDAY_NINE + DAY * 2
        )
        for number in range(12):
            _handed(number, (rep, away)[number % 2])
        yield rep, manager


def _handed(number, receiver):
    """Of three leads one is accepted, one returned, and one waits."""
    lead = make_lead(name=f"Lead {number}", at=MONDAY_NINE)
    handoff = make_handoff(lead=lead, receiver=receiver, at=MONDAY_NINE)
    if number % 3 == 0:
        handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE)
    elif number % 3 == 1:
        returns.give_back(
            handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE, reason="no_need"
        )


def asked(client, person, path, most):
    client.force_login(person)
    client.get(path)  # what a process reads once
    with most(MOST):
        answer = client.get(path)
    assert answer.status_code == 200


@pytest.mark.parametrize("query", ["", "?kind=attempts&q=lead", "?density=compact&state=late"])
def test_the_desk_of_a_member(client, company, query, django_assert_max_num_queries):
    asked(client, company[0], reverse("leads:desk") + query, django_assert_max_num_queries)


def test_the_desk_of_a_manager_who_signs(client, company, django_assert_max_num_queries):
    asked(client, company[1], reverse("leads:desk"), django_assert_max_num_queries)


@pytest.mark.parametrize("do", ["accept", "attempt", "return", "answer", "reassign"])
def test_the_preview_of_several_rows(client, company, do, django_assert_max_num_queries):
    rows = "".join(f"&row={pk}" for pk in Clock.objects.values_list("pk", flat=True))
    path = f"{reverse('leads:desk-bulk')}?do={do}{rows}"

    asked(client, company[0], path, django_assert_max_num_queries)


def test_the_desk_of_a_team(client, company, django_assert_max_num_queries):
    rep, manager = company

    asked(client, manager, reverse("leads:desk-team"), django_assert_max_num_queries)
    path = f"{reverse('leads:desk-team')}?who={rep.pk}"
    asked(client, manager, path, django_assert_max_num_queries)


def test_what_is_new(client, company, django_assert_max_num_queries):
    shown = ",".join(str(pk) for pk in Clock.objects.values_list("pk", flat=True))
    path = f"{reverse('leads:desk-news')}?shown={shown}"

    asked(client, company[0], path, django_assert_max_num_queries)
