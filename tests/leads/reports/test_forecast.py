"""What will be late tonight: which clocks, why, and how likely by what became of others."""

import html
import re

import pytest
from django.core.management import call_command
from django.urls import reverse

from leads.actions import clocks
from leads.actions.handing import handoffs
from leads.core.foreseen.chance import FEW
from leads.desk.owed import time_left
from leads.models import Clock
from leads.reports.forecast import forecast
from leads.reports.forecast.past import lives
from leads.reports.forecast.reading import FIGURES
from portal import wallclock
from portal.accounts.models import Absence, Role
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_agreement,
    make_handoff,
    make_signatory,
    make_team,
    make_user,
)
from tests.kept import kept
from tests.leads.clockwork import HOUR, MINUTE, WAITING, berlin, clock_of, terms_where
from tests.leads.reports.scenes import DAY

pytestmark = pytest.mark.django_db
FIGURE = re.compile(r'<a href="([^"]*/forecast/rows/[^"]*)">\s*([\d,]+)\s*</a>')
FRIDAY = berlin(6, 9)


def foreseen(at, clocks=None):
    terms = Version.objects.first().parsed
    return forecast(Clock.objects.all() if clocks is None else clocks, terms, at)


def kinds(rows):
    return {Clock.objects.get(pk=row.clock).kind for row in rows}


def some_past(number, late, at=MONDAY_NINE):
    """So many offers accepted after a quarter of an hour, of them `late` after two hours."""
    sdr = make_user()
    for place in range(number):
        took = 2 * HOUR if place < late else 15 * MINUTE
        one = make_handoff(receiver=sdr, at=at)
        handoffs.accept(handoff_id=one.pk, by=sdr, at=at + took)
    return sdr


def test_what_is_due_before_closing_is_told_apart_from_what_is_due_before_the_weekend():
    make_handoff(at=MONDAY_NINE)

    found = foreseen(MONDAY_NINE + MINUTE)

    assert kinds(found.of("today")) == {"accept"}
    assert {row.clock for row in found.of("today")} < {row.clock for row in found.of("weekend")}
    assert all(row.due <= berlin(2, 17) for row in found.of("today"))
    assert all(row.due <= berlin(6, 17) for row in found.of("weekend"))


def test_what_is_late_already_or_paused_is_not_foreseen():
    make_agreement(
        terms=terms_where(targets=[{"segment": None, "within": "PT2H"}], pauses=[WAITING])
    )
    still = clock_of(make_handoff(at=MONDAY_NINE))
    clocks.pause(clock_id=still.pk, reason="call_back", by=still.owner, at=MONDAY_NINE + MINUTE)
    late = clock_of(make_handoff(at=MONDAY_NINE - 3 * DAY))
    runs = clock_of(make_handoff(at=MONDAY_NINE))

    found = {row.clock for row in foreseen(MONDAY_NINE + 2 * HOUR - MINUTE).of("today")}

    assert runs.pk in found
    assert not {still.pk, late.pk} & found


def test_an_owner_who_is_away_when_it_is_due_is_named():
    clock = clock_of(make_handoff(at=MONDAY_NINE))
    Absence.objects.create(
        user=clock.owner, starts_at=clock.due_at, ends_at=clock.due_at + HOUR
    )
    back = clock_of(make_handoff(at=MONDAY_NINE))
    Absence.objects.create(user=back.owner, starts_at=MONDAY_NINE, ends_at=back.due_at)

    away = {row.clock for row in foreseen(MONDAY_NINE).of("away")}

    assert clock.pk in away
    assert back.pk not in away


def test_an_owner_without_room_is_told_by_what_routing_counts():
    full, free = make_user(capacity=2), make_user(capacity=3)
    for sdr in (full, full, free, free):
        make_handoff(at=MONDAY_NINE, receiver=sdr)

    assert {row.owner for row in foreseen(MONDAY_NINE).of("full")} == {full.pk}


def test_the_chance_is_the_share_of_those_like_it_that_broke_at_its_age():
    some_past(FEW + 5, late=5)
    clock = clock_of(make_handoff(at=FRIDAY))

    (young,) = [row for row in foreseen(FRIDAY).rows if row.clock == clock.pk]
    (older,) = [row for row in foreseen(FRIDAY + 15 * MINUTE).rows if row.clock == clock.pk]

    assert (young.chance.late, young.chance.n) == (5, FEW + 5)
    assert (older.chance.late, older.chance.n) == (5, 5)  # the others were kept by then
    assert older.chance.share is None


def test_of_too_few_alike_nothing_is_said():
    some_past(FEW - 1, late=FEW - 1)
    make_handoff(at=FRIDAY)

    found = foreseen(FRIDAY)

    assert found.of("likely") == []
    assert found.expected() == 0
    assert [row.chance.n for row in found.of("today") if row.chance.n] == [FEW - 1]


def test_another_team_is_not_like_it():
    some_past(FEW, late=FEW)
    clock = clock_of(make_handoff(at=FRIDAY))
    Clock.objects.filter(pk=clock.pk).update(team=make_team("elsewhere"))

    (row,) = [row for row in foreseen(FRIDAY).rows if row.clock == clock.pk]

    assert row.chance.n == 0


def test_what_it_took_is_what_the_desk_says_was_left():
    some_past(3, late=0)
    met = Clock.objects.filter(outcome="met", kind="accept")

    for clock, life in zip(met.order_by("pk"), lives(met.order_by("pk")), strict=True):
        assert life.took == (clock.target_time - time_left(clock, clock.stopped_at)) / (
            MINUTE / 60_000_000
        )


def test_there_are_seven_questions_whatever_the_number(django_assert_max_num_queries):
    some_past(FEW, late=2)
    for _ in range(5):
        make_handoff(at=FRIDAY)
    terms = Version.objects.first().parsed

    with django_assert_max_num_queries(7):
        assert forecast(Clock.objects.all(), terms, FRIDAY).rows


def test_without_an_agreement_the_page_says_that_nothing_runs(client):
    client.force_login(make_user(team=None, role=Role.AUDITOR))

    page = client.get(reverse("leads:forecast"))

    assert page.status_code == 200
    assert "Nothing" in page.text


def test_the_command_counts_what_came_true_and_draws_it(monkeypatch, tmp_path, capsys):
    """Of FEW past ones all were late; the next was kept after a quarter of its hour."""
    some_past(FEW, late=FEW)
    next_one = make_handoff(at=FRIDAY)
    at = FRIDAY + 20 * MINUTE
    handoffs.accept(handoff_id=next_one.pk, by=next_one.receiver, at=at)
    monkeypatch.setattr(wallclock, "now", lambda: FRIDAY + DAY / 2)

    call_command("forecast_calibration", svg=tmp_path / "drawn.svg")

    assert "| 90% to 100% | 100.0% | 0.0% | 0 | 2 |" in capsys.readouterr().out
    assert "n = 2" in (tmp_path / "drawn.svg").read_text()


@pytest.fixture(scope="module")
def forecast_of_friday(django_db_setup, django_db_blocker):
    """Lived once for the pages, which come last here: they change it for nobody."""
    with kept(django_db_blocker):
        some_past(FEW + 1, late=FEW)
        full = make_user(capacity=1)
        make_handoff(at=FRIDAY, receiver=full)
        one = make_handoff(at=FRIDAY)
        Absence.objects.create(user=one.receiver, starts_at=FRIDAY, ends_at=FRIDAY + DAY)
        make_accepted(at=FRIDAY)
        yield one


@pytest.fixture
def friday(forecast_of_friday, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: FRIDAY + MINUTE)
    return forecast_of_friday


@pytest.mark.parametrize("who", ["auditor", "manager", "head"])
def test_every_figure_opens_exactly_its_clocks(client, friday, who):
    readers = {
        "auditor": lambda: make_user(team=None, role=Role.AUDITOR),
        "manager": lambda: make_team().manager,
        "head": lambda: make_signatory("sales"),
    }
    client.force_login(readers[who]())

    page = client.get(reverse("leads:forecast"))

    figures = [(html.unescape(url), int(n)) for url, n in FIGURE.findall(page.text)]
    assert {figure for figure in FIGURES if any(figure in url for url, n in figures)} == set(
        FIGURES
    )
    for url, n in figures:
        rows = client.get(url)
        assert rows.text.count('<th scope="row"') == n, url
        sheet = client.get(url.replace("/rows/", "/rows.csv")).getvalue().decode()
        assert sheet.strip().count("\n") == n


def test_a_rep_sees_what_is_theirs_and_what_they_stand_in_for(client, friday):
    rep = make_user()
    Absence.objects.filter(user=friday.receiver).update(deputy=rep)
    client.force_login(rep)

    page = client.get(f"{reverse('leads:forecast-rows')}?figure=today")

    shown = set(re.findall(r'href="/leads/(\d+)/"', page.text))
    assert shown == {str(friday.lead_id)}


@pytest.mark.parametrize("query", ["?figure=nothing", "?team=nobody", "?figure="])
def test_a_strange_address_is_not_found(client, friday, query):
    client.force_login(make_user(team=None, role=Role.AUDITOR))

    assert client.get(f"{reverse('leads:forecast-rows')}{query}").status_code == 404


def test_who_reads_no_leads_sees_no_forecast(client, friday):
    client.force_login(make_user(team=None, role=Role.ADMIN))

    assert client.get(reverse("leads:forecast")).status_code == 404
