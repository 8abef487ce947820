"""At a period's close each figure is sealed with head, version and query; what changes later
shows as a restatement, with the entries that say why."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from leads.actions import sealing
from leads.actions.handing import endings
from leads.actions.journeys import merging, touches
from leads.models import Clock, Handoff, Seal, SealCheck, StageEntry
from leads.reports.period import Filters
from leads.reports.scorecard import scorecard
from leads.reports.scorecard.lines import lines
from leads.reports.seals.restating import document_of, evidence_text, period_of
from portal import ledger
from portal.accounts.models import Department
from portal.ledger.models import Head, LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import make_user
from tests.leads.reports.seals.conftest import CLOSED, HOUR

pytestmark = pytest.mark.django_db


def restated(seal, at=CLOSED + HOUR):
    sealing.look_again(at=at)
    kept = SealCheck.objects.get(seal=seal)
    return {change["figure"]: change for change in kept.changes}


def test_nothing_is_sealed_before_eight_in_the_morning_after_the_period(sealed):
    may = CLOSED + timedelta(days=30)

    assert sealing.seal_due(at=may - timedelta(seconds=1)) == []
    assert len(sealing.seal_due(at=may)) == 1


def test_the_seal_holds_every_figure_of_the_scorecard(sealed):
    card = scorecard(sealed.version, Filters(period_of(sealed)), CLOSED)

    kept = {one["key"]: (one["value"], one["of"]) for one in document_of(sealed)["figures"]}

    assert len(kept) > 60
    for line in lines(card):
        assert kept[line.figure] == (line.value, line.of), line.figure
    assert kept["time:sales:first_attempt:p50"][1] == 2


def test_its_digest_stands_in_the_ledger_and_the_head_after_it_is_published(sealed, taken):
    entry = ledger.entries_about(sealed).get()

    assert entry.clear["digest"] == hashlib.sha256(sealed.document.encode()).hexdigest()
    assert entry.clear["first"] == "2026-03-01"
    assert document_of(sealed)["head"] == {"seq": entry.seq - 1, "hash": entry.prev_hash}
    head = Head.objects.get(seq=entry.seq)
    assert head.hash in (taken[1] / "heads.jsonl").read_text()


def test_the_rows_that_were_counted_are_kept_with_it(sealed):
    text = evidence_text(sealed)

    assert document_of(sealed)["evidence"] == hashlib.sha256(text.encode()).hexdigest()
    rows = json.loads(text)["figures"]
    met = Clock.objects.filter(obligation="accept", outcome="met").order_by("pk")
    assert rows["clocks:sales:accept.met"] == list(met.values_list("pk", flat=True))
    assert "@" not in text
    assert "Spring & more" in text


def test_both_heads_are_mailed_the_head_of_the_ledger(sealed):
    head = make_user("Ada Head")
    Department.objects.filter(pk="sales").update(head=head)

    (seal,) = sealing.seal_due(at=CLOSED + timedelta(days=30))

    told = Delivery.objects.filter(about=f"seal:{seal.pk}", recipient=head)
    assert set(told.values_list("channel", flat=True)) == {"in_app", "mail"}
    assert Head.objects.latest("pk").hash in told.first().text


def test_a_period_is_sealed_once_and_the_next_one_when_it_closes(sealed):
    assert sealing.seal_due(at=CLOSED + HOUR) == []
    before = Seal.objects.count()

    (april,) = sealing.seal_due(at=CLOSED + timedelta(days=30))

    assert april.first.isoformat() == "2026-04-01"
    assert Seal.objects.count() == before + 1


def test_the_database_refuses_to_change_or_delete_a_seal(sealed):
    for attack in (
        lambda: Seal.objects.update(digest="0" * 64),
        lambda: Seal.objects.filter(pk=sealed.pk).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            attack()


def test_nothing_that_was_done_shows_as_unchanged(sealed):
    assert restated(sealed) == {}
    assert not LedgerEntry.objects.filter(kind="figure_restated").exists()


def test_time_that_went_on_is_no_restatement(sealed):
    """A call that was never made is late; made in April it is late still, and done."""
    clock = Clock.objects.filter(kind="first_attempt", stopped_at=None).first()
    sdr = clock.owner
    touches.log(lead_id=clock.lead_id, kind="call", by=sdr, at=CLOSED + HOUR / 2)

    found = restated(sealed)

    never = found["clocks:sales:first_attempt.never"]
    assert (never["n_gone"], never["gone"], never["why"]) == (1, [clock.pk], "went_on")
    assert "clocks:sales:first_attempt.late" not in found
    assert SealCheck.objects.get().corrected == 0


def test_a_merge_restates_the_figures_of_its_leads_and_names_the_entry(sealed):
    free = StageEntry.objects.filter(
        stage="comparing", lead__merged_into=None, imported=False, lead__handoffs=None
    ).exclude(lead__company__status="customer")
    kept, gone = free.values_list("lead", flat=True)[:2]
    manager = make_user("Max Ops", team=None, role="operations")
    merging.merge(lead_id=gone, into_id=kept, by=manager, at=CLOSED + HOUR / 2)

    change = restated(sealed)["volume:comparing_a_month"]

    assert (change["sealed"] - change["now"], change["why"]) == (1, "corrected")
    entry = LedgerEntry.objects.get(kind="lead_merged")
    assert entry.seq in change["entries"]
    told = LedgerEntry.objects.get(kind="figure_restated")
    assert told.subject == ("seal", sealed.pk)


def test_a_row_that_was_changed_past_the_portal_has_no_entry_and_says_so(sealed):
    late = Clock.objects.filter(outcome="late").first()
    Clock.objects.filter(pk=late.pk).update(outcome="met")

    found = restated(sealed)

    change = found[f"clocks:sales:{late.obligation}.met"]
    assert (change["now"] - change["sealed"], change["silent"]) == (1, [late.pk])
    assert change["why"] == "unexplained"


def test_the_same_restatement_is_told_once(sealed):
    Clock.objects.filter(outcome="late").update(outcome="met")

    for hours in (1, 2):
        sealing.look_again(at=CLOSED + hours * HOUR)

    assert LedgerEntry.objects.filter(kind="figure_restated").count() == 1


def test_what_ends_in_april_does_not_touch_march(sealed):
    open_one = Handoff.objects.filter(state="accepted").first()
    endings.complete(handoff_id=open_one.pk, by=open_one.receiver, at=CLOSED + HOUR / 2)

    assert {change["why"] for change in restated(sealed).values()} <= {"went_on"}
