"""What a lead costs: few questions to the database, and none about leads beside it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leads.actions import imports
from leads.actions.handing import handoffs
from leads.models import Handoff
from tests.flows import olist
from tests.flows.test_olist import BEFORE, LEADS, bring, company_of_olist

pytestmark = pytest.mark.django_db
DAY = BEFORE + timedelta(days=30)
OWN_ROWS = 6  # turn, handoff, its move, the seat before and after, what the receiver is told
ACCEPTANCE = 24


@pytest.fixture
def arrived(tmp_path):
    """Leads of one day, offered and not yet accepted; returns the questions that it took."""
    company_of_olist()

    def arrive(day: int, number: int) -> int:
        date = f"2017-06-{day:02d}"
        rows = [f"{day}-{n},{date},page,social" for n in range(number)]
        header = "mql_id,first_contact_date,landing_page_id,origin"
        (tmp_path / olist.LEADS).write_text("\n".join([header, *rows, ""]))
        bring(tmp_path, olist.LEADS, LEADS)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert imports.go_live(since=BEFORE, at=DAY, by=None) == number
        return len(asked)

    return arrive


def test_a_lead_that_goes_live_in_a_batch_costs_its_own_rows_and_no_reading(arrived):
    few, many = arrived(5, 2), arrived(6, 12)

    assert Handoff.objects.count() == 14
    assert many - few <= 10 * (OWN_ROWS + 1)


def test_to_accept_an_offer_takes_few_questions(arrived):
    arrived(5, 2)
    handoff = Handoff.objects.select_related("receiver").first()

    with CaptureQueriesContext(connection) as asked:
        handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=DAY)

    assert len(asked) <= ACCEPTANCE, [one["sql"][:80] for one in asked]
