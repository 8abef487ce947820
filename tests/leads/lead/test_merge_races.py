"""Merging while somebody else takes it back, logs, accepts, offers or tells: whoever wins,
the two leads make sense together."""

from datetime import timedelta
from functools import partial

import pytest

from leads.actions import contributions
from leads.actions.handing import handoffs
from leads.actions.intake import Arrival, receive
from leads.actions.journeys import attestations, journey, merging, touches, unmerging
from leads.models import Lead, Merge, Touch
from portal.errors import DomainError
from portal.ledger import verify
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
)
from tests.leads.races import at_once

pytestmark = pytest.mark.django_db(transaction=True)
LATER = MONDAY_NINE + timedelta(hours=1)
FEW = 4


def merge(gone, kept, by, at=LATER):
    return partial(merging.merge, lead_id=gone.pk, into_id=kept.pk, by=by, at=at)


def unmerge(gone, by, at=LATER):
    return partial(unmerging.unmerge, lead_id=gone.pk, by=by, at=at)


def sensible(*leads):
    """A merged lead has one merge that stands and no seat, an open one both seats."""
    for lead in leads:
        lead.refresh_from_db()
        merged = lead.merged_into_id is not None
        assert Merge.objects.filter(gone=lead, undone_at=None).count() == int(merged)
        held = lead.assignments.filter(until=None).values_list("department", flat=True)
        assert sorted(held) == ([] if merged else ["marketing", "sales"])
        assert not (merged and lead.handoffs.open().exists())
    assert verify.verify(LedgerEntry.objects.links()).is_sound


def early(**fields):
    """A lead at the first stage, which nothing offers by itself."""
    return make_lead(stage="noticed", **fields)


def test_a_merge_and_its_undoing_at_once_end_in_one_of_both():
    gone, kept, olga = early(), early(), make_operations()
    merge(gone, kept, olga, MONDAY_NINE)()
    crowd = [unmerge(gone, olga), merge(gone, kept, olga)] * FEW

    done, refused = at_once(crowd)

    assert done, refused
    sensible(gone, kept)
    told = LedgerEntry.objects.filter(kind__in=["lead_merged", "lead_unmerged"]).count()
    undone = Merge.objects.exclude(undone_at=None).count()
    assert told == Merge.objects.count() + undone


def test_two_who_merge_crosswise_leave_one_lead():
    one, other, olga = make_lead(), make_lead(), make_operations()

    done, refused = at_once([merge(one, other, olga), merge(other, one, olga)] * FEW)

    assert (len(done), len(refused)) == (1, 2 * FEW - 1)
    assert Lead.objects.open().count() == 1
    sensible(one, other)


def test_three_in_a_ring_never_lead_nowhere():
    ring, olga = [make_lead() for _ in range(3)], make_operations()

    at_once([merge(ring[n], ring[(n + 1) % 3], olga) for n in range(3)])

    sensible(*ring)
    assert Lead.objects.open().count() >= 1


def test_touches_logged_while_leads_become_one_are_all_kept():
    gone, kept, olga, rep = early(), early(), make_operations(), make_user()
    logs = [
        partial(touches.log, lead_id=lead.pk, kind="call", by=rep, at=LATER)
        for lead in (gone, kept)
        for _ in range(FEW)
    ]

    done, refused = at_once([merge(gone, kept, olga), *logs])

    assert (len(done), refused) == (1 + 2 * FEW, [])
    assert Touch.objects.count() == 2 * FEW
    sensible(gone, kept)


def test_an_acceptance_on_the_lead_that_remains_holds_beside_the_merge():
    handoff = make_handoff(at=MONDAY_NINE)
    gone, olga = make_lead(company=make_company()), make_operations()
    accept = partial(handoffs.accept, handoff_id=handoff.pk, by=handoff.receiver, at=LATER)

    done, refused = at_once([merge(gone, handoff.lead, olga), accept])

    assert (len(done), refused) == (2, [])
    handoff.refresh_from_db()
    assert handoff.state == "accepted"
    sensible(gone, handoff.lead)


def test_an_offer_of_the_lead_that_vanishes_wins_or_the_merge_does():
    gone, kept, olga = make_lead(), make_lead(), make_operations()
    make_user(team="inside-sales")
    offer = partial(handoffs.offer, lead_id=gone.pk, kind="to_inside_sales", by=None, at=LATER)

    done, refused = at_once([merge(gone, kept, olga), offer])

    assert (len(done), len(refused)) == (1, 1)
    sensible(gone, kept)


def test_who_is_told_of_meanwhile_is_the_lead_that_remains():
    kept, olga = make_lead(), make_operations()
    ana = Arrival(name="Ana", source="crm", external_id="7")
    gone = receive(arrival=ana, at=MONDAY_NINE).lead
    tell = partial(
        receive, arrival=Arrival(name="Ana", source="crm", external_id="7", score=9), at=LATER
    )

    done, refused = at_once([merge(gone, kept, olga), *[tell] * FEW])

    assert refused == []
    assert len(done) == 1 + FEW
    sensible(gone, kept)
    assert receive(arrival=ana, at=LATER).lead == kept


@pytest.mark.parametrize(
    "act",
    [
        partial(handoffs.offer, kind="to_inside_sales", by=None),
        partial(journey.move, to_stage="exploring"),
        partial(contributions.ask, kind="case_study", subject="A firm like theirs"),
        partial(attestations.attest, fact="budget_confirmed"),
    ],
    ids=["offer", "move", "ask", "attest"],
)
def test_what_comes_too_late_for_a_merged_lead_is_refused_and_no_fault(act):
    mia, sven = make_user(team="demand-generation"), make_user(team="inside-sales")
    gone, kept = early(marketer=mia, seller=sven), early()
    merge(gone, kept, make_operations(), MONDAY_NINE)()
    before = LedgerEntry.objects.count()
    who = {} if "by" in act.keywords else {"by": sven}

    with pytest.raises(DomainError):
        act(lead_id=gone.pk, at=LATER, **who)

    assert LedgerEntry.objects.count() == before
