"""No page asks the database more than twelve times, however many rows it shows."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import endings, returns
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_operations, make_user
from tests.kept import kept

LATER = MONDAY_NINE + timedelta(minutes=30)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]
MOST = 12


@pytest.fixture(scope="module")
def company(django_db_setup, django_db_blocker):
    """Six returns of one marketer, of which one is disputed and one in nurture."""
    with kept(django_db_blocker):
        marketer = make_user("Mara Keter", team="demand-generation")
        found = []
        for n in range(6):
            handoff = make_handoff(lead=make_lead(marketer=marketer, campaign="Webinar"))
            at = MONDAY_NINE + timedelta(minutes=n + 1)
            returns.give_back(
                handoff_id=handoff.pk, by=handoff.receiver, at=at, reason="country_not_served"
            )
            found.append(handoff)
        returns.answer_dispute(handoff_id=found[0].pk, by=marketer, at=LATER, note="No")
        day = LATER + timedelta(days=5)
        endings.answer_recycle(handoff_id=found[1].pk, by=marketer, at=LATER, on=day)
        yield found


PAGES = {
    "leads:handoff": lambda one: [one.pk],
    "leads:handoff-answer": lambda one: [one.pk],
    "leads:handoff-decide": lambda one: [one.pk],
    "leads:handoff-return": lambda one: [one.pk],
    "leads:handoff-offer": lambda one: [one.lead_id],
    "leads:meetings": lambda one: [one.lead_id],
    "leads:seats": lambda one: [one.lead_id],
    "leads:would-get": lambda one: [one.lead_id, "inside-sales"],
    "leads:returns": lambda one: [],
    "leads:returns-group": lambda one: [],
    "leads:nurture": lambda one: [],
    "leads:teams": lambda one: [],
    "leads:team-rules": lambda one: ["inside-sales"],
    "leads:person-leaving": lambda one: [one.receiver_id],
    "person-hours": lambda one: [one.receiver_id],
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_at_most_twelve_times(client, company, name, django_assert_max_num_queries):
    client.force_login(make_operations())
    url = reverse(name, args=PAGES[name](company[0]))
    client.get(url)  # what a process reads once

    with django_assert_max_num_queries(MOST):
        answer = client.get(url)

    assert answer.status_code == 200
