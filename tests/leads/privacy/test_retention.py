"""Rules of retention: whom they concern, and that the work erases exactly those."""

from datetime import timedelta

import pytest

from leads.actions.journeys import touches
from leads.actions.privacy import retention
from leads.errors import NotYours, PrivacyRefused
from leads.models import PrivacyRequest, RetentionRule, Touch
from portal.jobs import runner
from portal.jobs.models import Job
from tests.factories import MONDAY_NINE, make_handoff, make_lead, make_operations, make_user

pytestmark = pytest.mark.django_db
OLD = MONDAY_NINE - timedelta(days=800)


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.FILES_DIR = tmp_path / "files"


def rule(kind="closed", months=24, automatic=False):
    return retention.keep_rule(
        kind=kind, months=months, automatic=automatic, is_active=True, by=make_operations(),
        at=MONDAY_NINE,
    )  # fmt: skip


def closed(at=OLD, **fields):
    return make_lead(at=OLD, closed_at=at, closed_as="lost", **fields)


def due(made):
    return list(retention.due(made, MONDAY_NINE))


def test_a_rule_for_closed_leads_names_those_closed_so_long_ago():
    old = closed()
    closed(at=MONDAY_NINE - timedelta(days=100))
    make_lead(at=OLD)

    assert due(rule()) == [old]


def test_an_untouched_lead_is_one_that_nothing_happened_to():
    old, touched = make_lead(at=OLD), make_lead(at=OLD)
    Touch.objects.create(
        lead=touched, department_id="sales", kind="call", direction="outbound",
        occurred_at=OLD, recorded_at=MONDAY_NINE - timedelta(days=3),
    )  # fmt: skip

    assert due(rule("untouched")) == [old]


def test_a_lead_whose_clock_runs_is_never_among_them():
    handoff = make_handoff(at=MONDAY_NINE)
    lead = handoff.lead
    lead.__class__.objects.filter(pk=lead.pk).update(closed_at=OLD, closed_as="lost")

    assert due(rule()) == []


def test_nor_one_of_a_person_who_came_again():
    closed(email_key="ana@acme.test")
    make_lead(email_key="ana@acme.test")

    assert due(rule()) == []


def test_the_edge_of_a_month_is_its_last_day():
    made = RetentionRule(kind="closed", months=1)

    edge = retention.edge_of(made, MONDAY_NINE.replace(month=3, day=31))

    assert (edge.month, edge.day) == (2, 28)


def test_the_work_erases_exactly_those_and_says_by_which_rule():
    first, second, kept = closed(), closed(), make_lead()
    made, olga = rule(), make_operations()

    retention.ask(rule_id=made.pk, expected=2, by=olga, at=MONDAY_NINE)
    runner.run_all(now=lambda: MONDAY_NINE)

    for lead in (first, second, kept):
        lead.refresh_from_db()
    assert [lead.is_erased for lead in (first, second, kept)] == [True, True, False]
    assert Job.objects.get().counts == {"erased": 2}
    requests = PrivacyRequest.objects.values_list("basis", "rule")
    assert list(requests) == [("retention", made.pk)] * 2
    assert first.closed_as == "lost"


def test_another_number_than_was_seen_is_refused():
    closed()
    made, olga = rule(), make_operations()

    with pytest.raises(PrivacyRefused, match="By now 1"):
        retention.ask(rule_id=made.pk, expected=2, by=olga, at=MONDAY_NINE)
    with pytest.raises(NotYours):
        retention.ask(rule_id=made.pk, expected=1, by=make_user(), at=MONDAY_NINE)

    assert not Job.objects.exists()


def test_who_is_touched_meanwhile_stays():
    lead = make_lead(at=OLD)
    made = rule("untouched")
    retention.ask(rule_id=made.pk, expected=1, by=make_operations(), at=MONDAY_NINE)
    touches.log(lead_id=lead.pk, kind="call", by=make_user(), at=MONDAY_NINE)

    runner.run_all(now=lambda: MONDAY_NINE)

    lead.refresh_from_db()
    assert not lead.is_erased


def test_an_automatic_rule_is_followed_once_a_day():
    closed()
    rule(automatic=True)

    assert retention.ask_automatic(MONDAY_NINE) == 1
    runner.run_all(now=lambda: MONDAY_NINE)

    assert retention.ask_automatic(MONDAY_NINE + timedelta(hours=1)) == 0
    closed()
    assert retention.ask_automatic(MONDAY_NINE + timedelta(hours=21)) == 1
    assert PrivacyRequest.objects.get().done_by is None


def test_a_rule_that_only_proposes_does_nothing_by_itself():
    closed()
    rule()

    assert retention.ask_automatic(MONDAY_NINE) == 0
