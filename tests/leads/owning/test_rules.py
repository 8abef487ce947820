"""The rules of a team: pools, a trial before they are saved, and who may change them."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from leads.actions.owning import routing, rules
from leads.errors import NotYours, RulesRefused
from leads.models import Handoff, Turn
from portal.accounts.models import Absence, Team
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
    make_team,
    make_user,
)

LATER = MONDAY_NINE + timedelta(days=1)
pytestmark = pytest.mark.django_db
CHILE = {"key": "chile", "name": "Chile", "method": "round_robin", "countries": ["Chile"]}


@pytest.fixture
def team():
    make_agreement()
    return make_team("inside-sales")


def pick(team, lead):
    with transaction.atomic():
        return routing.pick(team, lead, MONDAY_NINE)


def of(country):
    return make_lead(company=make_company(country=country))


def test_the_first_pool_that_takes_a_lead_gets_it_by_turns_of_its_own(team):
    ann, bob, _cleo = (make_user(name) for name in ("Ann", "Bob", "Cleo"))
    team.routing = {"pools": [CHILE | {"members": [ann.pk, bob.pk]}]}
    team.save()

    chile = [pick(team, of("Chile")).member_id for _ in range(3)]
    other = pick(team, of("Germany"))

    assert chile == [ann.pk, bob.pk, ann.pk]
    assert other.member_id == ann.pk
    assert Turn.objects.filter(pool="chile").count() == 3
    assert pick(team, of("Chile")).lines[0] == "pool “Chile”"


def test_a_turn_given_back_is_owed_in_its_pool_only(team):
    ann, bob = make_user("Ann"), make_user("Bob")
    team.routing = {"pools": [CHILE]}
    team.save()
    lead = of("Chile")
    pick(team, lead)
    with transaction.atomic():
        routing.give_turn_back(lead, team, ann, MONDAY_NINE)

    assert pick(team, of("Germany")).member_id == ann.pk
    assert pick(team, of("Germany")).member_id == bob.pk
    assert pick(team, of("Chile")).member_id == ann.pk
    assert Turn.objects.get(lead=lead).made_good_at == MONDAY_NINE


def test_the_companys_owner_comes_first_unless_the_rules_say_otherwise(team):
    make_user("Ann")
    owner = make_user("Owner")
    lead = make_lead(company=make_company(owner=owner))
    first = routing.preview(team, lead, MONDAY_NINE).member_id
    team.routing = {"owner_first": False}

    assert first == owner.pk
    assert routing.preview(team, lead, MONDAY_NINE).member_id != owner.pk


def save(team, by, written, weights=None, tried=None, seen=None):
    weights = rules.weights_of(team) | (weights or {})
    return rules.save_rules(
        team_id=team.pk, written=written, weights=weights, by=by, at=LATER,
        tried=rules.digest(written, weights) if tried is None else tried,
        seen=rules.digest(team.routing, rules.weights_of(team)) if seen is None else seen,
    )  # fmt: skip


@pytest.mark.parametrize("who", ["manager", "steward", "operations"])
def test_manager_steward_and_operations_change_them_and_the_ledger_knows(team, who):
    member = make_user("Ann")
    by = make_operations() if who == "operations" else getattr(team, who)

    save(team, by, {"method": "weighted", "pools": [CHILE]}, {member.pk: 3})

    team.refresh_from_db()
    member.refresh_from_db()
    assert (team.routing["method"], member.weight) == ("weighted", 3)
    assert team.history.filter(history_user=by, history_date=LATER).exists()
    assert LedgerEntry.objects.filter(kind="routing_changed").count() == 1


def test_a_member_does_not_change_them(team):
    with pytest.raises(NotYours):
        save(team, make_user(), {"method": "weighted"})


def test_what_was_not_tried_is_not_saved_and_a_change_meanwhile_is_told(team):
    with pytest.raises(RulesRefused, match="Try the rules"):
        save(team, team.manager, {"method": "weighted"}, tried="another")
    with pytest.raises(RulesRefused, match="Somebody else"):
        save(team, team.manager, {"method": "weighted"}, seen="older")

    assert Team.objects.get(pk=team.pk).routing == {}


def test_last_months_leads_are_shared_out_again_past_who_was_away(team):
    ann, bob = make_user("Ann"), make_user("Bob")
    for _ in range(4):
        make_handoff(receiver=ann)
    Handoff.objects.update(receiver=ann)
    Absence.objects.create(
        user=bob, starts_at=MONDAY_NINE - timedelta(days=2),
        ends_at=MONDAY_NINE + timedelta(hours=1),
    )  # fmt: skip
    company_free = {"owner_first": False}
    all_away = rules.try_on_a_month(team, company_free, {}, LATER)
    Absence.objects.all().delete()

    done = rules.try_on_a_month(team, company_free, {}, LATER)

    assert done.got == {ann.pk: 4}
    assert done.would == {ann.pk: 2, bob.pk: 2}
    assert all_away.would == {ann.pk: 4}
    assert len(done.moved) == 2


@pytest.mark.now(LATER)
def test_the_page_tries_first_and_only_then_offers_to_save(client, team):
    member, lead = make_user("Ann"), of("Germany")
    client.force_login(team.manager)
    url = reverse("leads:team-rules", args=[team.key])
    data = {
        "method": "weighted", "owner_first": "on", f"weight-{member.pk}": "2",
        "lead": str(lead.pk), "pool-TOTAL_FORMS": "1", "pool-INITIAL_FORMS": "0",
        "pool-0-name": "Chile", "pool-0-countries": "Chile", "pool-0-method": "round_robin",
        "seen": rules.digest({}, rules.weights_of(team)),
    }  # fmt: skip
    empty = client.get(url).text

    tried = client.post(url, data | {"do": "try"})
    digest = tried.context["tried"]
    after = client.post(url, data | {"do": "save", "tried": digest})

    assert "Save these rules" not in empty
    assert "Save these rules" in tried.text
    assert "Ann: turn 1 of 1" in tried.text
    assert after.status_code == 302
    team.refresh_from_db()
    assert team.routing["pools"] == [CHILE]


@pytest.mark.now(LATER)
def test_the_page_says_how_many_leads_of_last_month_it_tried_and_by_which_pool(client, team):
    ann = make_user("Ann")
    for _ in range(4):
        make_handoff(receiver=ann)
    client.force_login(team.manager)
    data = {
        "method": "weighted", f"weight-{ann.pk}": "1", "owner_first": "on",
        "pool-TOTAL_FORMS": "0", "pool-INITIAL_FORMS": "0", "lead": "",
        "seen": rules.digest({}, rules.weights_of(team)), "do": "try",
    }  # fmt: skip

    tried = client.post(reverse("leads:team-rules", args=[team.key]), data)

    assert "Last month’s 4 leads" in tried.text
    assert "Whole team: 4" in tried.text


@pytest.mark.now(LATER)
def test_everybody_reads_the_rules_and_a_stranger_changes_nothing(client, team):
    client.force_login(make_user(team="demand-generation"))
    url = reverse("leads:team-rules", args=[team.key])

    page, list_of_teams = client.get(url), client.get(reverse("leads:teams"))
    answer = client.post(url, {"method": "weighted", "do": "save"})

    assert page.status_code == list_of_teams.status_code == 200
    assert "Save these rules" not in page.text
    assert answer.status_code == 302
    team.refresh_from_db()
    assert team.routing == {}
