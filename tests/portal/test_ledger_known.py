"""What an action has read once, it does not read again; nothing of it outlives the action."""

import pytest

from portal import ledger
from portal.ledger import known
from tests.factories import MONDAY_NINE as AT

pytestmark = pytest.mark.django_db


class Reader:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> int:
        self.times += 1
        return self.times


def test_an_action_reads_a_thing_once():
    read = Reader()

    with ledger.recording(at=AT):
        assert [known.once(("thing", 1), read), known.once(("thing", 1), read)] == [1, 1]
        assert known.once(("thing", 2), read) == 2


def test_the_next_action_reads_it_again_and_outside_of_one_nothing_is_kept():
    read = Reader()
    for _ in range(2):
        with ledger.recording(at=AT):
            known.once(("thing", 1), read)

    known.once(("thing", 1), read)
    known.once(("thing", 1), read)

    assert read.times == 4


def test_what_was_noted_ahead_is_for_one_asking():
    with ledger.recording(at=AT):
        known.note(("thing", 1), "noted")

        assert [known.take(("thing", 1), lambda: "read") for _ in range(2)] == ["noted", "read"]


def test_a_part_that_is_rolled_back_forgets_what_it_saw():
    read = Reader()

    with ledger.recording(at=AT):
        known.once(("thing", 1), read)
        with pytest.raises(LookupError), ledger.savepoint():
            raise LookupError
        known.once(("thing", 1), read)

    assert read.times == 2


def test_who_changes_a_row_lets_it_be_read_again():
    read = Reader()

    with ledger.recording(at=AT):
        for key in (("thing", 1), ("thing", 2), ("other", 1)):
            known.once(key, read)
        known.forget(("other", 1))
        known.forget_kind("thing")

        assert known.kept("thing") == []
        assert known.once(("thing", 1), read) == 4
        assert known.once(("other", 1), read) == 5
