"""Two teams become one: whose leads were whose stays as it was, as far as rules can say it."""

from leads.core.sharing.joining import joined
from leads.core.sharing.rules import MOST_POOLS, Asked, faults, read

CHILE = {"countries": ["Chile"], "method": "weighted"}


def test_teams_without_rules_share_everything():
    assert joined({}, {}, "Santiago", [3, 4]) == ({}, ())


def test_the_leads_that_a_team_named_become_a_pool_of_its_people():
    rules, came = joined({"countries": ["Germany"]}, CHILE, "Santiago", [3, 4])

    assert came == ("Santiago",)
    assert read(rules).pool_for(Asked(country="chile")).members == {3, 4}
    assert read(rules).match.takes(Asked(country="Chile"))
    assert read(rules).match.takes(Asked(country="Germany"))
    assert not read(rules).match.takes(Asked(country="Peru"))
    assert faults(rules, [1, 2, 3, 4]) == []


def test_where_one_of_them_took_every_lead_the_one_that_stays_does():
    rules, came = joined({"countries": ["Germany"]}, {}, "Santiago", [3])

    assert (rules, came) == ({"countries": []}, ())
    assert read(rules).match.takes(Asked(country="Peru"))


def test_pools_come_along_with_their_members_and_a_key_of_their_own():
    mine = {"pools": [{"key": "south", "name": "South", "method": "round_robin",
                       "sources": ["fair"], "members": [1]}]}  # fmt: skip
    theirs = {"pools": [{"key": "south", "method": "round_robin", "sources": ["web"],
                         "members": [4]},
                        {"key": "north", "name": "?", "method": "weighted",
                         "segments": ["trial"]}]}  # fmt: skip

    rules, came = joined(mine, theirs, "Santiago", [3, 4])

    assert came == ("south", "?")
    assert [(one["key"], one["members"]) for one in rules["pools"]] == [
        ("south", [1]), ("south-2", [4]), ("pool", [3, 4]),
    ]  # fmt: skip
    assert faults(rules, [1, 3, 4]) == []


def test_more_pools_than_a_team_may_have_are_left_out():
    full = {"pools": [{"key": f"p{n}"} for n in range(MOST_POOLS)]}

    rules, came = joined(full, CHILE, "Santiago", [3])

    assert (len(rules["pools"]), came) == (MOST_POOLS, ())
