"""Shadow mode before the first signatures: what would have been late, and who told."""

import pytest
from django.urls import reverse

from leads.actions import intake
from leads.actions.intake import Arrival
from leads.actions.journeys import touches
from leads.models import Clock, Handoff
from portal.notifications.models import Delivery
from sla import ports
from sla.actions import observing
from sla.core.observed import Question
from tests.factories import MONDAY_NINE, make_team, make_user
from tests.leads.clockwork import HOUR, MINUTE
from tests.sla.versions import a_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def proposal():
    """One that nobody has signed, observed from nine on; nothing is in force."""
    for team in ("demand-generation", "inside-sales", "outside-sales"):
        make_team(team)
    marta = make_user("Marta Silva", team="inside-sales")
    anna = make_user("Anna Keller", team="inside-sales")
    anna.team.manager = anna.team.steward = marta
    anna.team.save()
    version = a_proposal()
    observing.start(version_id=version.pk, by=marta, at=MONDAY_NINE)
    return version


def arrives(minutes, **said):
    """A demo request that the template's criteria let through."""
    told = {
        "name": f"Lead {minutes}", "email": f"lead{minutes}@firm{minutes}.example",
        "company_name": f"Firm {minutes}", "company_country": "DE", "company_employees": 200,
        "source": "form", "segment": "demo_request", "touch": "demo_request",
    }  # fmt: skip
    at = MONDAY_NINE + minutes * MINUTE
    return intake.receive(arrival=Arrival(**told | said), at=at).lead


def called(lead, minutes):
    anna = make_user("Anna Keller", team="inside-sales", email=f"anna{minutes}@concord.test")
    at = MONDAY_NINE + minutes * MINUTE
    return touches.log(lead_id=lead.pk, kind="call", by=anna, at=at)


def seen(version, at=MONDAY_NINE + 3 * HOUR, which="all"):
    return ports.shadow(version, Question(MONDAY_NINE, at, at, which, alone=True))


def test_a_lead_that_would_have_been_offered_has_the_clocks_of_the_proposal(proposal):
    quick, slow = arrives(1), arrives(2)
    called(quick, 6)
    called(slow, 40)

    found = seen(proposal)

    first = [row for row in found.rows if row.promise == "First attempt"]
    assert found.alone
    assert [(row.link, row.would) for row in first] == [
        (f"/leads/{slow.pk}/", "late"), (f"/leads/{quick.pk}/", "met"),
    ]  # fmt: skip
    assert first[0].would_due == MONDAY_NINE + 17 * MINUTE


def test_nobody_who_tried_is_late_and_the_ladder_says_who_would_have_been_told(proposal):
    arrives(1)

    row = next(one for one in seen(proposal).rows if one.promise == "First attempt")

    assert row.would == "late"
    assert "Marta Silva" in row.told


def test_what_does_not_meet_the_criteria_and_what_came_before_is_not_in_it(proposal):
    arrives(5, company_employees=3)
    arrives(-30)

    found = seen(proposal)

    assert (found.leads, found.rows) == (1, ())


def test_a_lead_of_a_file_counts_from_when_it_arrived_there(proposal):
    arrives(60, imported=True, occurred_at=MONDAY_NINE + 10 * MINUTE)
    arrives(61, imported=True, occurred_at=MONDAY_NINE - 10 * HOUR)

    found = seen(proposal)

    assert {row.started_at for row in found.rows} == {MONDAY_NINE + 10 * MINUTE}
    assert found.leads == 1


def test_nothing_is_written_offered_or_told(proposal):
    arrives(1)
    before = Delivery.objects.count()

    seen(proposal)

    assert (Handoff.objects.count(), Clock.objects.count()) == (0, 0)
    assert Delivery.objects.count() == before


@pytest.mark.now(MONDAY_NINE + 3 * HOUR)
def test_the_page_says_that_no_clock_ran_really(client, proposal):
    arrives(1)
    client.force_login(make_user("Mia", team="demand-generation"))

    page = client.get(reverse("sla:shadow", args=[proposal.agreement.key, 1]))

    assert "no clock ran really" in page.text
    assert "First attempt" in page.text
    assert "Ends otherwise" not in page.text
