"""The pages of consent and privacy: who sees what, and what is typed before somebody goes."""

import json

import pytest
from django.urls import reverse

from leads.models import Consent, Lead, PrivacyRequest, RetentionRule
from portal import wallclock
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_operations, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def now(monkeypatch, settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)


def url(name, lead):
    return reverse(f"leads:{name}", args=[lead.pk])


def auditor():
    return make_user(team=None, department=None, role="auditor")


def test_a_member_reads_consents_and_notes_one(client):
    lead = make_lead()
    client.force_login(make_user())

    said = {"given": "no", "purpose": "contact", "source": "a call", "note": "not again"}
    answer = client.post(url("lead-consent", lead), said, follow=True)

    assert "They do not want to be contacted." in answer.text
    assert "a call" in answer.text
    assert "Erase" not in answer.text
    lead.refresh_from_db()
    assert lead.consent is False
    assert Consent.objects.get().by is not None


def test_a_consent_of_tomorrow_is_refused_and_the_form_keeps_what_was_typed(client):
    lead = make_lead()
    client.force_login(make_user())

    said = {"given": "yes", "purpose": "calls", "source": "web", "said_at": "2030-01-01T10:00"}
    answer = client.post(url("lead-consent", lead), said)

    assert answer.status_code == 409
    assert "lies in the future" in answer.text
    assert 'value="calls"' in answer.text
    assert not Consent.objects.exists()


def test_the_page_says_what_an_erasure_takes_in_few_questions(
    client, django_assert_max_num_queries
):
    handoff = make_handoff()
    client.force_login(make_operations())

    with django_assert_max_num_queries(13):
        page = client.get(url("lead-privacy", handoff.lead))

    assert "1 open handoff ends." in page.text
    assert "Stages, with the evidence seen" in page.text
    assert "Export as JSON" in page.text


def test_an_auditor_reads_and_changes_nothing(client):
    lead = make_lead()
    client.force_login(auditor())

    page = client.get(url("lead-privacy", lead))

    assert "What is held of them" in page.text
    assert "Export as JSON" not in page.text
    assert client.post(url("lead-privacy-export", lead)).status_code == 404
    assert not PrivacyRequest.objects.exists()


def test_the_name_is_typed_before_somebody_is_erased(client):
    lead = make_lead("Ana Lima")
    client.force_login(make_operations())

    wrong = client.post(url("lead-privacy-erase", lead), {"name": "Ana", "reason": "mail"})

    assert wrong.status_code == 422
    assert "Type: Ana Lima" in wrong.text
    right = client.post(
        url("lead-privacy-erase", lead), {"name": "ana lima ", "reason": "mail"}
    )
    assert right.url == reverse("leads:privacy")
    lead.refresh_from_db()
    assert lead.is_erased
    assert "was erased" in client.get(url("lead-privacy", lead)).text


def test_an_export_leaves_as_json_and_as_csv_and_is_kept_as_answered(client):
    lead = make_lead("=Ana Lima", phone="+49 30 1234567")
    client.force_login(make_operations())

    whole = client.post(url("lead-privacy-export", lead), {"kind": "json"})
    table = client.post(url("lead-privacy-export", lead), {"kind": "csv"})

    told = json.loads(whole.content)
    assert told["places"]["leads.Lead"][0]["name"] == "=Ana Lima"
    text = b"".join(table.streaming_content).decode()
    assert "'=Ana Lima" in text
    assert "+49 30 1234567" in text
    assert PrivacyRequest.objects.filter(kind="export").exclude(done_at=None).count() == 2
    assert LedgerEntry.objects.filter(kind="person_exported").count() == 2


def test_a_request_waits_in_the_list_until_it_is_answered(client):
    lead = make_lead("Ana Lima")
    client.force_login(make_operations())
    client.post(url("lead-privacy-asked", lead), {"kind": "export", "reason": "by mail"})

    waits = client.get(reverse("leads:privacy"))
    client.post(url("lead-privacy-export", lead), {"kind": "json"})
    done = client.get(reverse("leads:privacy"))

    assert "1 request waits for an answer." in waits.text
    assert "Nobody waits." in done.text
    assert "“by mail”" in done.text


def test_a_rule_is_set_looked_at_and_its_number_is_typed(client):
    make_lead("Ana Lima", closed_at=MONDAY_NINE.replace(year=2020), closed_as="lost",
              at=MONDAY_NINE.replace(year=2020))  # fmt: skip
    client.force_login(make_operations())

    rule = {"kind": "closed", "months": "24", "is_active": "on"}
    client.post(reverse("leads:retention"), rule)
    due = reverse("leads:retention-due", args=[RetentionRule.objects.get().pk])

    assert "1 lead was kept long enough" in client.get(due).text
    assert client.post(due, {"expected": "7"}).status_code == 409
    assert "/jobs/" in client.post(due, {"expected": "1"}).url
    assert not Lead.objects.get(name="Ana Lima").is_erased


@pytest.mark.parametrize("months", ["0", "241", "x", ""])
def test_a_rule_of_no_sensible_length_is_not_set(client, months):
    client.force_login(make_operations())

    answer = client.post(reverse("leads:retention"), {"kind": "closed", "months": months})

    assert answer.status_code == 422
    assert not RetentionRule.objects.exists()
