"""Which entries of the ledger other systems are told of, and under which type."""

import pytest

from leads.core.events.outward import EVERY, NOT_SENT, SENT, type_of


def test_each_kind_is_sent_in_one_group_or_stays_here_for_a_reason():
    sent = [kind for kinds in SENT.values() for kind in kinds]

    assert len(sent) == len(set(sent))
    assert set(EVERY) == set(sent)
    assert not set(sent) & set(NOT_SENT)
    assert all(NOT_SENT.values())


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        ("clock_started", "clock.started"),
        ("handoff_does_not_count", "handoff.does_not_count"),
        ("erased", "erased"),
    ],
)
def test_a_type_is_written_as_other_systems_write_them(kind, type_):
    assert type_of(kind) == type_
