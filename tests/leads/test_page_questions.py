"""Pages ask a bounded number of questions, however much there is."""

import pytest
from django.urls import reverse

from leads.actions.handing import returns
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_user
from tests.leads.clockwork import HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def handoff():
    sdr = make_user()
    for _ in range(3):
        make_handoff(receiver=sdr)
    found = make_accepted(by=sdr, at=MONDAY_NINE + HOUR)
    at = MONDAY_NINE + 2 * HOUR
    return returns.give_back(handoff_id=found.pk, by=sdr, at=at, reason="no_need")


@pytest.mark.now(MONDAY_NINE + 3 * HOUR)
@pytest.mark.parametrize("name", ["desk", "lead-list", "alerts", "lead"])
def test_a_page_asks_a_bounded_number_of_questions(
    client, handoff, name, django_assert_max_num_queries
):
    client.force_login(handoff.receiver)
    url = reverse(f"leads:{name}", args=[handoff.lead_id] if name == "lead" else [])
    client.get(url)

    with django_assert_max_num_queries(25):
        assert client.get(url).status_code == 200
