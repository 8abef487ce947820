"""Who is known already: many records at once are what they would have been one by one."""

from datetime import timedelta

import pytest

from leads.actions import imports
from leads.actions.imports.again.many import Many
from leads.models import Claim, Lead
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE
from tests.leads.imports.bringing import make_company, table

pytestmark = pytest.mark.django_db
LATER = MONDAY_NINE + timedelta(days=1)
COLUMNS = {
    "Id": "external_id", "Name": "name", "Email": "email", "Company": "company_name",
    "Score": "score", "Seen": "arrived", "Won": "won", "Plan": "attributes.plan",
    "Phone": "phone", "Consent": "consent", "Exploring": "entered.exploring",
}  # fmt: skip
HEADER = list(COLUMNS)
BASE = [
    {"Id": f"{n}", "Name": f"Person {n}", "Email": f"p{n}@HOST", "Score": "1"}
    | {"Seen": "2026-02-01"}
    for n in range(12)
]
NEWS = (
    {"Score": "70"},
    {"Plan": "pro", "Phone": "+49 30 90182015"},
    {"Name": "Somebody else", "Won": "2026-02-20 10:00"},
    {"Won": "2026-01-03 10:00", "Seen": ""},  # before it arrived
    {"Email": "moved@HOST"},
    {"Email": "p6@HOST"},  # somebody else's address
    {"Score": "9"},  # whose address the one before had tried to take
    {"Company": "Acme"},
    {"Consent": "no"},
    {"Exploring": "2026-02-03"},
    {},
    {"Won": "2026-02-21 10:00"},
)


def bring(tmp_path, host, rows, at, refused=None):
    path = tmp_path / "leads.csv"
    path.write_bytes(table(*rows, header=HEADER).replace(b"HOST", host.encode()))
    mapping = {"source": host, "columns": COLUMNS}
    refused = [] if refused is None else refused
    return imports.import_file(
        path=path, mapping=mapping, at=at, by=None, refuse=refused.append
    )  # fmt: skip


def life(tmp_path, host):
    """The figures, rows, history, claims and entries of leads that are told of twice."""
    refused = []
    bring(tmp_path, host, BASE, MONDAY_NINE)
    rows = [base | news for base, news in zip(BASE, NEWS, strict=True)]
    run = bring(tmp_path, host, rows, LATER, refused)
    told = []
    for lead in Lead.objects.filter(sources__source=host).order_by("pk"):
        row = Lead.objects.filter(pk=lead.pk).values().get()
        for one in ("id", "company_id", "previous_id"):
            row.pop(one)
        states = lead.history.order_by("history_id").values("history_type", "score", "name")
        claims = Claim.objects.filter(lead=lead).values_list("kind", "at")
        entries = LedgerEntry.objects.of_lead(lead.pk).filter(at=LATER).order_by("seq")
        kinds = [(one.kind, dict(one.clear)) for one in entries]
        told.append((row, states.latest("history_id"), list(claims), kinds))
    outcomes = run.new, run.updated, run.duplicate, run.rejected
    return outcomes, [(one.line, one.column, one.reason) for one in refused], told


def test_many_at_once_leave_what_one_by_one_would_have_left(tmp_path, monkeypatch):
    make_company()
    many = life(tmp_path, "many.example")
    monkeypatch.setattr(Many, "take", lambda self, left, others: {})

    singly = life(tmp_path, "ones.example")

    assert many[0] == singly[0] == (0, 9, 2, 1)
    assert repr(many).replace("many.example", "HOST") == repr(singly).replace(
        "ones.example", "HOST"
    )


def test_plain_records_of_known_leads_cost_no_statement_each(
    tmp_path, django_assert_max_num_queries
):
    make_company()
    rows = [{"Id": f"{n}", "Name": f"N {n}", "Score": "1"} for n in range(60)]
    bring(tmp_path, "crm", rows, MONDAY_NINE)
    changed = [row | {"Score": "2", "Won": "2026-01-20 10:00"} for row in rows]

    with django_assert_max_num_queries(60):
        run = bring(tmp_path, "crm", changed, LATER)

    assert (run.updated, Lead.objects.filter(score=2, closed_as="won").count()) == (60, 60)
