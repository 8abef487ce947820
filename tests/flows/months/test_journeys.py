"""A stage is called otherwise in the middle of a month: the figures go on as if nothing was."""

from copy import deepcopy
from datetime import timedelta

import pytest

from leads.reports.period import Filters
from leads.reports.scorecard import scorecard
from sla.core.terms.successor import successor_faults
from sla.forms.renames import renamed
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_terms, make_version
from tests.flows.months.cards import answer, broken, card, dues
from tests.leads.clockwork import BERLIN
from tests.sla.versions import a_company, a_signed_version

pytestmark = pytest.mark.django_db
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def called_otherwise():
    """The classic terms, in which `comparing` is `weighing` from now on."""
    terms = deepcopy(make_terms())
    stage = next(one for one in terms["journey"] if one["key"] == "comparing")
    stage |= {"key": "weighing", "name": "weighing", "replaces": ["comparing"]}
    return renamed(terms, "stage", {"comparing": "weighing"})


def figures(version, at):
    month = Filters.from_query({"period": "month"}, at, BERLIN)
    card = scorecard(version, month, at)
    volumes = [one.total for side in card.sides for one in side.volumes]
    steps = [(one.rate.hits, one.rate.n) for one in card.conversions]
    return volumes, steps


def test_a_stage_that_is_replaced_goes_on_in_the_scorecard_before_during_and_after():
    a_company()
    old = make_version()
    for _ in range(3):
        make_lead()
    before = figures(old, MONDAY_NINE + DAY)

    new = a_signed_version(at=MONDAY_NINE + 2 * DAY, terms=called_otherwise())
    assert not list(successor_faults(old.parsed, new.parsed))
    during = figures(new, MONDAY_NINE + 3 * DAY)
    make_lead(at=MONDAY_NINE + 4 * DAY, stage="weighing")
    after = figures(new, MONDAY_NINE + 5 * DAY)

    assert before[0] == [3]
    assert during == before
    assert after[0] == [4]
    assert [n for _hits, n in after[1]] == [
        n + (place == 1) for place, (_hits, n) in enumerate(before[1])
    ]


def test_what_was_promised_before_a_stage_is_replaced_is_counted_on_after_it():
    a_company()
    old = make_version()
    done = make_handoff()
    answer(done, MONDAY_NINE + 5 * MINUTE)
    runs = make_handoff(at=MONDAY_NINE + 10 * MINUTE)
    at = MONDAY_NINE + 12 * MINUTE
    before, instants = card(at, version=old), dues()

    new = a_signed_version(at=at, terms=called_otherwise())
    during = card(at, version=new)
    answer(runs, at + MINUTE)
    fresh = make_handoff(at=at + 2 * MINUTE, lead=make_lead(at=at, stage="weighing"))
    after = card(at + 3 * MINUTE, version=new)

    assert before == during == dict.fromkeys(("accept", "first_attempt"), (1, 0, 1))
    assert after == dict.fromkeys(("accept", "first_attempt"), (2, 0, 1))
    assert (runs.version, fresh.version) == (old, new)
    assert dues().items() >= instants.items()
    assert broken(at + 3 * MINUTE) == {}
