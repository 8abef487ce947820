"""The figures of a small demo company: each opens its rows; a second way counts alike."""

from collections import Counter

import pytest

from leads.demo import company
from leads.demo.bulk import BulkPlayer
from leads.models import Clock, Handoff, HandoffMove, StageEntry, Touch
from leads.reports.integrity import CHECKS, Scope, look
from leads.reports.period import Filters
from leads.reports.scorecard import scorecard
from leads.reports.scorecard.lines import lines
from leads.reports.scorecard.rows import Asked, rows
from portal.notifications.schedule import zone_of
from sla.models import Agreement, Version
from tests.flows.test_demo_company import SUNDAY, _company

FEW = 16  # leads, and the scenes of the morning

pytestmark = pytest.mark.django_db


def test_each_figure_of_a_lived_company_opens_its_rows_and_is_counted_alike() -> None:
    now = company.morning(SUNDAY)
    stories = _company(now, FEW)
    BulkPlayer(now=now).play(stories, until=now)
    agreement = Agreement.objects.in_order().last()
    assert agreement is not None
    version = Version.objects.in_force(agreement.pk, now)
    assert version is not None
    zone = zone_of(version.parsed.governance.zone)

    filters = Filters.from_query({"period": "quarter", "on": "2026-01-01"}, now, zone)
    asked = Asked(version, filters, now)
    told = {one.figure: one.value for one in lines(scorecard(version, filters, now))}
    assert told == {figure: rows(figure, asked).found.count() for figure in told}
    start, end = filters.period.start, filters.period.end
    _kept(told, now, start, end)
    _attempted(told, start, end)
    _came_back(told, start, end)
    _came_on(version, told, start, end)
    _asked(filters, now, version)


def _asked(filters, now, version):
    looked = look(filters.period, now, version)
    scope = Scope.of(filters.period, now, version)
    assert {one.check.key: (one.number, one.of) for one in looked.asked} == {
        check.key: (check.rows(scope).count(), check.whole(scope).count()) for check in CHECKS
    }


def _kept(told, now, start, end):
    """Row by row, as the model says what a breach is."""
    found = Counter()
    for clock in Clock.objects.filter(due_at__gte=start, due_at__lt=end):
        key = f"clocks:{clock.department_id}:{clock.obligation}"
        found[f"{key}.late"] += clock.outcome == "late" or (
            clock.stopped_at is None and clock.is_breached(now)
        )
        found[f"{key}.met"] += clock.outcome == "met"
    assert found
    assert found == {figure: told.get(figure, 0) for figure in found}


def _attempted(told, start, end):
    made = never = 0
    owing = set(Clock.objects.filter(kind="first_attempt").values_list("handoff", flat=True))
    for one in Handoff.objects.filter(first_offered_at__gte=start, first_offered_at__lt=end):
        attempts = Touch.objects.filter(
            lead=one.lead_id, department="sales", is_attempt=True, undone_at=None,
            imported=False, occurred_at__gte=one.first_offered_at,
        )  # fmt: skip
        if one.pk in owing:
            tried = attempts.exists()
            made += tried
            never += not tried and one.state != "withdrawn"
    assert (told["speed:made"], told["speed:never"]) == (made, never)
    bands = [told[f"speed:{name}"] for name in ("under5", "under15", "under60", "over60")]
    assert sum(bands) == made


def _came_back(told, start, end):
    moves = HandoffMove.objects.filter(move="return", undone_at=None)
    reasons = Counter(move.reason for move in moves if start <= move.at < end)
    for by in ("reason", "criterion"):
        counted = {k: n for k, n in told.items() if k.startswith(f"returns:{by}:")}
        assert sum(counted.values()) == reasons.total()
    assert {k: told[f"returns:reason:{k}"] for k in reasons} == reasons


def _came_on(version, told, start, end):
    entries = list(StageEntry.objects.filter(undone_at=None, lead__merged_into=None))
    for mark in version.parsed.benchmarks:
        first: dict[int, StageEntry] = {}
        for entry in sorted(entries, key=lambda one: one.entered_at):
            if entry.stage == mark.from_stage and start <= entry.entered_at < end:
                first.setdefault(entry.lead_id, entry)
        came = {
            entry.lead_id
            for entry in entries
            if entry.lead_id in first
            and entry.stage == mark.to_stage
            and 0 <= (entry.entered_at - first[entry.lead_id].entered_at).days < 90
        }
        assert told[f"cohort:{mark.key}:reached"] <= len(first)
        if mark.within.days == 90:
            assert told[f"cohort:{mark.key}:reached"] == len(came)
