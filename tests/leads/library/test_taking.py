"""Sales uses material of the library without asking: recorded, counted, and nobody owes it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import endings
from leads.actions.library import keeping, taking
from leads.errors import ContentRefused, ContributionSettled, LeadIsClosed, NotYours
from leads.models import Content, Contribution
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_accepted, make_user

NOW = MONDAY_NINE + timedelta(hours=2)
pytestmark = [pytest.mark.django_db, pytest.mark.now(NOW)]


@pytest.fixture
def content():
    lena = make_user("Lena", team="demand-generation")
    said = keeping.Described(
        title="Paper mill", kind="case_study", owner=lena, link="https://example.test/paper"
    )
    return keeping.add(described=said, by=lena, at=MONDAY_NINE)


@pytest.fixture
def handoff():
    return make_accepted(at=MONDAY_NINE)


def take(content, handoff, by=None):
    return taking.take(
        lead_id=handoff.lead_id, content_id=content.pk, by=by or handoff.receiver, at=NOW
    )


def test_what_sales_takes_is_used_at_once_a_touch_of_marketing_and_runs_no_clock(
    content, handoff
):
    taken = take(content, handoff)

    touch = handoff.lead.touches.get(subject="Paper mill")
    entry = LedgerEntry.objects.get(kind="contribution_used")
    assert (taken.used, taken.taken, taken.clocks.count()) == (True, True, 0)
    assert (touch.department_id, touch.kind) == ("marketing", "case_study")
    assert entry.clear["taken"] is True
    assert Content.objects.with_use().get(pk=content.pk).used == 1


def test_it_counts_in_a_won_lead_as_what_was_delivered_does(content, handoff):
    take(content, handoff)
    endings.complete(handoff_id=handoff.pk, by=handoff.receiver, at=NOW, outcome="won")

    assert Content.objects.with_use().get(pk=content.pk).won == 1


def test_it_is_recorded_once_for_a_lead(content, handoff):
    take(content, handoff)

    with pytest.raises(ContributionSettled):
        take(content, handoff)
    assert Contribution.objects.count() == 1


def test_only_who_has_the_seat_of_sales_takes_it_while_the_lead_is_open(content, handoff):
    with pytest.raises(NotYours):
        take(content, handoff, by=content.owner)
    keeping.retire(content_id=content.pk, by=content.owner, at=NOW)
    with pytest.raises(ContentRefused):
        take(content, handoff)
    endings.close(handoff_id=handoff.pk, by=handoff.receiver, at=NOW, reason="no_need")
    with pytest.raises(LeadIsClosed):
        take(content, handoff)


def test_the_material_and_the_lead_offer_it_and_tell_of_it(client, content, handoff):
    client.force_login(handoff.receiver)
    url = reverse("leads:content-take", args=[content.pk])
    of_content = client.get(reverse("leads:content", args=[content.pk])).text
    of_lead = client.get(reverse("leads:contribution-ask", args=[handoff.lead_id])).text

    page = client.post(url, {"lead": handoff.lead_id}, follow=True).text

    assert url in of_content
    assert url in of_lead
    assert "used, from the library: case study: Paper mill." in page
    assert "From the library, without asking:" in page


def test_a_lead_that_is_none_is_not_there(client, content, handoff):
    client.force_login(handoff.receiver)

    for said in ("", "x", "99999999"):
        answer = client.post(reverse("leads:content-take", args=[content.pk]), {"lead": said})
        assert answer.status_code == 404


def test_what_is_not_planned_yet_is_planned_from_the_plan_for_its_stage(
    client, content, handoff
):
    client.force_login(content.owner)

    plan = client.get(reverse("leads:library-plan")).text
    form = client.get(reverse("leads:content-new"), {"stage": "deciding"}).text

    assert f"{reverse('leads:content-new')}?stage=deciding" in plan
    assert '<option value="deciding" selected>' in form
