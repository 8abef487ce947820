"""Imports: every record under one outcome, safe to repeat, history as claims, nothing sent."""

import csv
import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from leads.actions import imports
from leads.actions.imports import running
from leads.actions.intake import Arrival, receive
from leads.errors import FileRefused, NotYours
from leads.management.commands import import_leads
from leads.models import Assignment, Claim, Clock, Company, ImportRun, Lead, StageEntry, Turn
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_company,
    make_operations,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db

MAPPING = {
    "source": "crm",
    "zone": "Europe/Berlin",
    "columns": {
        "Id": "external_id",
        "Name": "name",
        "Email": "email",
        "Company": "company_name",
        "Country": "company_country",
        "Staff": "company_employees",
        "Score": "score",
        "Plan": "attributes.plan",
        "Seen": "arrived",
        "Exploring": "entered.exploring",
        "Offered": "offered",
        "Won": "won",
    },
}
HEADER = list(MAPPING["columns"])
ANA = {"Id": "1", "Name": "Ana", "Email": "ana@acme.example", "Company": "Acme"}
BEN = {"Id": "2", "Name": "Ben", "Email": "ben@brick.example", "Score": "7"}
LATER = MONDAY_NINE + timedelta(days=1)


@pytest.fixture(autouse=True)
def company():
    make_agreement()
    for team in ("demand-generation", "inside-sales", "outside-sales"):
        make_team(team)
    for name in ("Mia", "Max"):
        make_user(name, team="demand-generation")


@pytest.fixture
def bring(tmp_path):
    """Import some rows; return the run and what was refused."""

    def run(*rows, mapping=MAPPING, at=MONDAY_NINE, by=None, text=None):
        path = tmp_path / "leads.csv"
        if text is None:
            out = StringIO(newline="")
            writer = csv.DictWriter(out, HEADER)
            writer.writeheader()
            writer.writerows(rows)
            text = out.getvalue()
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        refused = []
        done = imports.import_file(
            path=path, mapping=mapping, at=at, by=by, refuse=refused.append
        )
        return done, refused

    return run


def figures(run):
    return run.records, run.new, run.updated, run.duplicate, run.rejected


def test_a_new_lead_of_a_file_has_both_seats_and_its_first_stage_and_waits(bring):
    run, refused = bring(ANA | {"Seen": "2026-02-01"})

    assert figures(run) == (1, 1, 0, 0, 0)
    assert refused == []
    lead = Lead.objects.get()
    assert (lead.name, lead.email_key, lead.held, lead.imported) == (
        "Ana", "ana@acme.example", True, True,
    )  # fmt: skip
    assert lead.arrived_at == datetime(2026, 1, 31, 23, tzinfo=UTC)
    seats = {seat.department_id: seat for seat in lead.assignments.all()}
    assert seats["marketing"].member.name in {"Mia", "Max"}
    assert seats["sales"].team.key == "inside-sales"
    entry = lead.stage_entries.get()
    assert (entry.stage, entry.imported, entry.entered_at) == (
        "noticed", True, lead.arrived_at,
    )  # fmt: skip
    assert (entry.version, entry.evidence) == (None, [])


def test_a_lead_of_a_file_is_the_row_that_intake_would_have_written(bring):
    bring(ANA | {"Score": "5", "Plan": "pro", "Country": "DE"})
    arrival = Arrival(
        name="Bob", email="bob@acme.example", company_name="Acme", company_country="DE",
        score=5, attributes={"plan": "pro"}, source="crm", external_id="9", imported=True,
    )  # fmt: skip
    receive(arrival=arrival, at=MONDAY_NINE)

    ana, bob = Lead.objects.order_by("pk").values()
    for its_own in ("id", "name", "email", "email_key", "stage"):
        ana.pop(its_own), bob.pop(its_own)
    assert ana == bob
    assert Company.objects.get().provenance["company.country"]["by"] == "crm"


def test_importing_starts_no_clock_and_tells_nobody(bring):
    bring(ANA, BEN | {"Score": "99", "Country": "DE"})

    assert not Clock.objects.exists()
    assert not Delivery.objects.exists()
    assert not Lead.objects.filter(handoffs__isnull=False).exists()


def test_the_same_file_again_is_all_duplicates(bring):
    rows = [ANA | {"Exploring": "2026-02-02"}, BEN | {"Won": "2026-02-03 10:00"}]
    bring(*rows)

    run, refused = bring(*rows, at=LATER)

    assert figures(run) == (2, 0, 0, 2, 0)
    assert refused == []
    assert Lead.objects.count() == 2
    assert StageEntry.objects.count() == 1
    assert Claim.objects.count() == 1


def test_what_changed_is_an_update_with_its_entry_in_the_ledger(bring):
    bring(ANA, BEN)

    run, _ = bring(ANA | {"Score": "50"}, BEN, at=LATER)

    assert figures(run) == (2, 0, 1, 1, 0)
    lead = Lead.objects.get(name="Ana")
    assert lead.score == 50
    assert lead.provenance["lead.score"] == {"by": "crm", "at": LATER.isoformat()}
    entry = LedgerEntry.objects.of_lead(lead.pk).get(kind="lead_updated")
    assert entry.clear["fields"] == ["lead.score"]


def test_who_stands_twice_in_a_file_is_one_lead(bring):
    run, _ = bring(ANA, ANA | {"Id": "3", "Name": "Ana L."}, ANA | {"Plan": "pro"}, BEN, BEN)

    assert figures(run) == (5, 2, 1, 2, 0)
    assert Lead.objects.get(name="Ana").sources.count() == 2


def test_every_record_that_is_not_taken_has_line_column_and_reason(bring):
    run, refused = bring(
        ANA,
        {"Plan": "pro"},
        BEN | {"Score": "many"},
        BEN | {"Seen": "2030-01-01"},
        BEN | {"Seen": "2026-01-02", "Won": "2026-01-01"},
        BEN,
    )

    assert figures(run) == (6, 2, 0, 0, 4)
    assert [(one.line, one.column, one.reason) for one in refused] == [
        (3, "", "nothing in it says who this is"),
        (4, "Score", "'many' is not a whole number"),
        (5, "Seen", "2029-12-31 23:00 UTC lies in the future"),
        (6, "Won", "2025-12-31 23:00 UTC is before first contact, 2026-01-01 23:00 UTC"),
    ]


def test_a_win_before_the_lead_arrived_is_refused_also_when_it_comes_in_another_file(bring):
    bring(ANA | {"Seen": "2026-02-10"})

    run, refused = bring(ANA | {"Won": "2026-02-08 12:00"}, at=LATER)

    assert figures(run) == (1, 0, 0, 0, 1)
    assert refused[0].column == "Won"
    assert not Claim.objects.exists()


def test_history_is_kept_as_claims_and_closes_what_was_won(bring):
    bring(
        ANA | {
            "Seen": "2026-01-01", "Exploring": "2026-01-05", "Offered": "2026-01-07",
            "Won": "2026-02-01 10:00",
        }
    )  # fmt: skip

    lead = Lead.objects.get()
    won = datetime(2026, 2, 1, 9, tzinfo=UTC)
    assert (lead.closed_as, lead.closed_at, lead.stage) == ("won", won, "exploring")
    assert not lead.assignments.exists()
    assert dict(lead.claims.values_list("kind", "at"))["won"] == won
    assert lead.stage_entries.get().imported
    entry = LedgerEntry.objects.of_lead(lead.pk).get()
    assert entry.kind == "lead_arrived"
    assert [claim for claim, _at in entry.clear["claims"]] == ["offered", "won"]
    assert entry.clear["stages"][0][0] == "exploring"


def test_history_that_comes_later_is_added_to_the_lead(bring):
    bring(ANA | {"Seen": "2026-01-01"})

    run, _ = bring(ANA | {"Exploring": "2026-01-05", "Won": "2026-02-01"}, at=LATER)

    lead = Lead.objects.get()
    assert figures(run) == (1, 0, 1, 0, 0)
    assert (lead.stage, lead.closed_as) == ("exploring", "won")
    assert LedgerEntry.objects.of_lead(lead.pk).filter(kind="imported").exists()


def test_a_mapping_may_leave_open_what_was_won(bring):
    bring(ANA | {"Won": "2026-02-01"}, mapping=MAPPING | {"closes": False})

    assert Lead.objects.get().closed_at is None
    assert Claim.objects.get().kind == "won"


def test_a_mapping_may_only_add_to_whom_we_know(bring):
    bring(ANA)

    run, refused = bring(ANA | {"Score": "3"}, BEN, mapping=MAPPING | {"create": False})

    assert figures(run) == (2, 0, 1, 0, 1)
    assert (refused[0].line, refused[0].column) == (3, "Id")


def test_turns_go_round_in_a_file_as_they_do_one_by_one(bring):
    bring(*({"Id": str(n), "Name": f"Lead {n}"} for n in range(10)))

    counts = Assignment.objects.filter(department="marketing").values_list("member", flat=True)
    assert sorted(counts.order_by("member").distinct()) == sorted(set(counts))
    assert {list(counts).count(member) for member in set(counts)} == {5}
    assert Turn.objects.count() == 10


def test_companies_of_a_file_are_found_by_domain_or_name_and_made_once(bring):
    known = make_company("Brick", domain="brick.example", country="")

    bring(
        ANA,
        ANA | {"Id": "3", "Email": "bo@acme.example"},
        BEN | {"Country": "DE"},
        {"Id": "4", "Name": "Cy", "Company": "Nodomain"},
        {"Id": "5", "Name": "Di", "Company": "NODOMAIN"},
    )

    assert Company.objects.count() == 3
    known.refresh_from_db()
    assert (known.country, known.leads.count()) == ("DE", 1)


def test_a_competitor_in_a_file_is_closed_at_intake(bring):
    make_company("Acme", domain="acme.example", status="competitor")

    bring(ANA)

    assert Lead.objects.get().closed_as == "at_intake"
    assert not Assignment.objects.exists()


def test_a_file_may_be_of_windows_and_parted_by_semicolons(bring):
    run, _ = bring(text="Id;Name\n1;Zoë “Z”\n".encode("cp1252"), mapping=small())

    assert run.found["encoding"] == "cp1252"
    assert run.found["delimiter"] == ";"
    assert Lead.objects.get().name == "Zoë “Z”"


def small(**more):
    return {"source": "crm", "columns": {"Id": "external_id", "Name": "name"}} | more


@pytest.mark.parametrize(
    ("text", "mapping", "reason"),
    [
        ("Id,Nam\n1,Ana\n", small(), "the column 'Name' is not in the header"),
        ("Id,Name\n1,Ana\n", {}, "columns: an object"),
        (b"PK\x03\x04", small(), "ZIP"),
        ("Id,Name\n1,\xff\n".encode("latin-1"), small(encoding="utf-8"), "it is not utf-8"),
        (
            "Id,Name,Won\n1,Ana,01-02-2018\n",
            {"source": "x", "columns": {"Id": "external_id", "Won": "won"}},
            "no day is above 12",
        ),
        (
            "Id,Name,At\n1,Ana,2018-02-01\n",
            {"source": "x", "columns": {"Id": "external_id", "At": "entered.nirvana"}},
            "has the stage nirvana",
        ),
    ],
)
def test_a_file_or_mapping_that_is_wrong_as_a_whole_is_refused_before_anything_is_taken(
    bring, text, mapping, reason
):
    with pytest.raises(FileRefused, match=reason):
        bring(text=text, mapping=mapping)

    assert not ImportRun.objects.exists()


def test_operations_import_and_nobody_else_of_the_people(bring):
    run, _ = bring(ANA, by=make_operations())
    assert run.by.role == "operations"

    with pytest.raises(NotYours):
        bring(BEN, by=make_user())


def test_a_run_that_broke_off_is_taken_up_by_the_next(bring, monkeypatch):
    rows = [{"Id": str(n), "Name": f"Lead {n}"} for n in range(5)]
    monkeypatch.setattr(running, "CHUNK", 2)
    taken, original = [], running.parted

    def third_chunk_fails(arriving):
        if len(taken) == 2:
            raise MemoryError
        taken.append(arriving)
        return original(arriving)

    monkeypatch.setattr(running, "parted", third_chunk_fails)
    with pytest.raises(MemoryError):
        bring(*rows)
    broken = ImportRun.objects.get()
    assert (broken.records, broken.new, broken.finished_at) == (4, 4, None)
    monkeypatch.setattr(running, "parted", original)

    run, _ = bring(*rows, at=LATER)

    assert figures(run) == (5, 1, 0, 4, 0)


def test_the_ledger_tells_of_the_run_and_of_each_lead(bring):
    run, _ = bring(ANA, BEN)

    entries = LedgerEntry.objects.about(("import_run", run.pk))
    assert [entry.clear for entry in entries][1:] == [
        {"new": 2, "duplicate": 0, "rejected": 0},
        {"finished": True, "records": 2},
    ]
    assert LedgerEntry.objects.filter(kind="lead_arrived").count() == 2
    assert "Ana" not in "".join(LedgerEntry.objects.values_list("body", flat=True))


# --- going live


def test_what_goes_live_is_offered_and_its_clocks_run_from_then_on(bring):
    make_user("Sam", team="inside-sales")
    hot = {"Country": "DE", "Score": "90", "Staff": "50"}
    bring(ANA | hot | {"Seen": "2026-02-20"}, BEN | hot | {"Seen": "2026-01-20"})

    count = imports.go_live(
        since=datetime(2026, 2, 1, tzinfo=UTC), at=LATER, by=make_operations()
    )

    assert count == 1
    ana, ben = Lead.objects.get(name="Ana"), Lead.objects.get(name="Ben")
    assert (ana.held, ben.held) == (False, True)
    assert ana.handoffs.get().offered_at == LATER
    assert {clock.started_at for clock in ana.clocks.all()} == {LATER}
    assert LedgerEntry.objects.of_lead(ana.pk).filter(kind="went_live").exists()


def test_a_big_batch_goes_live_a_few_at_a_time_the_oldest_first(bring):
    bring(*({"Id": str(n), "Name": f"L{n}", "Seen": f"2026-02-{n:02}"} for n in range(1, 6)))

    def release():
        start = datetime(2026, 1, 1, tzinfo=UTC)
        return imports.go_live(since=start, until=LATER, at=LATER, by=None, limit=2)

    assert [release() for _ in range(4)] == [2, 2, 1, 0]


def test_only_operations_let_leads_go_live():
    with pytest.raises(NotYours):
        imports.go_live(since=MONDAY_NINE, at=MONDAY_NINE, by=make_user())


# --- the command


@pytest.fixture
def files(tmp_path):
    path, mapping = tmp_path / "leads.csv", tmp_path / "mapping.json"
    path.write_text("Id,Name\n1,Ana\n2\n3,Ben\n=4,x,y\n")
    mapping.write_text(json.dumps(small()))
    return path, mapping


def test_the_command_tells_the_figures_and_writes_the_report(files, capsys):
    path, mapping = files
    boss = make_operations()

    call_command("import_leads", path, mapping=mapping, email=boss.email)

    assert "4 records: 2 new, 0 updated, 0 duplicate, 2 rejected" in capsys.readouterr().out
    report = path.with_name("leads.csv.rejects.csv").read_text().splitlines()
    assert report == [
        "line,column,reason",
        '3,,"has 1 fields, the header has 2"',
        '5,,"has 3 fields, the header has 2"',
    ]
    assert ImportRun.objects.get().by == boss


def test_the_command_as_a_process_of_its_own_steps_back_behind_the_desks(monkeypatch):
    steps = []
    monkeypatch.setattr(import_leads.os, "nice", steps.append)

    with pytest.raises(SystemExit):  # it was not told which file
        import_leads.Command().run_from_argv(["manage.py", "import_leads"])

    assert steps == [import_leads.BEHIND]


def test_the_command_says_what_is_wrong(files, tmp_path):
    path, mapping = files
    mapping.write_text("{")

    with pytest.raises(CommandError, match="no JSON"):
        call_command("import_leads", path, mapping=mapping)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_leads", path, mapping=tmp_path / "none.json")
    mapping.write_text(json.dumps(small()))
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("import_leads", path, mapping=mapping, email="x@y.example")


def test_the_command_lets_leads_go_live(bring, capsys):
    bring(ANA, BEN)

    call_command("go_live", since="2026-01-01", limit=1)
    assert "1 leads went live" in capsys.readouterr().out
    assert Lead.objects.filter(held=False).count() == 1

    with pytest.raises(CommandError, match="no day"):
        call_command("go_live", since="soon")
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("go_live", since="2026-01-01", email="x@y.example")
    with pytest.raises(CommandError, match="Operations"):
        call_command("go_live", since="2026-01-01", email=make_user().email)
