"""Writing the ledger: inside an action only, all of it or nothing, last in the transaction."""

from datetime import UTC, datetime

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from portal import ledger
from portal.ledger.kinds import Kind
from portal.ledger.models import LedgerEntry
from portal.ledger.verify import verify

pytestmark = pytest.mark.django_db
NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
HANDOFF = ("handoff", 12)


def accepted(**more):
    return ledger.append(Kind.HANDOFF_ACCEPT, subject=HANDOFF, **({"at": NINE} | more))


def entries():
    return LedgerEntry.objects.order_by("seq")


def test_an_entry_says_who_did_what_to_what_when_and_for_whom():
    class Person:
        pk = 3

    with ledger.recording():
        accepted(
            by=Person(), lead=5, department="sales", team="inside-sales", clear={"round": 1}
        )

    entry = LedgerEntry.objects.get()
    assert (entry.seq, entry.at, entry.kind) == (1, NINE, "handoff_accept")
    assert (entry.subject, entry.lead_id, entry.actor_id) == (HANDOFF, 5, 3)
    assert (entry.department, entry.team) == ("sales", "inside-sales")
    assert (entry.clear, entry.committed) == ({"round": 1}, {})


def test_entries_are_chained_in_the_order_they_were_said():
    with ledger.recording():
        for round_ in (1, 2):
            accepted(clear={"round": round_})
    with ledger.recording():
        accepted(clear={"round": 3})

    assert list(entries().values_list("seq", flat=True)) == [1, 2, 3]
    assert [entry.clear["round"] for entry in entries()] == [1, 2, 3]
    assert verify(LedgerEntry.objects.links()).is_sound


def test_the_text_that_was_hashed_can_be_read_back_from_the_row():
    with ledger.recording():
        accepted(at=NINE.replace(microsecond=5), clear={"why": "Grüße \u2028 \t"})

    entry = LedgerEntry.objects.get()
    assert [link.line for link in LedgerEntry.objects.links()] == [entry.line]


def test_outside_an_action_nothing_can_be_said():
    with pytest.raises(RuntimeError, match="only an action"):
        accepted()


def test_actions_do_not_nest():
    inner = ledger.recorded(accepted)

    with ledger.recording(), pytest.raises(RuntimeError, match="do not nest"):
        inner()


def test_a_recorded_action_returns_what_it_returns_and_writes_what_it_said():
    @ledger.recorded
    def act(*, at):
        accepted(at=at)
        return LedgerEntry.objects.count()

    assert act(at=NINE) == 0  # only at the end
    assert LedgerEntry.objects.count() == 1
    assert act.__name__ == "act"


def test_an_action_that_fails_leaves_no_entry_and_the_next_one_works():
    @ledger.recorded
    def fail():
        accepted()
        raise LookupError

    with pytest.raises(LookupError):
        fail()
    with ledger.recording():
        accepted()

    assert list(entries().values_list("seq", flat=True)) == [1]


def test_the_entries_of_a_failed_part_go_with_it():
    def part_that_fails():
        with ledger.savepoint():
            accepted(clear={"part": "failed"})
            raise LookupError

    with ledger.recording():
        accepted(clear={"part": "before"})
        with pytest.raises(LookupError):
            part_that_fails()
        accepted(clear={"part": "after"})

    assert [entry.clear["part"] for entry in entries()] == ["before", "after"]


def test_the_chain_is_locked_and_written_after_everything_else():
    with CaptureQueriesContext(connection) as queries, ledger.recording():
        accepted()
        LedgerEntry.objects.filter(seq=99).exists()

    touched = [query["sql"] for query in queries if "ledger_entry" in query["sql"]]
    assert "99" in touched[0]
    assert "INSERT INTO ledger_entry" in touched[-1]


def test_an_action_that_says_nothing_does_not_touch_the_chain():
    with CaptureQueriesContext(connection) as queries, ledger.recording():
        pass

    assert not [query for query in queries if "ledger_entry" in query["sql"]]


def test_a_draft_knows_its_place_once_the_action_has_ended():
    with ledger.recording():
        draft = accepted()
        assert (draft.seq, draft.hash) == (0, "")

    assert (draft.seq, draft.hash) == ledger.tip()


def test_entries_take_the_instant_of_their_recording_unless_they_name_one():
    with ledger.recording(at=NINE):
        ledger.append(Kind.OUTAGE, subject=("portal", 1))
    with ledger.recording(), pytest.raises(TypeError, match="instant"):
        ledger.append(Kind.OUTAGE, subject=("portal", 1))

    assert LedgerEntry.objects.get().at == NINE


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param({"clear": {"score": 0.5}}, id="a float"),
        pytest.param({"department": "Sales Department"}, id="a department that is no key"),
        pytest.param({"at": datetime(2026, 3, 2)}, id="a naive instant"),  # noqa: DTZ001
    ],
)
def test_what_the_ledger_cannot_hold_fails_the_action(wrong):
    with pytest.raises((TypeError, ValueError)), ledger.recording():
        accepted(**wrong)

    assert not LedgerEntry.objects.exists()


def test_a_kind_that_is_not_in_the_list_is_refused():
    with pytest.raises(ValueError, match="applauded"), ledger.recording():
        ledger.append("applauded", subject=HANDOFF, at=NINE)


def test_an_entry_about_a_lead_belongs_to_that_lead():
    with ledger.recording(at=NINE):
        ledger.append(Kind.LEAD_ARRIVED, subject=("lead", 5))
        accepted(lead=5)
        accepted(lead=6)

    assert [e.kind for e in LedgerEntry.objects.of_lead(5)] == [
        "lead_arrived",
        "handoff_accept",
    ]


def test_entries_about_a_row_are_found_by_its_key_and_by_the_row():
    with ledger.recording():
        accepted()
        accepted(clear={"round": 2})
        ledger.append(Kind.CLOCK_STOPPED, subject=("clock", 12), at=NINE)
    row = type("Handoff", (), {"pk": 12})()

    assert ledger.entries_about(HANDOFF).count() == 2
    assert [e.seq for e in ledger.entries_about(row)] == [1, 2]


def test_what_is_clear_can_be_asked_for_in_a_query():
    with ledger.recording():
        accepted(clear={"round": 1, "to": "accepted"})
        accepted(clear={"round": 2, "to": "accepted"})

    found = LedgerEntry.objects.with_document()
    assert found.get(document__clear__round=2).seq == 2
    assert found.filter(document__clear__to="accepted").count() == 2


def test_many_entries_are_written_in_order_after_those_said_before():
    count = 4_321  # more than two batches
    drafts = (
        ledger.draft(Kind.CLOCK_STARTED, subject=("clock", n), at=NINE, committed={"n": n})
        for n in range(1, count + 1)
    )
    with ledger.recording():
        accepted()
        assert ledger.append_many(drafts) == count
        accepted()

    report = verify(LedgerEntry.objects.links())
    assert (report.count, report.fault) == (count + 2, None)
    assert LedgerEntry.objects.get(seq=1 + count).subject == ("clock", count)
    assert ledger.matches(LedgerEntry.objects.get(seq=1 + count), "n", count)


def test_instants_compare_in_the_database_as_instants():
    soon = NINE.replace(microsecond=1)
    with ledger.recording():
        accepted(at=NINE)
        accepted(at=soon)

    assert LedgerEntry.objects.filter(at__lte=NINE).count() == 1
    assert list(entries().values_list("at", flat=True)) == [NINE, soon]


def test_a_recording_needs_to_be_the_outermost_transaction(transactional_db):
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        ledger.recorded(accepted)()
