"""How a team shares out its leads: fairly, by its rules, and tried before they hold."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from leads.core.routing import Candidate, after, choose
from leads.core.sharing.dryrun import Came, share, spread
from leads.core.sharing.rules import Asked, faults, key_of, read
from tests.many import examples

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
TestTurning.settings = settings(
    max_examples=examples(60, few=20), stateful_step_count=60, deadline=None
)


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


CHILE = {"key": "chile", "name": "Chile", "method": "round_robin", "countries": ["Chile"]}


def test_rules_that_make_no_sense_are_named():
    wrong = {"method": "dice", "release": {"per_person": 0},
             "pools": [{"key": "", "method": "dice", "members": [7]}]}  # fmt: skip

    said = " ".join(faults(wrong, [1]))

    for part in ("no such method", "a person and day", "needs a name", "say which leads",
                 "only members"):  # fmt: skip
        assert part in said
    assert faults({"method": "weighted", "pools": [CHILE]}, []) == []


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"pools": "none"}, "20 pools at most"),
        ({"pools": [CHILE] * 21}, "20 pools at most"),
        ({"pools": [CHILE, CHILE]}, "the same name"),
        ({"release": 4}, "1 to 500 a person and day"),
        ({"release": {"per_person": True}}, "1 to 500 a person and day"),
        ({"release": {"per_person": 501}}, "1 to 500 a person and day"),
        ({"sources": "web"}, "The team: sources"),
        ({"segments": [""]}, "The team: segments"),
        ({"countries": ["x" * 81]}, "The team: countries"),
        ({"countries": ["x"] * 101}, "The team: countries"),
        ({"pools": [CHILE | {"members": 7}]}, "Chile: only members"),
        ({"pools": [CHILE | {"method": None}]}, "Chile: there is no such method"),
        ({"pools": [CHILE | {"sources": [7]}]}, "Chile: sources"),
    ],
)
def test_each_part_that_makes_no_sense_says_which_and_why(written, said):
    (fault,) = faults(written, [7])

    assert said in fault


def test_what_makes_no_sense_is_read_as_if_it_were_left_out():
    odd = read({"method": "dice", "pools": "none", "release": 4, "countries": 7})

    assert odd == read({})
    assert odd.pool_for(Asked()).key == ""
    assert read({"release": {"per_person": 0}}).per_person is None
    assert read({"release": {"per_person": 5}}).per_person == 5


def test_a_pool_without_a_name_is_called_by_its_key():
    (pool,) = read({"pools": [{"key": "chile", "countries": ["Chile"]}]}).pools

    assert (pool.name, pool.members) == ("chile", frozenset())


@pytest.mark.parametrize(
    ("asked", "taken"),
    [
        (Asked(source="WEB", country="chile"), True),
        (Asked(source="web", country="Peru"), False),
        (Asked(country="Chile"), False),
    ],
)
def test_each_part_that_names_something_must_name_the_lead(asked, taken):
    match = read({"sources": ["Web"], "countries": ["Chile"]}).match

    assert match.takes(asked) is taken


@pytest.mark.parametrize(
    ("name", "key"),
    [("DACH & Benelux", "dach-benelux"), ("---", ""), ("a" * 39 + " b", "a" * 39)],
)
def test_a_pool_keeps_its_turns_under_a_plain_key(name, key):
    assert key_of(name) == key


def test_leads_are_shared_out_again_in_turn_past_who_was_away_or_off():
    pool = [Candidate(n, f"M{n}", open=9, capacity=1) for n in (1, 2)]
    came = [Came(1, Asked(), got=1), Came(2, Asked(), away=frozenset({2}), got=1),
            Came(3, Asked(), off=frozenset({1}), got=1)]  # fmt: skip

    done = share(read({}), pool, came)

    assert done.would == {1: 2, 2: 1}
    assert done.got == {1: 3}
    assert done.moved == ((3, 1, 2),)


def test_the_companys_owner_comes_first_unless_the_rules_say_otherwise():
    pool, came = [Candidate(1, "A"), Candidate(2, "B")], [Came(1, Asked(), owner=2)]

    assert share(read({}), pool, came).would == {2: 1}
    assert share(read({"owner_first": False}), pool, came).would == {1: 1}


@pytest.mark.parametrize(
    ("shared", "apart"), [({}, 0), ({None: 9}, 0), ({1: 3, 2: 1, None: 9}, 2)]
)
def test_how_far_apart_they_are_leaves_the_steward_aside(shared, apart):
    assert spread(shared) == apart
