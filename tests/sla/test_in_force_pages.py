"""What governs what: versions with their time and signers, the order of agreements, and
which of them takes a lead."""

import pytest
from django.urls import reverse

from leads.actions.journeys.agreements import governing
from portal.ledger.models import LedgerEntry
from sla.actions import scopes
from sla.errors import MayNot, TermsInvalid
from sla.models import Agreement
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_company,
    make_handoff,
    make_lead,
    make_operations,
    make_user,
    make_version,
)
from tests.sla.browsing import as_sent
from tests.sla.versions import NINE

pytestmark = pytest.mark.django_db


def wants(value, field="lead.segment"):
    return {"key": "k", "field": field, "op": "is", "value": value}


def an_agreement(key, position, scope):
    return Agreement.objects.create(key=key, name=key.title(), position=position, scope=scope)


def three():
    """Partners first, then those of big companies, then the default: all of them signed."""
    default = make_agreement()
    partners = an_agreement("partners", 0, wants("partner"))
    big = {"key": "k", "field": "company.employees", "op": "at_least", "value": 500}
    large = an_agreement("big", 1, big)
    make_version(agreement=partners), make_version(agreement=large)
    return partners, large, default


def order():
    return list(Agreement.objects.in_order().values_list("key", flat=True))


def get(client, name, by=None, **query):
    client.force_login(by or make_user())
    return client.get(reverse(f"sla:{name}"), query).text


@pytest.mark.parametrize(
    ("segment", "employees"), [("partner", 900), ("partner", 5), ("trial", 900), ("trial", 5)]
)
def test_the_dry_run_says_what_routing_would_choose(client, segment, employees):
    three()
    lead = make_lead(segment=segment, company=make_company(employees=employees))
    chosen, _ = governing(lead, MONDAY_NINE)

    page = get(client, "which", lead=lead.pk)

    assert f"{chosen.name} governs it" in page


def test_the_dry_run_shows_what_was_seen_and_writes_nothing(client):
    three()
    lead = make_lead(segment="trial")
    before = LedgerEntry.objects.count()

    page = get(client, "which", lead=lead.pk)

    assert "does not take it" in page
    assert "not met, trial" in page
    assert "It is the default." in page
    assert LedgerEntry.objects.count() == before


def test_a_lead_that_is_only_thought_of_is_described_by_the_fields_that_scopes_ask_about(
    client,
):
    three()

    page = get(client, "which", typed="yes", f0="partner", f1="3")

    assert "Partners governs it" in page
    assert "is not asked any more" in page


def test_an_agreement_takes_no_lead_before_somebody_says_which(client):
    default = make_agreement()
    new = an_agreement("new", 0, None)
    lead = make_lead()

    chosen, _ = governing(lead, MONDAY_NINE)
    page = get(client, "which", lead=lead.pk)

    assert chosen == default
    assert f"{default.name} governs it" in page
    assert f"<strong>{new.name}</strong>, takes no lead" in page
    assert "It takes: no lead, until somebody says which." in get(client, "in-force")


def test_a_lead_that_is_not_there_is_said_to_be_so(client):
    assert "There is no such lead." in get(client, "which", lead=99_999)


def test_every_version_stands_with_its_time_its_signers_and_what_runs(client):
    make_version()
    make_handoff()
    make_version(at=MONDAY_NINE)

    page = get(client, "in-force")

    assert "Head of marketing" in page
    assert "1 runs" in page
    assert page.count("<strong>now</strong>") == 1
    assert "no more" in page


def test_operations_says_which_is_tried_first_and_the_ledger_says_so():
    partners, big, _ = three()

    scopes.move(agreement_id=big.pk, earlier=True, by=make_operations(), at=NINE)

    assert order() == ["big", "partners", "inbound"]
    assert '"order":["big","partners"]' in LedgerEntry.objects.latest("seq").body
    assert partners.history.count() == 2


def test_nothing_is_tried_after_the_default_or_before_the_first():
    partners, big, default = three()
    by = make_operations()

    scopes.move(agreement_id=big.pk, earlier=False, by=by, at=NINE)
    scopes.move(agreement_id=partners.pk, earlier=True, by=by, at=NINE)
    scopes.move(agreement_id=default.pk, earlier=True, by=by, at=NINE)

    assert order() == ["partners", "big", "inbound"]


def test_a_scope_is_changed_by_operations_and_by_nobody_else():
    partners, _, default = three()

    with pytest.raises(MayNot):
        scopes.change(agreement_id=partners.pk, scope=None, by=make_user(), at=NINE)
    with pytest.raises(MayNot):
        scopes.change(agreement_id=default.pk, scope=None, by=make_operations(), at=NINE)
    wrong = {"key": "k", "field": "lead.shoe_size", "op": "is", "value": "44"}
    with pytest.raises(TermsInvalid):
        scopes.change(agreement_id=partners.pk, scope=wrong, by=make_operations(), at=NINE)


def asked(field, value, key="", path="scope-criteria"):
    return {
        f"{path}-as_": "", f"{path}-was_": key, f"{path}-what": field, f"{path}-key": key,
        f"{path}-op": "is", f"{path}-value": value,
    }  # fmt: skip


def test_operations_says_by_criteria_which_leads_an_agreement_takes(client):
    partners, _, _ = three()
    client.force_login(make_operations())
    page = reverse("sla:scope", args=["partners"])

    answer = client.post(page, asked("lead.segment", "reseller") | {"do": "save"})

    partners.refresh_from_db()
    assert answer.url == reverse("sla:in-force")
    assert partners.scope == {
        "key": "segment", "field": "lead.segment", "op": "is", "value": "reseller",
    }  # fmt: skip
    assert "reseller" in client.get(page).text


def test_a_form_sent_back_untouched_leaves_the_scope_as_it_is(client):
    _, big, _ = three()
    client.force_login(make_operations())
    page = reverse("sla:scope", args=["big"])
    before = big.scope

    client.post(page, as_sent(client.get(page).text) | {"do": "save"})

    big.refresh_from_db()
    assert big.scope == before


def test_a_button_adds_a_condition_and_saves_nothing(client):
    partners, _, _ = three()
    client.force_login(make_operations())
    page = reverse("sla:scope", args=["partners"])
    before = partners.scope

    drawn = client.post(page, as_sent(client.get(page).text) | {"do": "all:scope-criteria"})

    partners.refresh_from_db()
    assert 'name="scope-criteria-parts-1-what"' in drawn.text
    assert partners.scope == before
    assert client.post(page, {"do": "burn:scope-criteria"}).status_code == 404


def test_criteria_that_do_not_fit_are_refused_with_the_way_to_the_field(client):
    partners, _, _ = three()
    client.force_login(make_operations())
    page = reverse("sla:scope", args=["partners"])
    before = partners.scope

    answer = client.post(page, asked("lead.score", "") | {"do": "save"})

    partners.refresh_from_db()
    assert answer.status_code == 422
    assert 'href="#e-scope-criteria' in answer.text
    assert partners.scope == before


def test_beside_the_criteria_stands_how_many_of_todays_leads_meet_them(client):
    three()
    for segment in ("partner", "partner", "demo_request"):
        make_lead(segment=segment)
    client.force_login(make_operations())

    page = client.get(reverse("sla:scope", args=["partners"]))

    assert "<b>2</b>" in page.text
