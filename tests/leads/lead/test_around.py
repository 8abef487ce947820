"""Around a lead: company and colleagues, readable changes, duplicates side by side, moves."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from leads.actions.journeys import merging, unmerging
from leads.desk.changes import changes
from leads.errors import LeadIsClosed, NothingToUndo, NotYours, UndoOvertaken, UndoTooLate
from leads.models import Lead, Merge
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_company,
    make_lead,
    make_operations,
    make_team,
    make_user,
)

HOUR = timedelta(hours=1)
LATER = MONDAY_NINE + HOUR
pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE + 2 * HOUR)]


@pytest.fixture
def olga(client):
    person = make_operations("Olga Perez")
    client.force_login(person)
    return person


def early(name="", **fields):
    lead = make_lead(name, stage="noticed", **fields)
    for row in (lead, lead.company):
        if row is not None:
            row.history.update(history_date=MONDAY_NINE)
    return lead


def joined(by, **known):
    gone, kept = early(**known), early()
    merging.merge(lead_id=gone.pk, into_id=kept.pk, by=by, at=LATER)
    return gone, kept


def again(*leads):
    for lead in leads:
        lead.refresh_from_db()
    return leads


def show(client, name, lead, **query):
    return client.get(reverse(f"leads:{name}", args=[lead.pk]), query)


# --- a merge is taken back for a day


def test_two_of_one_again_know_what_they_knew_before(olga):
    gone, kept = joined(olga, phone="+49 30 1", attributes={"plan": "pro"})

    unmerging.unmerge(lead_id=gone.pk, by=olga, at=LATER + HOUR)

    again(gone, kept)
    assert gone.merged_into is None
    assert (kept.phone, kept.attributes) == ("", {})
    assert (gone.phone, gone.attributes) == ("+49 30 1", {"plan": "pro"})
    entry = LedgerEntry.objects.of_lead(gone.pk).get(kind="lead_unmerged")
    assert entry.clear == {"from": kept.pk, "forgotten": ["attributes.plan", "lead.phone"]}


def test_both_seats_are_filled_again_by_who_had_them(olga):
    gone = early(seller=make_user("Anna"))
    before = set(gone.assignments.values_list("department", "member"))
    kept = early()
    merging.merge(lead_id=gone.pk, into_id=kept.pk, by=olga, at=LATER)

    unmerging.unmerge(lead_id=gone.pk, by=olga, at=LATER + HOUR)

    now = gone.assignments.filter(until=None)
    assert set(now.values_list("department", "member")) == before


def test_what_was_changed_since_is_not_forgotten(olga):
    gone, kept = joined(olga, phone="+49 30 1")
    Lead.objects.filter(pk=kept.pk).update(phone="+49 30 2")

    unmerging.unmerge(lead_id=gone.pk, by=olga, at=LATER + HOUR)

    assert again(kept)[0].phone == "+49 30 2"


def test_after_a_day_a_merge_stands(olga):
    gone, _kept = joined(olga)

    with pytest.raises(UndoTooLate):
        unmerging.unmerge(lead_id=gone.pk, by=olga, at=LATER + timedelta(days=1, seconds=1))


def test_a_merge_is_taken_back_once(olga):
    gone, _kept = joined(olga)
    unmerging.unmerge(lead_id=gone.pk, by=olga, at=LATER + HOUR)

    with pytest.raises(NothingToUndo):
        unmerging.unmerge(lead_id=gone.pk, by=olga, at=LATER + HOUR)


def test_who_may_not_merge_may_not_take_back(olga):
    gone, _kept = joined(olga)
    stranger = make_user(team="outside-sales")

    with pytest.raises(NotYours):
        unmerging.unmerge(lead_id=gone.pk, by=stranger, at=LATER + HOUR)


def test_a_lead_that_was_handed_over_or_closed_since_stays_one(olga):
    gone, kept = joined(olga)
    Lead.objects.filter(pk=kept.pk).update(stage="comparing")
    handoffs.offer(lead_id=kept.pk, kind="to_inside_sales", by=None, at=LATER + HOUR)
    with pytest.raises(UndoOvertaken):
        unmerging.unmerge(lead_id=gone.pk, by=olga, at=LATER + HOUR)

    other, rest = joined(olga)
    Lead.objects.filter(pk=rest.pk).update(closed_at=LATER, closed_as="lost")
    with pytest.raises(LeadIsClosed):
        unmerging.unmerge(lead_id=other.pk, by=olga, at=LATER + HOUR)


# --- side by side


def test_suspected_doubles_stand_side_by_side_with_what_a_merge_would_do(client, olga):
    company = make_company()
    lead = early("Ida Holm", company=company)
    early("ida holm", company=company, phone="+45 1")

    page, own = show(client, "lead-duplicates", lead), show(client, "lead", lead)

    assert "1 lead may be the same person" in own.text
    assert "<ins>+45 1</ins>" in page.text
    assert "For a day it can be taken back." in page.text


def test_which_of_the_two_remains_is_chosen_before(client, olga):
    lead, other = early("Ida"), early("Ida H.")

    page = show(client, "lead-duplicates", lead, **{"with": other.pk, "keep": "other"})

    assert f"Merge lead {lead.pk} into lead {other.pk}" in page.text


def test_a_merge_and_its_undo_by_the_pages(client, olga):
    gone, kept = early(), early()
    client.post(reverse("leads:lead-merge", args=[gone.pk]), {"into": kept.pk})
    merged = show(client, "lead-duplicates", kept).text
    moved = client.get(reverse("leads:lead", args=[gone.pk]))

    client.post(reverse("leads:lead-unmerge", args=[gone.pk]))

    assert "Make them two again" in merged
    assert moved.url == reverse("leads:lead", args=[kept.pk])
    assert show(client, "lead", gone).status_code == 200
    assert Merge.objects.get().undone_by == olga


def test_pages_of_what_became_part_of_another_lead_there_or_say_so(client, olga):
    gone, kept = early(), early()
    client.post(reverse("leads:lead-merge", args=[gone.pk]), {"into": kept.pk})

    doubles, changes = (
        client.get(reverse(f"leads:lead-{name}", args=[gone.pk]))
        for name in ("duplicates", "changes")
    )

    assert doubles.url == reverse("leads:lead-duplicates", args=[kept.pk])
    assert changes.status_code == 409
    assert "This lead became part of another one." in changes.text


def test_who_may_not_merge_is_told_why_instead_of_a_button(client):
    client.force_login(make_user(team="outside-sales"))
    lead, other = early(), early()

    page = show(client, "lead-duplicates", lead, **{"with": other.pk})

    assert "Operations merge leads, or who acts for both of them." in page.text
    assert reverse("leads:lead-merge", args=[other.pk]) not in page.text


@pytest.mark.parametrize("number", ["4711", "x", "9" * 30])
def test_a_number_that_is_no_lead_is_said_so(client, olga, number):
    assert show(client, "lead-duplicates", early(), **{"with": number}).status_code == 200


# --- company and colleagues


def test_the_company_shows_its_other_leads_with_their_stages_and_seats(client, olga):
    company = make_company("Aubert", industry="food")
    lead = early(company=company)
    make_lead("Luc Petit", company=company, seller=make_user("Anna Keller"))

    page = show(client, "lead-company", lead)

    assert "Luc Petit" in page.text
    assert "Comparing" in page.text
    assert "Anna Keller" in page.text


def test_a_lead_without_a_company_says_so(client, olga):
    page = show(client, "lead-company", early(company=None))

    assert "We do not know yet where they work." in page.text


# --- who changed what


def changed(lead, by, at, **values):
    for name, value in values.items():
        setattr(lead, name, value)
    lead._history_date, lead._history_user = at, by
    lead.save()


def test_a_change_reads_as_a_sentence_with_who_and_from_what_to_what(client, olga):
    anna, lead = make_user("Anna"), early(phone="+49 30 1")
    changed(lead, anna, LATER, phone="+49 30 2")
    changed(lead, None, LATER + HOUR, job_title="Engineer")
    changed(lead, anna, LATER + 2 * HOUR, phone="")

    texts = [one.text for one in changes(lead)[0]]

    assert texts == [
        "Anna removed phone, which was +49 30 2.",
        "The portal set the job title to Engineer.",
        "Anna changed phone from +49 30 1 to +49 30 2.",
    ]
    assert (
        "Anna changed phone from +49 30 1 to +49 30 2."
        in show(client, "lead-changes", lead).text
    )


def test_changes_of_the_company_and_of_attributes_are_told_too(olga):
    company = make_company("Aubert", employees=80)
    lead = early(company=company, attributes={"plan": "pro"})
    changed(company, olga, LATER, employees=120)
    changed(lead, olga, LATER, attributes={"plan": "team"})
    changed(lead, olga, LATER + HOUR, company=make_company("Bertil"))

    texts = [one.text for one in changes(lead)[0]]

    assert "Olga Perez changed “plan” from pro to team." in texts
    assert "Olga Perez changed the company from Aubert to Bertil." in texts


def test_changes_are_paged_and_none_is_lost_or_told_twice(olga):
    lead = early()
    for step in range(130):
        changed(lead, olga, LATER + step * timedelta(minutes=1), score=step)

    told, before = [], None
    for _page in range(9):
        found, before = changes(lead, before)
        told += [one.after for one in found]
        if before is None:
            break

    assert told == [str(step) for step in reversed(range(130))]


# --- moves with their evidence


def test_each_stage_shows_what_it_asks_for_and_what_is_missing(client):
    boss = make_team("inside-sales").manager
    client.force_login(boss)
    lead = make_lead(stage="talking", seller=make_user())

    page = show(client, "lead-move", lead)
    chosen = show(client, "lead-move", lead, to="deciding")

    assert "Missing:" in page.text
    assert "3 criteria are not met" in chosen.text
    assert "Why it moves all the same" in chosen.text


def test_a_lead_moves_back_without_a_reason_and_forward_with_a_waiver(client):
    boss = make_team("inside-sales").manager
    client.force_login(boss)
    lead = make_lead(stage="talking", seller=make_user())
    url = reverse("leads:lead-move", args=[lead.pk])

    refused = client.post(url, {"to_stage": "deciding"})
    waived = client.post(url, {"to_stage": "deciding", "waiver_reason": "met at the fair"})
    back = client.post(url, {"to_stage": "talking"})

    assert (refused.status_code, waived.status_code, back.status_code) == (409, 302, 302)
    entries = lead.stage_entries.order_by("pk").values_list("stage", "waiver_reason")
    assert list(entries) == [("talking", ""), ("deciding", "met at the fair"), ("talking", "")]
