"""Each question is asked where its case was planted, and an honest month stays quiet."""

from datetime import timedelta

import pytest

from leads.actions import clocks
from leads.actions.handing import handoffs, returns
from leads.actions.journeys import touches
from leads.models import Handoff, HandoffMove, Lead, StageEntry, Touch
from leads.reports.integrity import CHECKS, Scope, look
from leads.reports.integrity.checks import BY_KEY
from leads.reports.integrity.terms import criteria
from sla.core import terms as core
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_company,
    make_handoff,
    make_lead,
    make_terms,
    make_user,
)
from tests.leads.clockwork import HOUR, MINUTE
from tests.leads.reports.honest import an_honest_month
from tests.leads.reports.scenes import DAY, a_month, a_waived_entry

pytestmark = pytest.mark.django_db
END_OF_MARCH = MONDAY_NINE + 40 * DAY
SECOND = timedelta(seconds=1)


def rows(key):
    scope = Scope.of(a_month().period, END_OF_MARCH, Version.objects.first())
    return BY_KEY[key].rows(scope)


def asks(key):
    scope = Scope.of(a_month().period, END_OF_MARCH, Version.objects.first())
    check = BY_KEY[key]
    return check.asks(check.rows(scope).count(), check.whole(scope).count())


def test_an_honest_month_stays_quiet():
    an_honest_month(make_user())

    looked = look(a_month().period, END_OF_MARCH, Version.objects.first())

    assert [one.check.key for one in looked.asked if one.asks] == []
    assert sum(one.of > 0 for one in looked.asked) >= 9
    scope = Scope.of(a_month().period, END_OF_MARCH, Version.objects.first())
    found = {one.check.key: (one.number, one.of) for one in looked.asked}
    assert found == {
        check.key: (check.rows(scope).count(), check.whole(scope).count()) for check in CHECKS
    }


def test_a_week_counts_what_lies_in_it_and_the_period_what_lies_in_the_period():
    sdr = make_user()
    for at in (MONDAY_NINE, MONDAY_NINE + 7 * DAY, MONDAY_NINE + 35 * DAY):
        own = make_handoff(receiver=sdr, at=at)
        Handoff.objects.filter(pk=own.pk).update(giver=sdr)

    looked = look(a_month().period, END_OF_MARCH, Version.objects.first())

    (found,) = [one for one in looked.asked if one.check.key == "to_oneself"]
    assert (found.number, found.of) == (2, 2)
    firsts = [week.first.isoformat() for week in looked.weeks]
    told = dict(zip(firsts, found.weeks, strict=True))
    assert told["2026-03-02"] == told["2026-03-09"] == (1, 1)
    assert told["2026-03-30"] == (0, 0)


def test_each_check_counts_of_a_whole_that_holds_its_rows():
    make_handoff()
    scope = Scope.of(a_month().period, END_OF_MARCH, Version.objects.first())

    for check in CHECKS:
        outside = check.rows(scope).exclude(pk__in=check.whole(scope).values("pk"))
        assert not outside, check.key


def test_attempts_in_the_last_two_minutes_before_due():
    sdr, found = make_user(), []
    for before in (MINUTE, SECOND, 2 * MINUTE, 0 * SECOND, 90 * SECOND, 3 * MINUTE):
        handoff = make_handoff(receiver=sdr)
        clock = handoff.clocks.get(kind="first_attempt")
        touches.log(lead_id=handoff.lead_id, kind="call", by=sdr, at=clock.due_at - before)
        found.append(clock.pk)

    assert sorted(rows("last_minute").values_list("pk", flat=True)) == found[:5]
    assert asks("last_minute")


def test_calls_that_lasted_no_second():
    sdr, lead = make_user(), make_lead()
    for seconds in (0, 0, 0, 60, None):
        touches.log(lead_id=lead.pk, kind="call", by=sdr, at=MONDAY_NINE, seconds=seconds)
    touches.log(lead_id=lead.pk, kind="voicemail", by=sdr, at=MONDAY_NINE, seconds=0)

    assert rows("zero_calls").count() == 3
    assert asks("zero_calls")


def test_acceptance_without_an_attempt():
    sdr = make_user()
    idle = [make_accepted(by=sdr, at=MONDAY_NINE + MINUTE).pk for _ in range(5)]
    make_handoff(receiver=sdr)  # nobody accepted this one: another question

    assert sorted(rows("accepted_and_left").values_list("handoff", flat=True)) == idle
    assert asks("accepted_and_left")


def test_a_return_within_a_minute_of_accepting():
    sdr = make_user()
    for after in (20 * SECOND, MINUTE, 59 * SECOND, 61 * SECOND):
        handoff = make_accepted(by=sdr, at=MONDAY_NINE + MINUTE)
        returns.give_back(
            handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + MINUTE + after, reason="no_need"
        )

    assert rows("returned_at_once").count() == 3
    assert asks("returned_at_once")


def test_a_pause_when_a_tenth_of_the_target_is_left():
    """Of 16 working hours, what is left is counted over nights and without other pauses."""
    sdr = make_user()
    for before in (HOUR, 30 * MINUTE, 10 * MINUTE, None):
        handoff = make_accepted(by=sdr, at=MONDAY_NINE + MINUTE)
        clock = handoff.clocks.get(kind="disposition")
        at = clock.due_at - before if before else clock.started_at + 4 * HOUR
        clocks.pause(clock_id=clock.pk, reason="call_back", by=sdr, at=at)

    assert rows("paused_before_due").count() == 3
    assert asks("paused_before_due")


@pytest.mark.parametrize(("together", "asked"), [(11, True), (10, False)])
def test_more_than_ten_moves_alike_within_ten_seconds(together, asked):
    sdr, handoff = make_user(), make_accepted(at=MONDAY_NINE + HOUR)
    for number in range(together):
        HandoffMove.objects.create(
            handoff=handoff, move="accept", to_state="accepted", round=1, by=sdr,
            at=MONDAY_NINE + timedelta(milliseconds=900 * number),
        )  # fmt: skip

    assert asks("bulk") == asked
    assert rows("bulk").count() == together * asked


def test_a_wave_in_the_last_two_days_of_the_period():
    end = a_month().period.end
    for number in range(10):
        make_lead(at=end - timedelta(hours=4 * number + 1))
    make_lead(at=end - 2 * DAY - SECOND)

    assert rows("wave").count() == 10
    assert asks("wave")


def test_waived_entries_in_their_share():
    sdr = make_user()
    made = [a_waived_entry(sdr) for _ in range(5)]
    imported = a_waived_entry(sdr)
    StageEntry.objects.filter(pk=imported.pk).update(imported=True)

    assert list(rows("waived").order_by("pk")) == made
    assert asks("waived")


def test_touches_that_are_claimed_to_be_older_than_they_were_told():
    sdr, lead = make_user(), make_lead()
    for back in (HOUR, HOUR, HOUR, HOUR, HOUR, 15 * MINUTE):
        touches.log(
            lead_id=lead.pk, kind="call", by=sdr, at=MONDAY_NINE + HOUR,
            claimed_at=MONDAY_NINE + HOUR - back,
        )  # fmt: skip

    assert rows("back_dated").count() == 5
    assert asks("back_dated")


def test_one_person_who_counts_twice_under_two_addresses():
    company = make_company()
    make_lead("Ines Aubert", company=company, email="ines@aubert.example")
    again = make_lead("ines aubert ", company=company, at=MONDAY_NINE + DAY)
    make_lead("Ines Aubert", at=MONDAY_NINE + DAY)  # of another company
    merged = make_lead("Ines Aubert", company=company, at=MONDAY_NINE + 2 * DAY)
    Lead.objects.filter(pk=merged.pk).update(merged_into=again)

    assert [entry.lead for entry in rows("twice")] == [again]
    assert asks("twice")


def test_a_third_round_of_who_was_never_tried():
    handoff = make_accepted(at=MONDAY_NINE + HOUR)
    for number, round_ in ((1, 2), (2, 3)):
        HandoffMove.objects.create(
            handoff=handoff, move="fixed", to_state="offered", round=round_,
            at=MONDAY_NINE + number * DAY,
        )  # fmt: skip

    assert [move.round for move in rows("rounds")] == [3]
    assert asks("rounds")
    Touch.objects.create(
        lead=handoff.lead, department_id="sales", kind="call", direction="outbound",
        is_attempt=True, occurred_at=MONDAY_NINE + HOUR, recorded_at=MONDAY_NINE + HOUR,
    )  # fmt: skip
    assert not asks("rounds")


def test_a_handoff_to_oneself():
    make_handoff()
    own = make_handoff()
    Handoff.objects.filter(pk=own.pk).update(giver=own.receiver)

    assert list(rows("to_oneself")) == [own]
    assert asks("to_oneself")


def test_a_value_that_the_giver_wrote_within_the_hour_before_the_offer():
    marketer, sdr = make_user("Mia Vogt", team="demand-generation"), make_user("Sid Rowe")
    wrote = (
        (marketer, 59 * MINUTE), (marketer, MINUTE), (marketer, 0 * MINUTE),
        (marketer, HOUR), (sdr, MINUTE),
    )  # fmt: skip
    made = []
    for by, before in wrote:
        handoff = make_handoff(receiver=sdr)
        set_at = (handoff.offered_at - before).isoformat()
        evidence = [{"criterion": "mail_known", "set_by": by.name, "set_at": set_at}]
        Handoff.objects.filter(pk=handoff.pk).update(evidence=evidence)
        made.append(handoff)

    assert list(rows("set_before").order_by("pk")) == made[:3]
    assert asks("set_before")


def test_a_criterion_that_only_the_giver_can_fulfil():
    terms = make_terms()
    asked = terms["journey"][2]["criteria"]["all"][-1]["any"]
    asked[0]["department"] = "marketing"

    found = {one.key: one.only for one in criteria(core.parse(terms))}

    assert {key for key, only in found.items() if only} == {"asked_for_demo", "score"}
    assert not found["mail_known"]


def test_a_portal_may_be_told_when_a_question_is_quiet(settings):
    sdr = make_user()
    a_waived_entry(sdr)
    assert not asks("waived")

    settings.INTEGRITY_QUIET = {"waived": {"few": 1, "percent": 0}}

    assert asks("waived")


def test_what_was_late_by_the_end_of_the_period_is_asked_as_of_now():
    sdr = make_user()
    handoff = make_handoff(receiver=sdr)
    handoffs.accept(handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + MINUTE)
    clock = handoff.clocks.get(kind="first_attempt")

    early = Scope.of(a_month().period, clock.due_at, None)

    assert not BY_KEY["accepted_and_left"].rows(early)
    assert rows("accepted_and_left").count() == 1
