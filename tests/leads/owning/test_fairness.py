"""Nobody is favoured, whoever is away, joins, leaves or gives a turn back."""

from collections import Counter
from functools import partial

import pytest

from leads.actions.intake import Arrival, receive
from leads.actions.owning import routing
from leads.models import Assignment, Turn
from portal import ledger
from tests.factories import MONDAY_NINE, make_agreement, make_team, make_user
from tests.leads.races import at_once


@pytest.mark.django_db(transaction=True)
def test_sixteen_at_once_are_fair_in_each_pool():
    make_agreement()
    make_team("inside-sales")
    team = make_team("demand-generation")
    members = [make_user(f"M{n}", team=team) for n in range(4)]
    fairs = {"key": "fairs", "name": "Fairs", "sources": ["fair"], "method": "round_robin",
             "members": [one.pk for one in members[:2]]}  # fmt: skip
    team.routing = {"pools": [fairs]}
    team.save()

    def arrive(n):
        source = "fair" if n % 2 else "web"
        return receive(
            arrival=Arrival(name=f"Lead {n}", phone=str(n), source=source), at=MONDAY_NINE
        )

    received, refused = at_once([partial(arrive, n) for n in range(16)])

    assert refused == []
    got = {"fair": Counter(), "web": Counter()}
    for one in received:
        seat = Assignment.objects.get(lead=one.lead, department="marketing", until=None)
        got[one.lead.source][seat.member_id] += 1
    assert got["fair"] == {one.pk: 4 for one in members[:2]}
    assert got["web"] == {one.pk: 2 for one in members}
    assert Turn.objects.filter(pool="fairs").count() == 8


@pytest.mark.django_db(transaction=True)
def test_sixteen_returns_and_arrivals_at_once_leave_nobody_ahead():
    make_agreement()
    team = make_team("demand-generation")
    make_team("inside-sales")
    members = [make_user(f"M{n}", team=team) for n in range(4)]
    first = [
        receive(arrival=Arrival(name=f"Lead {n}", phone=str(n)), at=MONDAY_NINE).lead
        for n in range(8)
    ]

    def give_back(lead):
        member = Assignment.objects.get(lead=lead, department="marketing").member
        with ledger.recording():
            return routing.give_turn_back(lead, team, member, MONDAY_NINE)

    def arrive(n):
        return receive(arrival=Arrival(name=f"More {n}", phone=f"9{n}"), at=MONDAY_NINE)

    _done, refused = at_once(
        [partial(give_back, lead) for lead in first] + [partial(arrive, n) for n in range(8)]
    )
    for n in range(20, 36):
        arrive(n)

    assert refused == []
    spent = Turn.objects.filter(given_back_at=None)
    kept = Counter(spent.values_list("member", flat=True))
    assert set(kept) == {one.pk for one in members}
    assert max(kept.values()) - min(kept.values()) <= 1
