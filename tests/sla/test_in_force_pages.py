"""What governs what: versions with their time and signers, the order of agreements, and
which of them takes a lead."""

import pytest
from django.urls import reverse

from leads.actions.journeys.agreements import governing
from portal.ledger.models import LedgerEntry
from sla.actions import scopes
from sla.core import scopes as core
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
from tests.sla.versions import NINE

pytestmark = pytest.mark.django_db


def wants(value, field="lead.segment"):
    return {"key": "k", "field": field, "op": "is", "value": value}


def an_agreement(key, position, scope):
    return Agreement.objects.create(key=key, name=key.title(), position=position, scope=scope)


def three():
    """Partners first, then those of big companies, then the default."""
    default = make_agreement()
    partners = an_agreement("partners", 0, wants("partner"))
    big = {"key": "k", "field": "company.employees", "op": "at_least", "value": 500}
    return partners, an_agreement("big", 1, big), default


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


def test_the_form_writes_plain_lists_and_reads_them_again(client):
    partners, _, _ = three()
    client.force_login(make_operations())
    page = reverse("sla:scope", args=["partners"])

    client.post(page, {"lead_segment": "partner, reseller", "company_country": "DE"})

    partners.refresh_from_db()
    assert core.simple(partners.scope) == {
        "lead.segment": ["partner", "reseller"], "company.country": ["DE"],
    }  # fmt: skip
    assert 'value="partner, reseller"' in client.get(page).text


def test_a_scope_of_more_than_lists_is_shown_and_not_flattened(client):
    _, big, _ = three()
    client.force_login(make_operations())
    page = reverse("sla:scope", args=["big"])

    assert "more than plain lists" in client.get(page).text
    client.post(page, {"lead_segment": "partner"})
    before = big.scope
    big.refresh_from_db()
    assert big.scope == before
