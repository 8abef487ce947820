"""What a manager asks, answered through what the pages show and let one press; each figure
that is read there is counted again here, in plain Python over the rows.

Are we keeping our word, and are they? Why are leads returned? What would a two-hour target
have cost us? What will be late tonight? How do I know that nobody changed these figures?
"""

import hashlib
import json
import re
from collections import Counter
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from playwright.sync_api import expect

from leads.actions import sealing
from leads.models import Clock, HandoffMove, Seal
from portal.accounts.models import Role, Team
from portal.ledger.models import LedgerEntry
from sla.models import Version
from tests.core.oracle import KEYS, Oracle, Zone

pytestmark = pytest.mark.usefixtures("db")
BERLIN = ZoneInfo("Europe/Berlin")
DAY = timedelta(days=1)
KEPT = re.compile(r"(Marketing|Sales)\s+kept (\d+)\s%\sof ([\d,]+) due")
LATE = re.compile(r"([\d,]+)\s+late\b")
WITHIN = re.compile(r"kept within 2 hours, of ([\d,]+)")


@pytest.fixture
def db() -> None:
    """The company lives for the whole module: nothing is rolled back after a test."""


@pytest.fixture(scope="module")
def manager(company):
    """A manager of Sales; the closed periods have been sealed, as they are every hour."""
    while sealing.seal_due(at=company.now):
        pass
    return next(
        one
        for one in company.people.values()
        if one.role == Role.MANAGER and one.department_id == "sales"
    )


def midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, BERLIN)


def kept(clock: Clock, now: datetime) -> bool | None:
    """Whether a promise was kept; None of one that is open, or left out of every share."""
    if clock.outcome in {"returned", "cancelled", "excused"}:
        return None
    if clock.stopped_at is not None:
        return clock.stopped_at <= clock.due_at
    return False if clock.paused_at is None and clock.due_at < now else None


def number(text: str) -> int:
    return int(text.replace(",", ""))


def test_are_we_keeping_our_word_and_are_they(visit, company, manager):
    page = visit("/", user=manager)

    expect(page.get_by_role("heading", name="The week in questions")).to_be_visible()
    found = {
        side.lower(): (int(share), number(due))
        for side, share, due in KEPT.findall(page.locator("main .head").inner_text())
    }

    today = company.now.astimezone(BERLIN).date()
    monday = today - timedelta(days=today.weekday() + 7)
    ended: dict[str, Counter[bool]] = {"marketing": Counter(), "sales": Counter()}
    for clock in Clock.objects.filter(
        due_at__gte=midnight(monday), due_at__lt=midnight(monday + 7 * DAY)
    ):
        one = kept(clock, company.now)
        if one is not None:
            ended[clock.department_id][one] += 1
    assert found == {
        side: (round(100 * some[True] / some.total()), some.total())
        for side, some in ended.items()
    }
    assert page.complaints == []


def test_why_are_leads_returned(visit, company, manager):
    page = visit("/", user=manager)
    page.get_by_role("link", name="Scorecard", exact=True).first.click()
    page.get_by_role("link", name="Period before").click()

    rows = page.locator("section[aria-labelledby=rt] table").first.locator("tbody tr")
    found = {
        row.locator("th").inner_text(): number(row.locator("td a").first.inner_text())
        for row in rows.all()
    }

    first = company.now.astimezone(BERLIN).date().replace(day=1)
    begin, end = midnight((first - DAY).replace(day=1)), midnight(first)
    came = Counter(
        HandoffMove.objects.filter(
            move="return", undone_at=None, at__gte=begin, at__lt=end
        ).values_list("reason", flat=True)
    )
    names = {one["key"]: one["name"] for one in in_force(company).terms["return_reasons"]}
    told = {names[key]: n for key, n in came.items()}
    assert found
    assert found == {name: told[name] for name in found}
    assert max(found.values()) == max(told.values())
    assert page.complaints == []


def test_what_a_two_hour_target_would_have_cost_us(visit, company, manager):
    page = visit("/", user=manager)
    page.get_by_role("link", name="Scorecard", exact=True).first.click()
    page.get_by_role("link", name="Another target on past handoffs").click()
    page.get_by_label("Another target").fill("2")
    page.get_by_text("kept within 2 hours").first.wait_for()

    said = page.locator("#tried .figs").inner_text()
    found = number(LATE.search(said)[1]), number(WITHIN.search(said)[1])

    assert found == within_two_hours(company)
    assert page.complaints == []


def within_two_hours(company) -> tuple[int, int]:
    """How many would have been late, of how many, of the first promise that stands there."""
    version = in_force(company)
    owed = version.terms["obligations"][0]["key"]
    zones: dict[str, Zone] = {}
    judges: dict[str, Oracle] = {}
    for key, calendar in version.terms["calendars"].items():
        zone = calendar["zone"]
        zones.setdefault(zone, Zone(zone, range(company.now.year - 2, company.now.year + 1)))
        judges[key] = Oracle(calendar, zones[zone])
    since = midnight(company.now.astimezone(BERLIN).date() - 364 * DAY)
    late = judged = 0
    for clock in Clock.objects.filter(
        obligation=owed, handoff__first_offered_at__gte=since,
        handoff__version__agreement=version.agreement_id,
    ):  # fmt: skip
        target = np.array([2 * 3_600_000_000 + clock.paused])
        due = judges[clock.calendar].add(np.array([micro(clock.started_at)]), target)[0]
        is_late = bool(micro(clock.stopped_at or company.now) > due)
        late += is_late
        judged += is_late or clock.outcome in {"met", "late", "excused"}
    return late, judged


def micro(at: datetime) -> int:
    return round(at.timestamp() * 1_000_000)


def test_what_will_be_late_tonight(visit, company, manager):
    page = visit("/", user=manager)
    page.get_by_role("link", name="Forecast", exact=True).first.click()

    rows = page.locator("section[aria-labelledby=figures] tbody tr")
    found = {
        row.locator("th").inner_text().split("\n")[0].strip(): number(
            row.locator("td").first.inner_text()
        )
        for row in rows.all()
    }

    terms = in_force(company).terms
    mine = [
        team
        for team in Team.objects.filter(archived_at=None).select_related("department")
        if manager.pk in {team.manager_id, team.department.head_id}
    ]
    due = {team.name: due_tonight(team, terms, company.now) for team in mine}
    assert found
    assert {name: found[name] for name in found if name != "Together"} == {
        name: due[name] for name in found if name != "Together"
    }
    if "Together" in found:
        assert found["Together"] == sum(due.values())
    assert page.complaints == []


def due_tonight(team: Team, terms: dict, now: datetime) -> int:
    """Clocks of a team that run and are due by its closing today."""
    calendar = terms["calendars"][team.calendar]
    here = now.astimezone(ZoneInfo(calendar["zone"]))
    closes = calendar["weekly"][KEYS[here.weekday()]][-1][1]
    closing = datetime.combine(here.date(), time.fromisoformat(closes), here.tzinfo)
    return Clock.objects.filter(
        team=team, stopped_at=None, paused_at=None, due_at__gte=now, due_at__lte=closing
    ).count()


def test_how_do_i_know_that_nobody_changed_these_figures(visit, company, manager):
    page = visit("/", user=manager)
    page.get_by_role("link", name="Scorecard", exact=True).first.click()
    page.get_by_role("link", name="Period before").click()
    page.get_by_role("link", name="The sealed figures").click()

    shown = re.sub(r"\s", "", page.locator("section[aria-labelledby=pf]").inner_text())
    entry = page.get_by_role("link", name=re.compile(r"^entry [\d,]+$")).inner_text()

    seal = Seal.objects.get(length="month", first=date(2026, 2, 1))
    digest = hashlib.sha256(seal.document.encode()).hexdigest()
    assert digest in shown
    seq = number(entry.removeprefix("entry "))
    assert digest in json.dumps(json.loads(LedgerEntry.objects.get(seq=seq).body))
    page.get_by_role("link", name="Check it without this portal").click()
    heading = "How do I know that nobody changed these figures?"
    expect(page.get_by_role("heading", name=heading)).to_be_visible()
    assert page.complaints == []


def in_force(company) -> Version:
    return Version.objects.effective(company.now).first()
