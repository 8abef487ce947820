"""A backup that is older than an erasure does not bring anybody back for good."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from leads.models import PrivacyRequest
from portal.ledger.chain import exported
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_lead, make_operations
from tests.leads.privacy.test_erasing import erase

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def ledger_of_an_erasure(lead, path):
    erase(lead, make_operations(), at=MONDAY_NINE)
    path.write_text("".join(f"{exported(link)}\n" for link in LedgerEntry.objects.links()))
    return path


def again(path):
    out = StringIO()
    call_command("erase_again", str(path), stdout=out)
    return out.getvalue().strip()


def test_who_came_back_is_erased_and_who_did_not_is_left_alone(tmp_path):
    lead, other = make_lead("Ana Lima"), make_lead("Ben Roth")
    ledger = ledger_of_an_erasure(lead, tmp_path / "ledger.jsonl")
    lead.name, lead.email_key = "Ana Lima", "ana@acme.test"
    lead.save()

    assert again(ledger) == "1 leads erased again"
    assert again(ledger) == "0 leads erased again"

    lead.refresh_from_db()
    other.refresh_from_db()
    assert (lead.is_erased, lead.name) == (True, "[erased]")
    assert other.name == "Ben Roth"
    assert PrivacyRequest.objects.first().basis == "other"


def test_a_file_that_is_no_ledger_is_refused_by_its_line(tmp_path):
    path = tmp_path / "leads.csv"
    path.write_text("name,email\n")

    with pytest.raises(CommandError, match="line 1 is no entry"):
        again(path)
