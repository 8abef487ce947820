"""A person is told everything: each place that holds a word of theirs is in the export."""

import json

import pytest
from django.core.serializers.json import DjangoJSONEncoder

from leads.actions.privacy import telling
from portal.ledger import chain
from portal.ledger.models import LedgerEntry
from tests.leads.imports import bringing
from tests.leads.privacy.somebody import LATER, NAME, WORD, hits, known_everywhere

pytestmark = pytest.mark.django_db
# Others' rows, or files, in which the person is merely named: erased, and told by their source.
NAMED_ELSEWHERE = {
    "leads_upload", "leads_importslice", "jobs_job", "look_savedview", "django_session",
    "leads_historicalcompany", "leads_inbound", "unfinished_unfinished",
}  # fmt: skip


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def test_an_export_tells_of_every_place_that_names_them():
    olga = bringing.make_company()
    lead = known_everywhere(olga)
    tables = {table for table, _column in hits()} - NAMED_ELSEWHERE

    told = telling.export(lead_id=lead.pk, by=olga, at=LATER)

    shown = {
        model.lower().replace(".", "_")
        for model, rows in told["places"].items()
        if WORD in json.dumps(rows, cls=DjangoJSONEncoder).lower()
    }
    assert tables - shown == set()
    assert NAME in {row["name"] for row in told["places"]["leads.Lead"]}


def test_the_ledgers_commitments_are_opened_for_them():
    olga = bringing.make_company()
    lead = known_everywhere(olga)

    told = telling.export(lead_id=lead.pk, by=olga, at=LATER)

    logged = next(one for one in told["ledger"] if one["kind"] == "touch_logged"
                  and "subject" in one["committed"])  # fmt: skip
    opened = logged["committed"]["subject"]
    value = f"{WORD} was away"
    assert chain.commitment(bytes.fromhex(opened["key"]), value) == opened["commitment"]
    entries = LedgerEntry.objects.filter(lead_id__in=told["leads"])
    assert len(told["ledger"]) == entries.exclude(kind="person_exported").count()
