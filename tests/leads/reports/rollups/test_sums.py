"""The sums that the scorecard reads are those of its rows, whatever came before or since."""

from datetime import timedelta

import pytest

from leads.actions import contributions, rolling
from leads.actions.handing import endings
from leads.actions.imports import import_file
from leads.actions.journeys import journey, touches
from leads.actions.privacy.erasing import erase
from leads.models import Clock, Lead, RolledCell, RolledShare, RolledTo
from leads.reports.rollups import sums_of
from leads.reports.scorecard.beside import CONTRIBUTIONS
from tests.factories import make_operations, make_team
from tests.leads.clockwork import MINUTE
from tests.leads.reports.backtest.test_columns import CHANGES, THEN, called
from tests.leads.reports.backtest.test_columns import company as company
from tests.leads.reports.rollups.counted import (
    assert_alike,
    cells,
    filters_of,
    rolled_up,
)

pytestmark = pytest.mark.django_db


def told_otherwise(handoff, tmp_path):
    """A file says another campaign of a lead that came back."""
    path = tmp_path / "again.csv"
    path.write_text(f"Mail,Campaign\n{handoff.lead.email},Autumn\n")
    mapping = {"source": "crm", "columns": {"Mail": "email", "Campaign": "campaign"}}
    import_file(path=path, mapping=mapping, at=THEN, by=None, refuse=lambda one: None)


def erased(handoff):
    """Everybody of a lead that came back is forgotten; what was counted stays."""
    erase(lead_id=handoff.lead_id, by=make_operations(), at=THEN, reason="asked for")


def with_material(handoff, used):
    """Sales asks for two things; one comes and is said to be of use or not, one is not
    wanted any more. The lead is won, and both departments speak with the customer."""
    by, lead = handoff.receiver, handoff.lead_id
    one, other = (
        contributions.ask(lead_id=lead, kind="other", subject=subject, by=by, at=THEN)
        for subject in ("Pumps", "Valves")
    )
    contributions.cancel(contribution_id=other.pk, by=by, at=THEN)
    mine = {"contribution_id": one.pk, "at": THEN + MINUTE}
    contributions.deliver(by=one.owner, link="https://example.test/pumps", **mine)
    contributions.mark_used(by=by, used=used, **mine)
    endings.complete(handoff_id=handoff.pk, by=by, at=THEN + 2 * MINUTE, outcome="won")
    for who in (by, handoff.giver):
        touches.log(lead_id=lead, kind="call", by=who, at=THEN + 3 * MINUTE)


def another_team(handoff):
    """Who asked for material and calls customers works elsewhere from now on."""
    with_material(handoff, used=True)
    rolled_up(THEN)
    person = handoff.receiver
    person.team = make_team("outside-sales")
    person.save()


def there_and_back(handoff):
    """Forward with a waiver, back, and forward again."""
    by, stage = handoff.receiver_team.manager, handoff.lead.stage
    mine = {"lead_id": handoff.lead_id, "by": by}
    for minute, to in enumerate(("deciding", stage, "deciding")):
        at = THEN + minute * MINUTE
        journey.move(to_stage=to, at=at, waiver_reason="I know them", **mine)


MORE = CHANGES | {
    "material is of use": lambda some, path: with_material(some[1], used=True),
    "material is of no use": lambda some, path: with_material(some[1], used=False),
    "who asked changes the team": lambda some, path: another_team(some[1]),
    "a lead goes there and back": lambda some, path: there_and_back(some[1]),
    "a person is erased": lambda some, path: erased(some[2]),
    "an import tells another campaign": lambda some, path: told_otherwise(some[2], path),
}


LATER = THEN + timedelta(days=4)
QUERIES = ({}, {"period": "week"}, {"team": "inside-sales"}, {"version": "1"})
LOOKS = [(at, query) for at in (THEN + MINUTE, LATER) for query in QUERIES]


@pytest.mark.parametrize("looks", [1, pytest.param(len(LOOKS), marks=pytest.mark.thorough)])
@pytest.mark.parametrize("change", MORE)
def test_sums_are_those_of_the_rows_after(change, looks, company, tmp_path):
    """In the fast lane each change is looked at in one way, the next one in another."""
    version, turn = company[0].version, list(MORE).index(change)
    looked = (LOOKS + LOOKS)[turn % len(LOOKS) :][:looks]
    rolled_up(THEN)
    for _at, query in looked[:1]:  # so that this process remembers them
        assert_alike(version, filters_of(THEN, **query), THEN)

    MORE[change](company, tmp_path)

    for at, query in looked:
        assert_alike(version, filters_of(THEN, **query), at)
    rolled_up(THEN)
    assert_alike(version, filters_of(THEN), LATER)
    kept = cells()
    RolledTo.objects.all().delete()
    RolledShare.objects.all().delete()
    RolledCell.objects.all().delete()
    rolled_up(THEN)
    assert cells() == kept


def test_material_customers_waivers_and_steps_are_in_the_sums(company):
    """What the changes above compare is there to be compared."""
    with_material(company[1], used=True)
    there_and_back(company[4])
    rolled_up(THEN)

    version = company[0].version
    sums, terms = sums_of(version, filters_of(THEN)), version.parsed

    found = {which: sums.contributions(which, filters_of(THEN)) for which in CONTRIBUTIONS}
    assert found == {"asked": 1, "delivered": 1, "used": 1, "won": 1, "cancelled": 1}
    assert sums.after_sale("sales", filters_of(THEN)) == 1
    assert sums.after_sale("marketing", filters_of(THEN)) == 1
    assert sums.waived(filters_of(THEN)) == 2
    steps = [sums.steps(mark, filters_of(THEN), terms) for mark in terms.benchmarks]
    assert max(step["n"] for step in steps) >= 5
    assert any(step["reached"] for step in steps)


def test_without_sums_that_hold_there_are_none(company, monkeypatch):
    filters = filters_of(THEN)
    assert sums_of(None, filters) is None

    monkeypatch.setattr(rolling, "SLICE", 2)
    assert not rolling.roll(at=THEN, passes=1)
    assert sums_of(None, filters) is None  # some leads are not in them yet

    rolled_up(THEN)
    assert sums_of(None, filters) is not None
    elsewhere = type(filters).from_query({}, THEN, rolling.ZoneInfo("America/New_York"))
    assert sums_of(None, elsewhere) is None  # its days begin at another hour


def test_a_call_gives_way_and_the_next_goes_on(company, monkeypatch):
    """Passes are short, as nobody else writes on SQLite while one does."""
    monkeypatch.setattr(rolling, "SLICE", 1)

    assert not rolling.roll(at=THEN, seconds=0)

    assert RolledShare.objects.values("lead_id").distinct().count() <= 1
    calls = 1
    while not rolling.roll(at=THEN, seconds=0):
        calls += 1
    assert calls >= Lead.objects.count()


def test_more_entries_than_a_page_looks_through_wait_for_the_next_pass(company, monkeypatch):
    filters = filters_of(THEN)
    rolled_up(THEN)
    monkeypatch.setattr("leads.reports.rollups.reading.MOST", 1)
    monkeypatch.setattr(rolling, "ENTRIES", 2)

    for _ in range(3):
        called(company[4], THEN)

    assert sums_of(None, filters) is None
    rolled_up(THEN)
    assert_alike(company[0].version, filters, THEN)


def test_another_ledger_or_another_form_makes_all_sums_anew(company, monkeypatch):
    rolled_up(THEN)
    whole = cells()
    RolledCell.objects.update(n=7)
    RolledTo.objects.update(hash="0" * 64)

    rolled_up(THEN)
    assert cells() == whole

    RolledCell.objects.update(n=7)
    RolledTo.objects.update(form=0)
    rolled_up(THEN)
    assert cells() == whole


def test_what_no_entry_told_is_found_counted_anew_and_said(company, caplog):
    rolled_up(THEN)
    Clock.objects.filter(kind="accept", outcome="met").update(outcome="excused")

    rolled_up(THEN)

    assert "sums were not those of the rows" in caplog.text
    assert_alike(company[0].version, filters_of(THEN), THEN)


def test_cells_hold_what_leads_put_into_them_and_none_is_empty(company):
    rolled_up(THEN)

    assert not RolledCell.objects.filter(n=0).exists()
    shares = RolledShare.objects.all()
    assert sum(one.n for one in shares) == sum(one.n for one in RolledCell.objects.all()) > 0
