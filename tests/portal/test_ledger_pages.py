"""The ledger as people read it: of everything, of a lead, of one row, and one entry's proof."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from leads.actions.handing import handoffs
from portal import ledger
from portal.ledger.models import Head, LedgerEntry
from portal.ledger.models.guard import lifted
from tests.factories import MONDAY_NINE, make_handoff, make_user

pytestmark = pytest.mark.django_db
INDEX = "/ledger/"


@pytest.fixture
def handoff():
    made = make_handoff(name="Ines Moreau", email="ines@moreau.example")
    handoffs.accept(handoff_id=made.pk, by=made.receiver, at=MONDAY_NINE)
    return made


@pytest.fixture
def reader(client):
    client.force_login(make_user())
    return client


def entries(page):
    return [int(seq) for seq in re.findall(r'href="/ledger/([0-9]+)/"', page.text)]


def page_of(entry):
    return reverse("ledger-entry", args=[entry.pk])


def test_everything_is_there_newest_first_and_paged_by_key(reader, monkeypatch, handoff):
    monkeypatch.setattr("portal.ledger.pages.views.PAGE", 4)
    newest = LedgerEntry.objects.latest("seq").seq

    first = reader.get(INDEX)
    second = reader.get(INDEX, {"before": entries(first)[-1]})

    assert entries(first) == [newest - n for n in range(4)]
    assert entries(second) == [newest - n for n in range(4, 8)]
    assert f"?before={newest - 3}" in first.text


def test_a_lead_a_row_and_a_kind_have_their_own(reader, handoff):
    of_lead = set(LedgerEntry.objects.of_lead(handoff.lead_id).values_list("seq", flat=True))
    of_row = set(
        LedgerEntry.objects.about(("handoff", handoff.pk)).values_list("seq", flat=True)
    )
    accepted = LedgerEntry.objects.get(kind="handoff_accept")

    assert set(entries(reader.get(INDEX, {"lead": handoff.lead_id}))) == of_lead
    assert set(entries(reader.get(INDEX, {"of": f"handoff-{handoff.pk}"}))) == of_row
    assert entries(reader.get(INDEX, {"kind": "handoff_accept"})) == [accepted.seq]


def test_an_entry_says_what_it_holds_who_did_it_and_that_its_place_is_right(reader, handoff):
    accepted = LedgerEntry.objects.get(kind="handoff_accept")

    page = reader.get(page_of(accepted)).text

    assert "A handoff was accepted" in page
    assert f"by {handoff.receiver}" in page
    assert "Its content gives this fingerprint" in page
    assert "It follows the entry before it" in page
    assert "No head was published since" in page


def test_a_published_head_covers_what_stands_before_it(reader, handoff):
    accepted = LedgerEntry.objects.get(kind="handoff_accept")
    ledger.publish_head(at=MONDAY_NINE)

    assert (
        f"Covered by the head at entry {Head.objects.get().seq}"
        in reader.get(page_of(accepted)).text
    )


def test_an_edited_entry_is_called_edited_and_what_follows_a_changed_hash_broken(
    reader, handoff
):
    accepted = LedgerEntry.objects.get(kind="handoff_accept")
    with lifted(connection):
        LedgerEntry.objects.filter(pk=accepted.pk).update(actor_id=None, hash="0" * 64)

    assert "it was edited" in reader.get(page_of(accepted)).text
    after = LedgerEntry.objects.get(pk=accepted.pk + 1)
    assert "It does not follow the entry before it" in reader.get(page_of(after)).text


def test_no_personal_value_stands_in_it_only_that_it_is_sealed(reader, handoff):
    arrived = LedgerEntry.objects.of_lead(handoff.lead_id).filter(kind="lead_arrived").first()
    if arrived is None:
        arrived = next(one for one in LedgerEntry.objects.all() if one.committed)

    page = reader.get(page_of(arrived)).text

    assert "Sealed values" in page
    assert "ines@moreau.example" not in page
    assert "Ines Moreau" not in page


@pytest.mark.parametrize(
    "query", ["?lead=x", "?of=1-2-3", "?kind=lies", "?before=-1", "?lead=%00"]
)
def test_an_address_that_says_nonsense_shows_everything(reader, handoff, query):
    assert entries(reader.get(INDEX + query)) == entries(reader.get(INDEX))


def test_an_entry_that_is_not_there_is_not_found(reader):
    assert reader.get(reverse("ledger-entry", args=[999_999])).status_code == 404


def test_it_costs_the_same_whatever_stands_on_the_page(
    reader, handoff, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        reader.get(INDEX)
