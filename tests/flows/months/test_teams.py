"""A team goes over to the other department; two companies put their people together."""

from copy import deepcopy
from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.moving import teams
from leads.actions.moving.teams import Joining
from leads.actions.owning import routing
from leads.errors import CannotMove
from leads.models import Assignment, Handoff, Turn
from leads.reports.coverage import glance
from leads.reports.period import Filters
from portal.accounts.models import Department, Team, User
from sla.models import Agreement
from tests.factories import (
    MONDAY_NINE,
    make_handoff,
    make_lead,
    make_team,
    make_terms,
    make_user,
    make_version,
)
from tests.flows.months.cards import answer, broken, card, dues
from tests.flows.months.test_people import BOTH, an_administrator
from tests.leads.clockwork import BERLIN
from tests.sla.versions import a_company

pytestmark = pytest.mark.django_db
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TEN = MONDAY_NINE + HOUR
CHILE = {"key": "chile", "field": "lead.country", "op": "is", "value": "Chile"}


def received_by(team):
    """The classic terms, in which another team of Sales receives Marketing's leads."""
    terms = deepcopy(make_terms())
    for kind in terms["handoffs"]:
        for side in ("giver", "receiver"):
            if kind[side].get("team") == "inside-sales":
                kind[side]["team"] = team
    return terms


@pytest.fixture
def bought():
    """Two companies, each with its agreement and a team that answers its leads."""
    a_company()
    home = make_version()
    team = make_team("santiago", name="Santiago", department="sales")
    team.routing = {"countries": ["Chile"], "method": "least_loaded"}
    team.save()
    members = [make_user(team=team), make_user(team=team)]
    agreement = Agreement.objects.create(key="chile", name="Leads of Chile", scope=CHILE)
    theirs = make_version(agreement=agreement, terms=received_by("santiago"))
    return home, theirs, members


def of_chile(theirs, **fields):
    lead = make_lead(agreement=theirs.agreement, country="Chile", sales_team="santiago")
    return make_handoff(lead=lead, **fields)


def test_two_companies_put_their_people_together_and_no_figure_jumps(bought):
    home, theirs, members = bought
    done, runs = (of_chile(theirs, receiver=one) for one in members)
    answer(done, MONDAY_NINE + 5 * MINUTE)
    ours = make_handoff()
    at = MONDAY_NINE + 8 * MINUTE
    before, instants = card(at, version=home), dues()
    wanted = Joining(make_team("santiago").pk, "inside-sales")

    with pytest.raises(CannotMove, match="names Santiago"):
        teams.join(wanted=wanted, by=an_administrator(), at=at)
    make_version(agreement=theirs.agreement, at=at)  # it names Inside sales
    seen = teams.preview(wanted=wanted, by=an_administrator(), at=at)
    joined = teams.join(wanted=wanted, by=an_administrator(), at=at)

    assert (seen.people, seen.leads, seen.pools) == (2, 2, ("Santiago",))
    assert (joined.people, joined.leads) == (2, 2)
    assert card(at, version=home) == before
    march = Filters.from_query({"period": "month"}, at, BERLIN)
    later = Filters.from_query({"period": "month", "on": "2026-04-01"}, at, BERLIN)
    assert "santiago" in {one.key for one in glance(march)[1]}
    assert "santiago" not in {one.key for one in glance(later)[1]}
    assert card(at, "santiago", home) == dict.fromkeys(BOTH, (1, 0, 0))
    assert card(at, "inside-sales", home) == dict.fromkeys(BOTH, (0, 0, 2))
    answer(runs, at + MINUTE)
    answer(ours, at + MINUTE)
    assert card(TEN, "inside-sales", home) == dict.fromkeys(BOTH, (2, 0, 0))
    assert card(TEN, "santiago", home) == dict.fromkeys(BOTH, (1, 0, 0))
    assert Handoff.objects.get(pk=runs.pk).receiver == members[1]
    assert dues().items() >= instants.items()
    assert broken(TEN) == {}


@pytest.mark.now(TEN)
def test_a_team_that_went_is_still_a_filter_unless_too_few_answered_for_it(client, bought):
    _home, theirs, members = bought
    answer(of_chile(theirs, receiver=members[0]), MONDAY_NINE + 5 * MINUTE)
    make_version(agreement=theirs.agreement, at=MONDAY_NINE + 6 * MINUTE)
    wanted = Joining(make_team("santiago").pk, "inside-sales")
    teams.join(wanted=wanted, by=an_administrator(), at=MONDAY_NINE + 6 * MINUTE)
    client.force_login(make_user())

    assert client.get("/scorecard/", {"team": "santiago"}).status_code == 200
    Department.objects.filter(key="sales").update(smallest_group=2)
    assert client.get("/scorecard/", {"team": "santiago"}).status_code == 409


def test_their_leads_stay_theirs_as_a_pool_with_turns_of_its_own(bought):
    _home, theirs, members = bought
    make_version(agreement=theirs.agreement, at=MONDAY_NINE)
    wanted = Joining(make_team("santiago").pk, "inside-sales")

    teams.join(wanted=wanted, by=an_administrator(), at=MONDAY_NINE)

    team = Team.objects.get(key="inside-sales")
    (pool,) = team.routing["pools"]
    assert pool == {
        "key": "santiago", "name": "Santiago", "method": "least_loaded",
        "countries": ["Chile"], "members": [one.pk for one in members],
    }  # fmt: skip
    lead = make_lead(agreement=theirs.agreement, country="Chile")
    chosen = {routing.preview(team, lead, TEN).member_id}
    chosen.add(make_handoff(lead=make_lead(country="Chile"), receiver=members[0]).receiver_id)
    assert chosen <= {one.pk for one in members}
    elsewhere = make_lead(country="Germany")
    assert routing.preview(team, elsewhere, TEN).member_id is not None
    assert Turn.objects.exclude(team=team).count() == 0


def test_a_team_goes_over_and_what_it_did_stays_where_it_was_done():
    a_company()
    field = make_team("field", name="Field", department="sales")
    who = make_user(team=field)
    version = make_version(terms=received_by("field"))
    lead = make_lead(sales_team="field")
    done = make_handoff(lead=lead, receiver=who)
    answer(done, MONDAY_NINE + 5 * MINUTE)
    runs = make_handoff(lead=make_lead(sales_team="field"), receiver=who)
    at = MONDAY_NINE + 8 * MINUTE
    before, instants = card(at, version=version), dues()
    wanted = Joining(field.pk, "inside-sales", over=True)

    new = make_version(at=at)
    joined = teams.join(wanted=wanted, by=an_administrator(), at=at)

    who.refresh_from_db()
    assert (who.team, who.department_id) == (joined.team, "marketing")
    assert (joined.team.name, joined.team.department_id) == ("Field", "marketing")
    assert card(at, version=new) == before == dict.fromkeys(BOTH, (1, 0, 1))
    assert card(at, field, new) == dict.fromkeys(BOTH, (1, 0, 0))
    moved = Handoff.objects.get(pk=runs.pk)
    assert moved.receiver_team.key == "inside-sales"
    assert moved.receiver.department_id == "sales"
    answer(runs, at + MINUTE)
    assert card(TEN, version=new) == dict.fromkeys(BOTH, (2, 0, 0))
    assert card(TEN, joined.team, new) == {}
    assert not Assignment.objects.filter(team=field, until=None).exists()
    field.refresh_from_db()
    assert (field.department_id, field.archived_at) == ("sales", at)
    assert dues().items() >= instants.items()
    assert broken(TEN) == {}


def test_the_last_open_work_needs_a_team_of_the_same_department():
    make_team("inside-sales")
    content = make_team("content", department="marketing")

    with pytest.raises(CannotMove, match="of the same department"):
        teams.join(wanted=Joining(content.pk, "inside-sales"), by=an_administrator(), at=TEN)


@pytest.mark.now(TEN)
def test_the_page_tells_first_and_joins_then(client):
    a_company()
    make_version()
    content = make_team("content", name="Content", department="marketing")
    make_user(team=content)
    client.force_login(an_administrator())
    url = reverse("leads:setup-team", args=["content"])
    said = {"way": "joins", "work": "demand-generation"}

    first, seen = client.get(url), client.post(url, said | {"do": "look"})
    assert Team.objects.get(key="content").archived_at is None
    client.post(url, said | {"do": "join"})

    assert "Do it" not in first.text
    assert "One person would move" in seen.text
    assert Team.objects.get(key="content").archived_at == TEN
    assert User.objects.filter(team__key="content").count() == 0
    assert client.get(url).status_code == 404
