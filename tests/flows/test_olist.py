"""8,000 real leads through the whole system, on simulated time: imported, seated in both
departments, handed off under a signed agreement, won where they were won, late where they
were late. The figures equal those of `tests/flows/olist.py`, which does not know the portal.
"""

import csv
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import Case, F, Q, Value, When

from leads.actions import imports
from leads.actions.handing import endings, handoffs
from leads.actions.sweeping.sweep import sweep_through
from leads.models import Alert, Assignment, Claim, Clock, Handoff, ImportRun, Lead
from leads.reports.audit import audit
from portal import ledger
from portal.accounts.models import User
from portal.ledger.models import LedgerEntry
from portal.ledger.verify import verify
from portal.notifications.models import Delivery
from sla.core import terms as core
from tests.factories import make_team, make_user, make_version
from tests.flows import mapping, olist, olist_told, pictures

FOLDER = os.environ.get("CONCORD_DATA", "")
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not FOLDER, reason="CONCORD_DATA names no folder of real data"),
]

BEFORE = datetime(2017, 6, 1, tzinfo=UTC)
LAST_LEADS = datetime(2018, 6, 1, 3, tzinfo=UTC)  # midnight in São Paulo
AFTER = datetime(2018, 12, 1, tzinfo=UTC)
TOO_EARLY = "b91cf8812365f50ff4bda4bcd6206b05"  # won two days before first contact
SAMPLE = 16  # of so many leads one, unless the whole is asked for

LEADS, DEALS = mapping("olist-leads"), mapping("olist-deals")


@pytest.fixture
def whole(whole):
    """All of the leads on one database; the other gets the sample, which says the same."""
    return whole and connection.vendor == "sqlite"


@pytest.fixture
def folder(tmp_path, whole):
    """The two files: whole, or one lead of sixteen with its deal, and the impossible one."""
    source = Path(FOLDER) / "olist"
    return source if whole else sample(source, tmp_path)


def sample(source: Path, target: Path) -> Path:
    kept = {row["mql_id"] for row in olist.rows(source, olist.LEADS)[::SAMPLE]} | {TOO_EARLY}
    for name in (olist.LEADS, olist.DEALS):
        some = [row for row in olist.rows(source, name) if row["mql_id"] in kept]
        with (target / name).open("w", newline="") as file:
            writer = csv.DictWriter(file, some[0])
            writer.writeheader()
            writer.writerows(some)
    return target


def signed_terms() -> dict:
    """One handoff, one obligation: an answer within 20 working days in São Paulo."""
    hours = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    terms = core.template("empty")
    terms["calendars"] = {
        "sao-paulo": {
            "name": "São Paulo", "zone": "America/Sao_Paulo", "weekly": hours, "day": "PT9H",
            "closed": olist.HOLIDAYS,
        }
    }  # fmt: skip
    terms["journey"][0]["criteria"] = None
    terms["journey"][1]["criteria"] = {"key": "known", "field": "lead.source", "op": "present"}
    terms["handoffs"] = [
        {
            "key": "to_sales", "name": "To sales", "from_stage": "noticed",
            "to_stage": "customer", "offer": "automatic",
            "giver": {"department": "marketing", "team": "demand-generation"},
            "receiver": {"department": "sales", "team": "inside-sales"},
        }
    ]  # fmt: skip
    terms["ladders"] = {
        "quiet": [
            {"key": "late", "percent": 100, "whom": ["acting_owner"], "channels": ["in_app"]}
        ]
    }
    terms["obligations"] = [
        {
            "key": "disposition", "kind": "disposition", "accountable": "sales",
            "name": "Say what came of it", "starts": "acceptance", "ladder": "quiet",
            "targets": [{"within": f"P{olist.WORKING_DAYS}D"}],
            "calendar": {"fixed": "sao-paulo"}, "attainment": 90,
        }
    ]  # fmt: skip
    terms["commitments"] = [
        {
            "key": "handed_over", "department": "marketing", "name": "Leads handed to Sales",
            "measure": "stage_entries", "stage": "customer", "period": "month", "count": 600,
            "once_per": "P90D",
        }
    ]  # fmt: skip
    return terms


def company_of_olist() -> None:
    """Both departments, with people, and an agreement in force before the first lead."""
    ledger.open_ledger(simulated=True, at=BEFORE)
    for team, size in (("demand-generation", 4), ("inside-sales", 8)):
        home = make_team(team, calendar="sao-paulo")
        for n in range(size):
            make_user(f"{home.name} {n}", team=home, zone="America/Sao_Paulo")
    make_version(terms=signed_terms(), at=BEFORE)


def bring(folder: Path, name: str, mapping: dict, at=BEFORE) -> tuple[ImportRun, list]:
    refused: list = []
    run = imports.import_file(
        path=folder / name, mapping=mapping, at=at, by=None, refuse=refused.append
    )
    return run, refused


def play(until: datetime, since: datetime = BEFORE) -> None:
    """Let the days pass: leads arrive and are taken on, deals are won, the sweep looks."""
    arrivals = Lead.objects.filter(held=True, arrived_at__lt=until)
    days = set(arrivals.values_list("arrived_at", flat=True))
    won = Claim.objects.filter(kind="won", at__gte=since, at__lt=until)
    events = [(at, 0, "") for at in days]
    events += [(claim.at, 1, claim.lead_id) for claim in won]
    now = since
    for at, is_win, lead_id in sorted(events):
        for _ in sweep_through(now, at):
            pass
        if is_win:
            win(lead_id, at)
        else:
            take_on(at)
        now = at
    for _ in sweep_through(now, until):
        pass


def take_on(at: datetime) -> None:
    """The leads of a day go live, are offered, and accepted by whom they are offered to."""
    imports.go_live(since=at, until=at + timedelta(hours=1), at=at, by=None)
    for handoff in Handoff.objects.filter(state="offered").select_related("receiver"):
        handoffs.accept(handoff_id=handoff.pk, by=handoff.receiver, at=at)


def win(lead_id: int, at: datetime) -> None:
    handoff = Handoff.objects.select_related("receiver").get(lead=lead_id)
    endings.complete(handoff_id=handoff.pk, by=handoff.receiver, at=at, outcome="won")


def figures(at: datetime) -> Counter:
    """(origin, "late", "in time" or "open") -> clocks, as their instants say."""
    late = Q(stopped_at__gt=F("due_at")) | Q(stopped_at=None, due_at__lt=at)
    open_still = Q(stopped_at=None, due_at__gte=at)
    state = Case(
        When(late, then=Value("late")),
        When(open_still, then=Value("open")),
        default=Value("in time"),
    )
    rows = Clock.objects.annotate(state=state).values_list("lead__segment", "state")
    return Counter(rows)


def test_the_whole_way_of_every_lead(folder, whole, record_property):
    expected_leads = len(olist.rows(folder, olist.LEADS))
    company_of_olist()

    deals = everything_is_imported(folder, expected_leads)

    # Played until the last lead has come, and looked at; then until the last deal is won.
    play(LAST_LEADS)
    assert figures(LAST_LEADS) == olist.figures(folder, LAST_LEADS)
    assert {state for _origin, state in figures(LAST_LEADS)} == {"late", "in time", "open"}
    olist_told.same_scorecard(folder, LAST_LEADS)
    play(AFTER, since=LAST_LEADS)
    assert figures(AFTER) == olist.figures(folder, AFTER)
    quarters = olist_told.same_scorecard(folder, AFTER)
    targets = olist_told.same_backtest(folder, AFTER)

    each_won_late_and_told_as_it_should_be(folder)
    it_is_fair_whole_and_proved()
    if whole:
        assert (expected_leads, len(olist.wins(folder))) == (8_000, 841)
        assert states(LAST_LEADS, folder) == {"late": 6_405, "in time": 526, "open": 1_069}
        assert states(AFTER, folder) == {"late": 7_455, "in time": 545}
        pictures.same_as_kept("olist-scorecard", pictures.of_quarters(quarters))
        pictures.same_as_kept("olist-backtest", pictures.of_targets(targets))
    record_property("leads", expected_leads)
    record_property("deals", deals)
    record_property("ledger entries", LedgerEntry.objects.count())
    for day in (LAST_LEADS, AFTER):
        for state, number in sorted(states(day, folder).items()):
            record_property(f"{state} on {day:%Y-%m-%d}", number)


def everything_is_imported(folder: Path, expected_leads: int) -> int:
    """Every record has one outcome, both departments own every lead; returns the deals."""
    leads, refused = bring(folder, olist.LEADS, LEADS)
    assert (leads.records, leads.new, refused) == (expected_leads, expected_leads, [])
    assert Lead.objects.count() == expected_leads
    current = Counter(Assignment.objects.values_list("department", flat=True))
    assert current == {"marketing": expected_leads, "sales": expected_leads}
    assert not Clock.objects.exists()
    assert not Delivery.objects.exists()

    deals, refused = bring(folder, olist.DEALS, DEALS)
    assert (deals.updated, deals.rejected) == (len(olist.wins(folder)), 1)
    assert [(one.column, one.reason) for one in refused] == [
        ("won_date", "2018-03-06 19:38 UTC is before first contact, 2018-03-08 03:00 UTC")
    ]
    return deals.updated


def each_won_late_and_told_as_it_should_be(folder: Path) -> None:
    # Won where it was won, and nowhere else.
    won = Lead.objects.filter(closed_as="won").values_list("sources__external_id", "closed_at")
    assert dict(won) == olist.wins(folder)

    # Each late promise raised one alert, at its instant, and told who owes it.
    late = sum(n for (_origin, state), n in figures(AFTER).items() if state == "late")
    alerts = Alert.objects.select_related("clock")
    assert alerts.count() == late
    assert all(alert.due_at == alert.clock.due_at for alert in alerts)
    told = Delivery.objects.in_app().filter(about__startswith="alert")
    assert told.count() == late


def it_is_fair_whole_and_proved() -> None:
    shares = Counter(Handoff.objects.values_list("receiver", flat=True))
    assert len(shares) == User.objects.filter(team__key="inside-sales").count()
    assert max(shares.values()) - min(shares.values()) <= 1
    assert verify(LedgerEntry.objects.links()).is_sound
    assert [one for one in audit(AFTER) if not one.holds] == []


def states(at: datetime, folder: Path) -> Counter:
    """How many leads were late, in time or open at `at`, whatever their origin."""
    counted: Counter[str] = Counter()
    for (_origin, state), number in olist.figures(folder, at).items():
        counted[state] += number
    return counted


def test_the_copy_with_the_day_first_is_read_as_the_same_leads(tmp_path, whole):
    """Saved by a spreadsheet: DD-MM-YYYY, no seconds, other line ends."""
    company_of_olist()
    source, copy = Path(FOLDER) / "olist", Path(FOLDER) / "olist_dmy"
    if not whole:
        (tmp_path / "a").mkdir()
        (tmp_path / "b").mkdir()
        source, copy = sample(source, tmp_path / "a"), sample(copy, tmp_path / "b")

    leads, _ = bring(source, olist.LEADS, LEADS)
    deals, refused = bring(source, olist.DEALS, DEALS)
    leads_again, _ = bring(copy, olist.LEADS, LEADS)
    deals_again, refused_again = bring(copy, olist.DEALS, DEALS)

    assert leads_again.found["dates"][0].startswith("first_contact_date: day first, as line ")
    assert deals_again.found["dates"][0].startswith("won_date: day first, as line ")
    assert (leads_again.duplicate, leads_again.records) == (leads.new, leads.records)
    assert (deals_again.duplicate, deals_again.rejected) == (deals.updated, deals.rejected)
    assert [one.line for one in refused_again] == [one.line for one in refused]
