"""Every page of the leads opens for who may read it, and is not there for others."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.models import Clock
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_lead, make_operations

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(hours=2)


@pytest.fixture
def now(monkeypatch):
    """The time of day, for the doors."""
    from portal import wallclock

    monkeypatch.setattr(wallclock, "now", lambda: LATER)


@pytest.fixture
def handoff(now):
    return make_handoff(at=MONDAY_NINE)


@pytest.fixture
def rep(client, handoff):
    client.force_login(handoff.receiver)
    return handoff.receiver


def test_the_desk_shows_what_is_owed_with_one_button_a_row(client, rep, handoff):
    page = client.get(reverse("leads:desk"))

    assert page.status_code == 200
    assert handoff.lead.name in page.text
    assert 'value="accept"' in page.text


def test_a_row_is_acted_on_in_place_and_can_be_undone(client, rep, handoff):
    clock = handoff.clocks.get(kind="accept")

    answer = client.post(
        reverse("leads:clock-act", args=[clock.pk]),
        {"do": "accept"},
        headers={"HX-Request": "true"},
    )

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert reverse("leads:handoff-undo", args=[handoff.pk]) in answer.text
    assert Clock.objects.get(pk=clock.pk).stopped_at == LATER


def test_the_lead_shows_both_owners_its_clocks_and_its_evidence(client, rep, handoff):
    page = client.get(reverse("leads:lead", args=[handoff.lead_id]))

    assert page.status_code == 200
    assert "acts now" in page.text
    assert "Why it was offered" in page.text


@pytest.mark.parametrize("name", ["desk", "lead-list", "lead-new", "alerts", "scorecard"])
def test_a_page_opens(client, rep, name):
    assert client.get(reverse(f"leads:{name}")).status_code == 200


FIELD, CHOICES = 'class="error"', 'class="note note-late" role="alert"'


@pytest.mark.parametrize(
    ("verb", "said"),
    [
        ("return", CHOICES), ("answer", FIELD), ("decide", FIELD), ("outcome", FIELD),
        ("reassign", FIELD),
    ],
)  # fmt: skip
def test_a_dialog_opens_and_an_empty_one_is_refused_with_the_reason(
    client, rep, handoff, verb, said
):
    url = reverse(f"leads:handoff-{verb}", args=[handoff.pk])

    opened, empty = client.get(url), client.post(url, {})

    assert opened.status_code == 200
    assert empty.status_code == 422
    assert said not in opened.text
    assert said in empty.text


def test_a_clock_is_explained_to_the_last_minute(client, rep, handoff):
    clock = handoff.clocks.first()

    page = client.get(reverse("leads:clock", args=[clock.pk]))

    assert page.status_code == 200
    assert "by the wall clock" in page.text


def test_a_returned_lead_waits_on_the_desk_of_who_gave_it(client, now):
    handoff = make_accepted(at=MONDAY_NINE)
    client.force_login(handoff.receiver)
    reason = handoff.version.parsed.return_reasons[0].key

    back = client.post(
        reverse("leads:handoff-return", args=[handoff.pk]), {"reason": reason, "note": "why"}
    )

    assert back.status_code == 302
    client.force_login(handoff.lead.assignments.get(department="marketing", until=None).member)
    assert "Answer the return" in client.get(reverse("leads:desk")).text


def test_a_new_lead_typed_by_hand_is_taken_in(client, rep):
    url = reverse("leads:lead-new")

    refused = client.post(url, {"name": "Ines Moreau"})
    taken = client.post(url, {"name": "Ines Moreau", "email": "ines@aubert.example"})

    assert refused.status_code == 422
    assert "Give an e-mail address or a phone number." in refused.text
    assert taken.status_code == 302
    assert "Ines Moreau" in client.get(taken.url).text


def test_operations_read_and_have_no_buttons_to_act(client, now):
    lead = make_lead()
    client.force_login(make_operations())

    page = client.get(reverse("leads:lead", args=[lead.pk]))

    assert page.status_code == 200
    assert reverse("leads:touch-log", args=[lead.pk]) not in page.text
