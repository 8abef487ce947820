"""Nobody is favoured, whoever is away, joins, leaves or gives a turn back."""

from collections import Counter
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from leads.actions.intake import Arrival, receive
from leads.actions.owning import routing
from leads.core.routing import Candidate, after, choose
from leads.core.sharing.dryrun import Came, share, spread
from leads.core.sharing.rules import Asked, read
from leads.models import Assignment, Turn
from portal import ledger
from tests.factories import MONDAY_NINE, make_agreement, make_team, make_user
from tests.leads.races import at_once

SIZE = 4
ASKED = st.builds(
    Asked, source=st.sampled_from(["web", "fair"]), segment=st.sampled_from(["event", "trial"]),
    country=st.sampled_from(["Germany", "Chile"]),
)  # fmt: skip


class Turning(RuleBasedStateMachine):
    """A rotation in which people come and go. What fairness means: since the last time that
    anybody came or went, no two of those who are here are more than two turns apart."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = {n: Candidate(n, f"M{n}") for n in range(SIZE)}
        self.here = set(range(SIZE))
        self.place = self.turns = 0
        self.got: Counter[int] = Counter()

    def changed(self) -> None:
        self.got.clear()

    @rule()
    def a_lead_comes(self) -> None:
        present = [one for n, one in self.pool.items() if n in self.here]
        if not present:
            return
        choice = choose("round_robin", present, self.place)
        who, self.turns = choice.member_id, self.turns + 1
        owed = choice.spent.owed
        self.place = self.place if owed else choice.spent.start
        self.pool[who] = after(self.pool[who], choice.spent, self.turns)
        self.got[who] += 0 if owed else 1  # an owed turn was counted when it was first spent

    @rule(who=st.integers(0, SIZE - 1))
    def somebody_goes_away(self, who: int) -> None:
        if who in self.here:
            self.here.discard(who)
            self.changed()

    @rule(who=st.integers(0, SIZE - 1))
    def somebody_is_back(self, who: int) -> None:
        if who not in self.here:
            self.here.add(who)
            self.changed()

    @rule()
    def somebody_joins(self) -> None:
        if len(self.pool) < 8:
            new = len(self.pool)
            self.pool[new] = Candidate(new, f"M{new}")
            self.here.add(new)
            self.changed()

    @rule(who=st.integers(0, SIZE - 1))
    def a_return_gives_the_turn_back(self, who: int) -> None:
        one = self.pool[who]
        if one.last_turn and one.owed < 3:
            self.pool[who] = replace(one, owed=one.owed + 1)

    @invariant()
    def nobody_here_is_far_ahead(self) -> None:
        counts = [self.got[n] for n in self.here]
        assert not counts or max(counts) - min(counts) <= 2


TestTurning = Turning.TestCase
TestTurning.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)


@given(st.lists(ASKED, max_size=80))
def test_each_pool_is_fair_for_itself_whatever_the_order_of_the_leads(came):
    rules = read({"pools": [
        {"key": "fairs", "name": "Fairs", "sources": ["FAIR"], "members": [0, 1]},
        {"key": "chile", "name": "Chile", "countries": ["chile"], "method": "round_robin"},
    ]})  # fmt: skip
    leads = [Came(n, asked) for n, asked in enumerate(came)]

    done = share(rules, [Candidate(n, f"M{n}") for n in range(SIZE)], leads)

    assert sum(done.would.values()) == len(came)
    fairs = Counter()
    for one in leads:
        if one.asked.source == "fair":
            fairs[one.lead_id] += 1
    assert done.pools["Fairs"] == len(fairs)
    only_fairs = share(rules, [Candidate(n, f"M{n}") for n in range(SIZE)],
                       [one for one in leads if one.asked.source == "fair"])  # fmt: skip
    assert set(only_fairs.would) <= {0, 1}
    assert spread(only_fairs.would) <= 1 or len(only_fairs.would) == 1


@given(
    st.lists(
        st.tuples(ASKED, st.frozensets(st.integers(0, SIZE - 1), max_size=SIZE)), max_size=60
    )
)
def test_who_is_away_gets_nothing_and_if_all_are_it_is_the_stewards(came):
    leads = [Came(n, asked, away=away) for n, (asked, away) in enumerate(came)]

    done = share(read({}), [Candidate(n, f"M{n}") for n in range(SIZE)], leads)

    for lead_id, _got, would in done.moved:
        assert would not in leads[lead_id].away
    assert done.would[None] == sum(len(one.away) == SIZE for one in leads)


def test_the_rules_pass_on_what_they_do_not_take():
    rules = read({"segments": ["Trial"]})

    done = share(
        rules, [Candidate(1, "M")], [Came(1, Asked(segment="trial")), Came(2, Asked())]
    )

    assert (done.passed_on, done.would[1]) == (1, 1)


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
