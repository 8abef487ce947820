"""An agreement is split in two, or piloted on a part; nothing changes before both sign it."""

from copy import deepcopy

import pytest
from django.urls import reverse

from leads.actions import intake
from leads.actions.intake import Arrival
from leads.models import Handoff
from sla.actions import review, scopes
from sla.errors import AgreementExists, MayNot, NotInThisState
from sla.models import Agreement, Version
from tests.factories import (
    MONDAY_NINE,
    make_handoff,
    make_lead,
    make_operations,
    make_signatory,
    make_user,
    make_version,
)
from tests.flows.months.cards import answer, broken, card, dues
from tests.leads.clockwork import HOUR, MINUTE
from tests.sla.versions import a_company, sign

pytestmark = pytest.mark.django_db
CHILE = {"key": "chile", "field": "lead.country", "op": "is", "value": "Chile"}
TEN = MONDAY_NINE + HOUR
BOTH = ("accept", "first_attempt")


@pytest.fixture
def whole():
    a_company()
    return make_version()


def split_off(at, **said):
    named = {"key": "chile", "name": "Leads of Chile"} | said
    version = scopes.split(
        agreement_id=Agreement.objects.get(is_default=True).pk, by=make_operations(), at=at,
        **named,
    )  # fmt: skip
    scopes.change(agreement_id=version.agreement_id, scope=CHILE, by=make_operations(), at=at)
    return version


def signed(version, at):
    author = make_signatory("sales")
    review.propose(version_id=version.pk, by=author, at=at)
    version.refresh_from_db()
    sign(version, "marketing", at=at)
    sign(version, "sales", at=at)
    version.refresh_from_db()
    return version


def from_chile(minutes):
    """A demo request that is offered at once."""
    told = {
        "name": f"Lead {minutes}", "email": f"lead{minutes}@firm{minutes}.example",
        "company_name": f"Firm {minutes}", "company_country": "DE", "company_employees": 200,
        "source": "form", "segment": "demo_request", "touch": "demo_request",
        "country": "Chile",
    }  # fmt: skip
    return intake.receive(arrival=Arrival(**told), at=MONDAY_NINE + minutes * MINUTE).lead


def test_an_agreement_is_split_in_two_and_each_clock_goes_on(whole):
    old = make_handoff(lead=make_lead(country="Chile"))
    answer(make_handoff(), MONDAY_NINE + 5 * MINUTE)
    before, instants = card(MONDAY_NINE + 6 * MINUTE, version=whole), dues()

    part = split_off(MONDAY_NINE + 6 * MINUTE)
    assert card(MONDAY_NINE + 6 * MINUTE, version=whole) == before
    during = from_chile(7)

    assert [one.key for one in Agreement.objects.in_order()] == ["chile", "inbound"]
    assert part.terms == whole.terms
    assert during.agreement == whole.agreement
    assert during.handoffs.get().version == whole

    new = signed(part, MONDAY_NINE + 8 * MINUTE)
    after = from_chile(9)
    assert after.agreement == new.agreement
    assert after.handoffs.get().version == new
    assert during.handoffs.get().version == whole
    for handoff in Handoff.objects.filter(lead__in=[old.lead, during, after]):
        answer(handoff, MONDAY_NINE + 12 * MINUTE)
    met = dict.fromkeys(BOTH, (4, 0, 0))
    assert card(TEN, version=whole) == card(TEN, version=new) == met
    assert dues().items() >= instants.items()
    assert old.clocks.first().version == whole
    assert broken(TEN) == {}


def test_the_part_changes_its_targets_and_only_its_own_leads_feel_it(whole):
    part = split_off(MONDAY_NINE)
    terms = deepcopy(part.terms)
    for owed in terms["obligations"]:
        if owed["key"] == "accept":
            owed["targets"] = [{"segment": None, "within": "PT4H", "beyond": None}]
    Version.objects.filter(pk=part.pk).update(terms=terms)
    part.refresh_from_db()
    signed(part, MONDAY_NINE)

    theirs = from_chile(1).handoffs.get().clocks.get(kind="accept")
    ours = make_handoff(at=MONDAY_NINE + MINUTE).clocks.get(kind="accept")

    assert theirs.target_time == 4 * HOUR
    assert ours.target_time < 4 * HOUR


def test_operations_split_what_is_in_force_under_a_name_that_is_free(whole):
    with pytest.raises(MayNot):
        scopes.split(agreement_id=whole.agreement_id, key="x", name="X", by=make_user(), at=TEN)
    with pytest.raises(AgreementExists):
        split_off(TEN, key="inbound")
    unsigned = split_off(TEN)
    with pytest.raises(NotInThisState, match="nothing to split"):
        scopes.split(
            agreement_id=unsigned.agreement_id, key="x", name="X", by=make_operations(), at=TEN
        )


@pytest.mark.now(TEN)
def test_the_page_leads_on_to_which_leads(client, whole):
    url = reverse("sla:split", args=["inbound"])
    client.force_login(make_user())
    assert "Operations do this." in client.get(url).text
    assert client.post(url, {"name": "Chile", "key": "chile"}).status_code == 404

    client.force_login(make_operations())
    done = client.post(url, {"name": "Leads of Chile", "key": "chile"})
    again = client.post(url, {"name": "Leads of Chile", "key": "chile"})

    assert done.url == reverse("sla:scope", args=["chile"])
    assert again.status_code == 409
    assert "Split a part off" in client.get(reverse("sla:in-force")).text
