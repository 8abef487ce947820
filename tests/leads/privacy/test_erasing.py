"""Somebody is erased: nothing says who they were, and everything is counted as before."""

import logging
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings

from leads.actions.handing import returns
from leads.actions.intake import Arrival, receive
from leads.actions.privacy import erasing, person, telling
from leads.errors import NotYours, PrivacyRefused
from leads.models import (
    Clock,
    Handoff,
    ImportSlice,
    Lead,
    Outgoing,
    PrivacyRequest,
    StageEntry,
    Touch,
)
from leads.reports.audit import replay
from portal.ledger import verify
from portal.ledger.models import LedgerEntry, Salt
from portal.ledger.reading import Erased, opening
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_agreement,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
)
from tests.leads.imports import bringing
from tests.leads.privacy.somebody import KEY, LATER, MAIL, NAME, WORD, hits, known_everywhere

pytestmark = pytest.mark.django_db
THEN = LATER + timedelta(hours=1)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


@pytest.fixture
def olga():
    return bringing.make_company()


def erase(lead, by, at=THEN):
    return erasing.erase(lead_id=lead.pk, by=by, at=at, reason="asked by mail")


def test_nothing_of_an_erased_person_is_found_anywhere(olga, caplog):
    caplog.set_level(logging.INFO)
    lead = known_everywhere(olga)
    assert {table for table, _ in hits()} >= {
        "leads_lead", "leads_touch", "leads_upload", "jobs_job", "look_savedview",
        "leads_historicallead", "leads_leadsource", "leads_consent", "leads_company",
        "leads_inbound", "leads_inbounditem", "leads_outgoing", "leads_importslice",
    }  # fmt: skip

    erase(lead, olga)

    assert hits(WORD, KEY, "90187777") == set()
    kept = b"".join(p.read_bytes() for p in Path(settings.FILES_DIR).rglob("*") if p.is_file())
    assert WORD.encode() not in kept
    assert WORD not in caplog.text.lower()


def test_the_ledger_verifies_as_before_and_opens_nothing_of_them(olga):
    lead = known_everywhere(olga)
    entry = LedgerEntry.objects.of_lead(lead.pk).get(kind="lead_arrived")
    assert opening(entry, "person")
    before = LedgerEntry.objects.count()

    done = erase(lead, olga)

    assert verify.verify(LedgerEntry.objects.links()).is_sound
    assert not Salt.objects.filter(owner_type="lead", owner_id__in=done.leads).exists()
    with pytest.raises(Erased):
        opening(entry, "person")
    said = LedgerEntry.objects.filter(kind="erased", seq__gt=before)
    assert [one.subject_id for one in said] == done.leads
    assert list(replay.broken("I8")) == []


def test_what_figures_count_stays():
    handoff = make_accepted(at=MONDAY_NINE, name="Ana Lima")
    counted = (Lead, StageEntry, Handoff, Clock, Touch)
    before = [model.objects.count() for model in counted]
    met = [one["met"] for one in handoff.evidence]

    erase(handoff.lead, make_operations())

    assert [model.objects.count() for model in counted] == before
    handoff.refresh_from_db()
    assert handoff.accepted_at == MONDAY_NINE
    assert all("erased" in one for one in handoff.evidence)
    assert [one["met"] for one in handoff.evidence] == met


def test_a_person_with_two_leads_is_still_counted_once():
    agreement = make_agreement()
    first = make_lead(agreement=agreement, email_key="a@b.test", closed_at=MONDAY_NINE,
                      closed_as="lost")  # fmt: skip
    second = make_lead(agreement=agreement, email_key="a@b.test")

    done = erase(second, make_operations())

    keys = set(Lead.objects.filter(pk__in=[first.pk, second.pk]).values_list("email_key"))
    assert len(keys) == 1
    assert done.leads == [first.pk, second.pk]
    first.refresh_from_db()
    assert first.closed_as == "lost"


def test_what_is_under_way_ends_and_what_was_late_stays_late():
    handoff = make_handoff(at=MONDAY_NINE)
    due = handoff.clocks.order_by("due_at").first().due_at
    late = due + timedelta(minutes=1)

    erase(handoff.lead, make_operations(), at=late)

    handoff.refresh_from_db()
    assert handoff.ended_at == late
    outcomes = dict(handoff.clocks.values_list("due_at", "outcome"))
    assert outcomes[due] == "late"
    assert set(outcomes.values()) <= {"late", "cancelled"}
    assert handoff.lead.__class__.objects.get(pk=handoff.lead_id).closed_as == "erased"


def test_nothing_leaves_of_them_any_more(olga):
    lead = known_everywhere(olga)

    erase(lead, olga)

    told = Outgoing.objects.filter(lead=lead).values_list("state", "payload")
    assert sorted(told) == [("dead", None), ("sent", None)]
    assert not Delivery.objects.pending().filter(about__startswith=f"lead:{lead.pk}").exists()


def test_others_keep_what_is_theirs(olga):
    lead = known_everywhere(olga)
    namesake = make_lead(name="Otto Zweig", email="otto@zweig.example")

    erase(lead, olga)

    namesake.refresh_from_db()
    assert namesake.name == "Otto Zweig"
    assert Lead.objects.filter(email_key="otto@other.example").exists()
    outcomes = [one for row in ImportSlice.objects.all() for one in row.outcomes]
    assert len(outcomes) == 3


def test_a_second_erasure_changes_nothing(olga):
    lead = make_lead()
    erase(lead, olga)
    before = LedgerEntry.objects.count()

    with pytest.raises(PrivacyRefused, match="erased before"):
        erase(lead, olga)

    assert LedgerEntry.objects.count() == before


def test_it_answers_the_request_that_waits(olga):
    lead = known_everywhere(olga)

    done = erase(lead, olga)

    assert not PrivacyRequest.objects.open().exists()
    assert (done.done_at, done.done_by) == (THEN, olga)
    assert done.counts["leads.Lead"] == len(done.leads)
    assert done.counts["files"] == 1


@pytest.mark.parametrize("role", ["member", "auditor", "admin"])
def test_only_operations_erase_and_export(role):
    lead = make_lead()
    who = make_user(team=None, department=None, role=role) if role != "member" else make_user()

    with pytest.raises(NotYours):
        erase(lead, who)
    with pytest.raises(NotYours):
        telling.export(lead_id=lead.pk, by=who, at=THEN)


def test_an_erasure_needs_a_reason(olga):
    with pytest.raises(PrivacyRefused, match="reason"):
        erasing.erase(lead_id=make_lead().pk, by=olga, at=THEN, reason=" ")


def test_a_file_that_is_being_read_is_waited_for(olga):
    lead = receive(arrival=Arrival(name=NAME, email=MAIL, source="web"), at=MONDAY_NINE).lead
    upload = bringing.bring(bringing.table({"Name": NAME, "Email": MAIL}), olga)
    bringing.brought.map_and_rehearse(
        upload_id=upload.pk, mapping=bringing.MAPPING, by=olga, at=LATER
    )

    with pytest.raises(PrivacyRefused, match="being read"):
        erase(lead, olga)

    lead.refresh_from_db()
    assert lead.name == NAME


def test_who_comes_again_after_an_erasure_is_somebody_new(olga):
    lead = known_everywhere(olga)
    erase(lead, olga)

    again = receive(arrival=Arrival(name=NAME, email=MAIL, source="web"), at=THEN).lead

    assert again.pk != lead.pk
    assert again.previous is None
    assert person.person_of(again).leads == (again.pk,)


def test_a_move_of_an_erased_persons_handoff_is_not_taken_back():
    from leads.actions.handing.undo import undoable

    handoff = make_accepted(at=MONDAY_NINE)
    seller = handoff.receiver
    soon = MONDAY_NINE + timedelta(seconds=5)
    returns.give_back(handoff_id=handoff.pk, by=seller, at=soon, reason="no_need")

    erase(handoff.lead, make_operations(), at=soon + timedelta(seconds=5))

    handoff.refresh_from_db()
    assert undoable(handoff, seller, soon + timedelta(seconds=8)) is None
