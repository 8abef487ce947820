"""The first seals of a portal, made outside of a test's own transaction."""

import pytest

from leads.actions import sealing
from portal import ledger
from tests.factories import make_version
from tests.leads.reports.seals.conftest import CLOSED, HOUR


@pytest.mark.django_db(transaction=True)
def test_a_portal_that_never_sealed_begins_with_the_three_periods_that_closed_last():
    make_version()

    made = sealing.seal_due(at=CLOSED)

    assert [seal.first.month for seal in made] == [1, 2, 3]
    assert sealing.look_again(at=CLOSED + HOUR, every=True) == 0
    assert ledger.tip()[0] > made[-1].head_seq
