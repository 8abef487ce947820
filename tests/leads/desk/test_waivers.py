"""A waiver that is asked for: who may give it sees it on the desk, and answers."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.answering import waiving
from leads.actions.handing import handoffs
from leads.errors import NotYours, PackageIncomplete, WaiverNotNeeded, WaiverSettled
from leads.models import Lead
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_lead,
    make_team,
    make_terms,
    make_user,
    make_version,
)
from tests.leads.test_offer import ready_for_outside

LATER = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]
OUTSIDE = "to_outside_sales"
WAITS = "waive what is not met?"


@pytest.fixture
def lacking():
    """A lead for outside sales whose budget nobody vouches for, and its seller."""
    lead, seller = ready_for_outside()
    lead.attestations.filter(fact="budget_confirmed").update(withdrawn_at=MONDAY_NINE)
    return lead, seller


def ask(lead, by, kind=OUTSIDE):
    return waiving.ask(lead_id=lead.pk, kind=kind, why="They pay soon.", by=by, at=LATER)


def test_who_may_waive_sees_it_on_the_desk_with_the_reason_and_is_told(desk, lacking):
    lead, seller = lacking
    manager = make_team("inside-sales").manager
    before = desk(make_team("outside-sales").manager)

    request = ask(lead, seller)

    on_desk = desk(request.team.manager)
    assert WAITS not in before
    assert WAITS in on_desk
    assert "They pay soon." in on_desk
    assert WAITS not in desk(seller)
    assert WAITS not in desk(manager) or manager == request.team.manager
    assert Delivery.objects.filter(about__startswith="waiver:").exists()


def test_across_departments_it_waits_for_who_has_the_receiving_seat(desk):
    terms = make_terms()
    terms["handoffs"][0]["package"] = []
    make_version(terms=terms)
    seller, other = make_user("Sam Seller"), make_user("Olive Other")
    lead = make_lead(email="", email_key="", seller=seller)

    ask(lead, lead.assignments.get(department="marketing").member, kind="to_inside_sales")

    assert [WAITS in desk(person) for person in (seller, other)] == [True, False]


def test_the_offer_that_waives_answers_it(desk, lacking):
    lead, seller = lacking
    request = ask(lead, seller)
    manager = request.team.manager

    handoffs.offer(
        lead_id=lead.pk, kind=OUTSIDE, by=manager, at=LATER, waiver_reason="So be it"
    )

    request.refresh_from_db()
    assert (request.answer, request.answered_by, request.note) == (
        "waived",
        manager,
        "So be it",
    )
    assert WAITS not in desk(manager)


def test_it_is_refused_with_a_reason_that_the_other_side_reads(client, desk, lacking):
    lead, seller = lacking
    request = ask(lead, seller)
    client.force_login(request.team.manager)
    client.post(
        reverse("leads:waiver-refuse", args=[request.pk]), {"note": "No budget, no deal"}
    )
    client.force_login(seller)

    page = client.get(reverse("leads:handoff-offer", args=[lead.pk]) + f"?kind={OUTSIDE}").text

    assert "No budget, no deal" in page
    assert WAITS not in desk(request.team.manager)
    kinds = LedgerEntry.objects.filter(kind__startswith="waiver").order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == ["waiver_asked", "waiver_refused"]
    assert "No budget" not in str(kinds[1].clear)


def test_only_the_giving_side_asks_and_only_who_may_waive_answers(lacking):
    lead, seller = lacking
    with pytest.raises(NotYours):
        ask(lead, make_user(team="demand-generation"))
    request = ask(lead, seller)

    with pytest.raises(NotYours):
        waiving.refuse(request_id=request.pk, note="No", by=seller, at=LATER)


def test_it_is_asked_once_and_only_for_what_can_be_waived(lacking):
    lead, seller = lacking
    ask(lead, seller)
    with pytest.raises(WaiverSettled):
        ask(lead, seller)
    ready, giver = ready_for_outside()
    with pytest.raises(WaiverNotNeeded):
        ask(ready, giver)
    Lead.objects.filter(pk=ready.pk).update(phone="")
    with pytest.raises(PackageIncomplete):
        ask(ready, giver)


def test_the_page_of_the_offer_asks_for_it_without_a_reason_it_says_so(client, lacking):
    lead, seller = lacking
    client.force_login(seller)
    url = reverse("leads:waiver-ask", args=[lead.pk])
    page = client.get(reverse("leads:handoff-offer", args=[lead.pk]) + f"?kind={OUTSIDE}").text

    empty = client.post(url, {"kind": OUTSIDE}, follow=True).text
    client.post(url, {"kind": OUTSIDE, "why": "They pay soon."})

    assert url in page
    assert "Say why; who answers decides by it." in empty
    assert lead.waiver_requests.get().why == "They pay soon."


def test_neither_the_desk_nor_the_offer_asks_more_than_twelve_questions(
    client, lacking, django_assert_max_num_queries
):
    lead, seller = lacking
    request = ask(lead, seller)
    offer = reverse("leads:handoff-offer", args=[lead.pk]) + f"?kind={OUTSIDE}"
    client.force_login(request.team.manager)

    for path in (reverse("leads:desk"), offer, reverse("leads:help")):
        client.get(path)  # what a process reads once
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200
