"""Each changed clause of a text by itself, against a text with that one change alone."""

import html
import re
from copy import deepcopy
from datetime import timedelta
from random import Random

import pytest
from django.urls import reverse

from leads.actions import clocks
from leads.actions.handing import handoffs, returns
from leads.core.backtest import Fate
from leads.core.rounds import judge
from leads.core.trials.clauses import number, variants
from leads.reports.backtest import backtest
from leads.reports.backtest.trial import trial
from sla.core.terms import parse
from sla.models import Version
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_terms, make_version
from tests.leads.clockwork import HOUR, MINUTE, WAITING, terms_where
from tests.leads.reports.scenes import DAY, LATER
from tests.sla.versions import a_proposal

pytestmark = pytest.mark.django_db
BEFORE = MONDAY_NINE - DAY
CLOSED_TUESDAY = "2026-03-03"


def within(amount):
    return [{"segment": None, "within": amount, "beyond": None}]


def owed(terms, key="accept"):
    return next(one for one in terms["obligations"] if one["key"] == key)


def shorter(terms):
    owed(terms)["targets"] = within("PT30M")


def longer_attempt(terms):
    owed(terms, "first_attempt")["targets"] = within("PT9H")


def without_pauses(terms):
    owed(terms)["pauses"] = []


def tuesday_closed(terms):
    for calendar in terms["calendars"].values():
        calendar["closed"] = sorted([*calendar["closed"], CLOSED_TUESDAY])


CHANGES = {
    "obligations/accept/targets": shorter,
    "obligations/first_attempt/targets": longer_attempt,
    "obligations/accept/pauses": without_pauses,
}


def base_terms():
    return terms_where(pauses=[WAITING])


def with_all(terms):
    for change in CHANGES.values():
        change(terms)
    tuesday_closed(terms)
    return terms


@pytest.fixture
def played(db):
    make_version(terms=base_terms())
    random = Random(3)
    for _ in range(24):
        play(random)
    return a_proposal(terms=with_all(base_terms()))


def play(random):
    at = MONDAY_NINE + random.randrange(0, 30 * 60) * MINUTE
    handoff = make_handoff(at=at, segment=random.choice(["demo_request", "event", ""]))
    by, then = handoff.receiver, at + timedelta(minutes=random.randrange(5, 120))
    step = random.choice(["accept", "return", "pause", "nothing"])
    if step == "accept":
        handoffs.accept(handoff_id=handoff.pk, by=by, at=then)
    elif step == "return":
        returns.give_back(handoff_id=handoff.pk, by=by, at=then, reason="no_need")
    elif step == "pause":
        clock = handoff.clocks.get(obligation="accept")
        clocks.pause(clock_id=clock.pk, reason="call_back", by=by, at=at + 2 * MINUTE)
        handoffs.accept(handoff_id=handoff.pk, by=by, at=at + 100 * MINUTE)


def late(terms, past):
    """Slow and plain: every promise of a whole text, as the engine's own path judges it."""
    found = set()
    for one in terms.obligations:
        if one.kind != "contribution":
            judged = judge(terms, one, past)
            found |= {
                (one.key, int(place))
                for place, fate in zip(judged.rows, judged.fate, strict=True)
                if fate == Fate.LATE
            }
    return found


def as_set(places):
    return {(key, int(place)) for key, some in places.items() for place in some}


def test_a_clause_alone_costs_what_a_text_with_that_one_change_would(played):
    found = trial(played, BEFORE, LATER, LATER)
    old = parse(base_terms())
    was, costs = late(old, found.past), found.costs(old)

    by_path = {cost.path: cost for cost in costs.alone}
    assert CHANGES.keys() < by_path.keys()
    assert sum(number(cost.newly) for cost in costs.alone) > 2
    for path, change in CHANGES.items():
        terms = deepcopy(base_terms())
        change(terms)
        then = late(parse(terms), found.past)
        assert as_set(by_path[path].newly) == then - was
        assert as_set(by_path[path].spared) == was - then


def test_the_rest_is_what_all_change_and_no_clause_does_alone(played):
    found = trial(played, BEFORE, LATER, LATER)
    old = parse(base_terms())
    costs = found.costs(old)
    whole, was = late(found.terms, found.past), late(old, found.past)

    alone = set().union(*(as_set(cost.newly) for cost in costs.alone))
    assert as_set(costs.together.newly) == whole - was
    assert as_set(costs.together.spared) == was - whole
    assert as_set(costs.only_together("newly")) == (whole - was) - alone
    assert as_set(costs.undone("newly")) == alone - (whole - was)
    every = sum(number(cost.newly) for cost in costs.alone)
    assert costs.twice("newly") == every - len(alone)


def test_a_calendar_that_closes_one_more_day_is_a_clause_of_its_own(played):
    old, new = parse(base_terms()), parse(tuesday_only())
    paths = [one.path for one in variants(old, new)]

    assert paths
    assert all(path.startswith("calendars/") for path in paths)


def tuesday_only():
    terms = base_terms()
    tuesday_closed(terms)
    return terms


def test_a_promise_that_is_new_and_one_that_is_gone_cost_what_they_make_late():
    make_version(terms=make_terms())
    handoff = make_handoff(at=MONDAY_NINE)
    handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=MONDAY_NINE + 3 * HOUR)
    terms = make_terms()
    terms["obligations"] = [one for one in terms["obligations"] if one["key"] != "accept"]
    found = trial(a_proposal(terms=terms), BEFORE, LATER, LATER)

    gone = {one.path: one for one in found.costs(parse(make_terms())).alone}
    new = trial(Version.objects.get(number=1), BEFORE, LATER, LATER).costs(parse(terms))

    assert number(gone["obligations/accept"].spared) == 1
    assert number({c.path: c for c in new.alone}["obligations/accept"].newly) == 1


def test_a_name_alone_costs_nothing_and_is_no_clause():
    terms = make_terms()
    owed(terms)["name"] = "Say yes or no"
    for calendar in terms["calendars"].values():
        calendar["name"] = "Hours"

    assert list(variants(parse(make_terms()), parse(terms))) == []


LINK = re.compile(r'<a href="([^"]*part=clauses[^"]*)">([\d,]+) (?:newly|no longer)')


def test_each_figure_of_the_page_opens_exactly_its_rows(client, reader, played):
    page = client.get(url_of(played, "backtest-clauses")).content.decode()

    links = [(html.unescape(url), int(n)) for url, n in LINK.findall(page)]
    assert len(links) >= 4
    for url, n in links:
        file = client.get(url.replace("/rows/", "/rows.csv"))
        lines = b"".join(file.streaming_content).decode().splitlines()
        assert len(lines) - 1 == n
        assert f"{n} row" in client.get(url).content.decode()


def url_of(version, name):
    return reverse(f"leads:{name}", args=[version.agreement.key, version.number])


def test_the_page_says_when_there_is_nothing_to_compare_with(client, reader):
    make_agreement()
    make_handoff()
    version = Version.objects.get()

    page = client.get(url_of(version, "backtest-clauses")).content.decode()

    assert "Nothing to compare it with" in page
    rows = f"{url_of(version, 'backtest-rows')}?part=clauses&which=newly&clause=together"
    assert client.get(rows).status_code == 404


def test_a_figure_that_there_is_not_is_refused_in_words(client, reader, played):
    rows = url_of(played, "backtest-rows")

    wrong = client.get(f"{rows}?part=clauses&which=judged")

    assert wrong.status_code == 422
    assert "There is no such figure: judged." in wrong.content.decode()
    assert client.get(f"{rows}?part=clauses&which=newly&clause=tea").status_code == 404


def test_it_is_kept_with_what_is_signed(played):
    base = Version.objects.get(number=1)

    found = backtest(played, base, BEFORE, LATER, LATER)

    costs = trial(played, BEFORE, LATER, LATER).costs(base.parsed)
    kept = {one.path: (one.newly, one.spared) for one in found.clauses}
    for cost in costs.alone:
        assert kept[cost.path] == (number(cost.newly), number(cost.spared))
    assert kept["together"] == (number(costs.together.newly), number(costs.together.spared))
    assert type(found).from_json(found.as_json()) == found


def test_its_page_asks_as_much_however_much_there_is(
    client, reader, played, django_assert_max_num_queries
):
    with django_assert_max_num_queries(12):
        client.get(url_of(played, "backtest-clauses"))
