"""What the ledger says of many new leads is spelt part by part, and is what it would say of
each by itself."""

import json

import pytest

from leads.actions import imports
from leads.actions.imports import bulk
from leads.actions.imports.newcomers import entries
from leads.actions.intake import people
from leads.models import Lead
from portal import ledger
from portal.ledger import chain
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import make_company, table

pytestmark = pytest.mark.django_db
COLUMNS = {
    "Id": "external_id", "Name": "name", "Email": "email", "Phone": "phone",
    "Company": "company_name", "Source": "source", "Campaign": "campaign",
    "Segment": "segment", "Plan": "attributes.plan", "Seen": "arrived", "Won": "won",
    "Visits": {"to": "attributes.visits", "type": "integer"}, "Owner": "owner",
    "Exploring": "entered.exploring", "Comparing": "entered.comparing",
}  # fmt: skip
ROWS = [
    {"Id": "1", "Name": 'Ana "A" Lima', "Email": "ana@acme.example", "Company": "Acme"},
    {"Id": "2", "Name": "Jürgen \\ Groß", "Company": "Acme", "Plan": "prö", "Visits": "1"},
    {"Id": "3", "Name": "Bo", "Phone": "+49 30 901820", "Owner": "Mia", "Campaign": "100%s"},
    {"Id": "4", "Name": "Cy", "Owner": "nobody@else.example", "Source": "Fair", "Visits": "7"},
    {"Id": "5", "Name": "Di", "Seen": "2026-01-01", "Exploring": "2026-01-05"}
    | {"Comparing": "2026-01-09", "Won": "2026-02-01 10:00"},
    {"Id": "6", "Name": "Ed", "Segment": "student"},
    {"Id": "7", "Name": "Flo", "Seen": "2026-01-01"},
]


def said_of(one, run, at, by):
    """What `people.arrived` says of a lead, and what an import knows beside it."""
    said = people.arrived(one.lead)
    said["clear"] |= {
        "agreement": one.lead.agreement_id,
        "seats": [[team.department_id, team.key, who] for team, who, _ in one.seats],
        "stages": [[entry.stage, entry.entered_at] for entry in one.entries],
        "claims": [[claim, moment.at] for claim, moment in one.told.claims.items()],
        "run": run.pk,
    }
    said["committed"]["why"] = [one.why, *(seat.why for seat in one.seats)]
    return ledger.draft("lead_arrived", **said, at=at, by=by)


def test_the_entry_of_each_new_lead_says_what_one_by_itself_would(tmp_path, monkeypatch):
    by = make_company()
    known = []

    def both(made, run, *, at, by):
        quick = list(entries.drafts(made, run, at=at, by=by))
        known.extend(zip(quick, (said_of(one, run, at, by) for one in made), strict=True))
        return quick

    monkeypatch.setattr(bulk, "entries", type("Both", (), {"drafts": staticmethod(both)}))
    path = tmp_path / "leads.csv"
    path.write_bytes(table(*ROWS, header=list(COLUMNS)))
    mapping = {"source": "crm", "columns": COLUMNS}

    imports.import_file(path=path, mapping=mapping, at=MONDAY_NINE, by=by, refuse=print)

    assert len(known) == Lead.objects.count() == len(ROWS)
    for quick, each in known:
        assert chain.canonical(quick.clear) == chain.canonical(each.clear)
        assert quick.committed.keys() == each.committed.keys()
        for name, value in each.committed.items():
            assert chain.canonical(quick.committed[name]) == chain.canonical(value)
        assert (quick.kind, quick.at, quick.subject) == (each.kind, each.at, each.subject)
        assert (quick.lead, quick.actor) == (each.lead, each.actor)
        assert (quick.department, quick.team) == (each.department, each.team)
        entry = LedgerEntry.objects.of_lead(each.lead).get()
        assert entry.clear == json.loads(chain.canonical(each.clear))
        for name, value in each.committed.items():
            assert ledger.matches(entry, name, value)
