"""Who gets the next lead, and why: fair whoever joins, leaves, is away or gives back."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.core.routing import TURN, Candidate, after, choose

THURSDAY = datetime(2026, 3, 5, 9, tzinfo=UTC)


def member(pk: int, **facts) -> Candidate:
    return Candidate(member_id=pk, name=f"Member {pk}", **facts)


class Team:
    """A pool that is chosen from many times, as the rows would say it."""

    def __init__(self, method, *members):
        self.method, self.place, self.turns = method, 0, 0
        self.pool = {one.member_id: one for one in members}
        self.got = Counter()

    def next(self, among=None):
        pool = [one for pk, one in self.pool.items() if among is None or pk in among]
        choice = choose(self.method, pool, self.place)
        self.turns += 1
        chosen = self.pool[choice.member_id]
        if not choice.spent.owed:
            self.place = choice.spent.start
        self.pool[choice.member_id] = after(chosen, choice.spent, self.turns)
        self.got[choice.member_id] += 1
        return choice.member_id

    def give_back(self, pk):
        self.got[pk] -= 1
        self.pool[pk] = replace(self.pool[pk], owed=self.pool[pk].owed + 1)


def test_turns_go_round():
    team = Team("round_robin", member(1), member(2), member(3))

    assert [team.next() for _ in range(7)] == [1, 2, 3, 1, 2, 3, 1]


@given(st.integers(1, 9), st.integers(0, 100))
def test_nobody_is_more_than_one_turn_ahead(size, leads):
    team = Team("round_robin", *map(member, range(size)))

    for _ in range(leads):
        team.next()

    counts = [team.got[pk] for pk in range(size)]
    assert max(counts) - min(counts) <= 1


@given(st.lists(st.integers(1, 7), min_size=2, max_size=6), st.integers(1, 300))
def test_weighted_turns_follow_the_weights(weights, leads):
    team = Team("weighted", *(member(pk, weight=w) for pk, w in enumerate(weights)))

    for _ in range(leads):
        team.next()

    shares = [team.got[pk] / weight for pk, weight in enumerate(weights)]
    assert max(shares) - min(shares) <= 2


@given(st.integers(2, 6), st.integers(0, 60), st.integers(1, 40))
def test_who_joins_takes_part_from_now_on_and_catches_up_nothing(size, before, later):
    team = Team("round_robin", *map(member, range(size)))
    for _ in range(before):
        team.next()
    team.got.clear()

    team.pool[size] = member(size)
    for _ in range(later):
        team.next()

    counts = [team.got[pk] for pk in range(size + 1)]
    assert max(counts) - min(counts) <= 1 + (before > 0)
    assert team.got[size] <= later // (size + 1) + 1


@given(st.data())
def test_who_is_away_loses_turns_and_the_others_notice_nothing(data):
    team = Team("round_robin", *map(member, range(4)))
    for _ in range(data.draw(st.integers(0, 20))):
        team.next()
    for _ in range(data.draw(st.integers(0, 40))):
        team.next(among={0, 1, 2})
    team.got.clear()

    for _ in range(data.draw(st.integers(1, 40))):
        team.next()

    counts = [team.got[pk] for pk in range(4)]
    assert max(counts) - min(counts) <= 2


@given(st.lists(st.sampled_from(["next", 0, 1, 2, 3]), max_size=120))
def test_what_is_given_back_is_made_good(steps):
    team = Team("round_robin", *map(member, range(4)))
    for step in steps:
        if step == "next":
            team.next()
        elif team.got[step] > 0:
            team.give_back(step)

    while any(one.owed for one in team.pool.values()):
        team.next()

    counts = [team.got[pk] for pk in range(4)]
    assert max(counts) - min(counts) <= 1


def test_an_owed_turn_comes_first_and_says_so():
    pool = [member(1, last_turn=1, finish=TURN), member(2, last_turn=2, finish=TURN, owed=1)]

    choice = choose("round_robin", pool, place=0)

    assert choice.member_id == 2
    assert choice.spent.owed
    assert "Member 2: turn 1 of 2, owed from a lead given back" in choice.lines


def test_an_owed_turn_once_spent_is_owed_no_more_and_moves_nothing():
    owed = Candidate(1, "Ann", owed=2, finish=5, last_turn=3)
    spent = choose("round_robin", [owed], 9).spent

    assert after(owed, spent, 10) == replace(owed, owed=1)
    assert after(owed, replace(spent, owed=False), 10).last_turn == 10


def test_the_least_loaded_is_who_has_fewest_open():
    pool = [member(1, open=4), member(2, open=1), member(3, open=1, last_turn=9)]

    choice = choose("least_loaded", pool)

    assert choice.member_id == 2
    assert choice.lines == (
        "the shortest queue first",
        "Member 1: 4 open, place 3 of 3",
        "Member 2: 1 open, place 1 of 3",
        "Member 3: 1 open, place 2 of 3",
    )


def test_every_candidate_has_a_line_that_says_why():
    pool = [
        member(1, away_until=THURSDAY),
        member(2, open=12, capacity=12),
        member(3, in_hours=False),
        member(4, weight=0),
        member(5),
        member(6, last_turn=7),
    ]

    choice = choose("round_robin", pool)

    assert choice.member_id == 5
    assert choice.lines == (
        "by turns",
        "Member 1: away until Thu 5 Mar",
        "Member 2: at capacity, 12 of 12",
        "Member 3: outside own hours",
        "Member 4: takes no turns",
        "Member 5: turn 1 of 2",
        "Member 6: turn 2 of 2",
    )


def test_the_companys_owner_comes_first_and_spends_no_turn():
    pool = [member(1), member(2, owns_company=True, in_hours=False, last_turn=9)]

    choice = choose("round_robin", pool)

    assert choice.member_id == 2
    assert choice.spent is None
    assert choice.lines == ("Member 1: not needed", "Member 2: owns the company")


@pytest.mark.parametrize("hindered", [{"away_until": THURSDAY}, {"open": 3, "capacity": 3}])
def test_an_owner_who_cannot_is_passed_over(hindered):
    pool = [member(1), member(2, owns_company=True, **hindered)]

    assert choose("round_robin", pool).member_id == 1


def test_if_all_are_out_of_hours_their_hours_are_set_aside():
    pool = [member(1, in_hours=False, last_turn=3), member(2, in_hours=False)]

    choice = choose("weighted", pool)

    assert choice.member_id == 2
    assert choice.lines[:2] == (
        "by turns, weighted",
        "nobody is in hours: own hours set aside",
    )


def test_if_nobody_can_it_is_the_stewards_and_never_silently_nobodys():
    choice = choose("round_robin", [member(1, away_until=THURSDAY)])

    assert choice.member_id is None
    assert choice.to_steward
    assert choice.lines == ("nobody can take it", "Member 1: away until Thu 5 Mar")
    assert choose("round_robin", []).lines == ("the team has no members",)


@given(st.sampled_from(["round_robin", "weighted", "least_loaded"]), st.data())
def test_somebody_gets_it_whenever_anybody_is_there_and_below_capacity(method, data):
    facts = st.fixed_dictionaries(
        {
            "open": st.integers(0, 3),
            "capacity": st.sampled_from([None, 0, 2]),
            "weight": st.integers(0, 3),
            "away_until": st.sampled_from([None, THURSDAY]),
            "in_hours": st.booleans(),
            "owns_company": st.booleans(),
            "finish": st.integers(0, 3 * TURN),
            "last_turn": st.integers(0, 9),
            "owed": st.integers(0, 2),
        }
    )
    pool = [member(n, **data.draw(facts)) for n in range(data.draw(st.integers(0, 5)))]

    choice = choose(method, pool, data.draw(st.integers(0, 3 * TURN)))

    able = {
        one.member_id
        for one in pool
        if one.away_until is None and (one.capacity is None or one.open < one.capacity)
    }
    shares = {one.member_id for one in pool if one.weight or one.owns_company}
    assert (choice.member_id in able & shares) if able & shares else choice.to_steward
    assert {one.name for one in pool} == {
        line.split(":")[0] for line in choice.lines if line.startswith("Member")
    }
