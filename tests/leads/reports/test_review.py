"""The week in questions: what was late and why, what is about to be, what is undecided."""

import pytest
from django.urls import reverse

from leads.actions.handing import returns
from leads.models import Clock, Handoff
from leads.reports.review import review
from portal.accounts.models import Absence
from sla.models import Version
from tests.factories import MONDAY_NINE, make_accepted, make_handoff, make_user
from tests.leads.clockwork import HOUR, MINUTE
from tests.leads.reports.scenes import DAY, LATER, a_month, links, rows_of

pytestmark = pytest.mark.django_db
WEEK = {"period": "week", "on": "2026-03-02"}


def read(at=LATER):
    return review(Version.objects.first(), a_month(**WEEK), at)


def test_each_cause_of_what_was_late_is_told_once():
    """Away counts before the rest: who was not there could not have done it."""
    away, sdr = make_user(), make_user()
    Absence.objects.create(
        user=away, starts_at=MONDAY_NINE - DAY, ends_at=MONDAY_NINE + 9 * DAY
    )
    Clock.objects.filter(pk=_accept(make_handoff(receiver=sdr)).pk).update(owner=away)
    Clock.objects.filter(pk=_accept(make_handoff(receiver=sdr)).pk).update(owner=None)
    make_handoff(receiver=sdr)
    late = make_handoff(receiver=sdr)
    at = MONDAY_NINE + 3 * HOUR
    Clock.objects.filter(pk=_accept(late).pk).update(
        stopped_at=at, outcome="late", next_step_at=None
    )

    (found,) = [one for one in read().broken if one.tally.obligation == "accept"]

    causes = (found.away, found.unowned, found.never, found.behind)
    assert causes == (1, 1, 1, 1)
    assert sum(causes) == found.tally.late


def test_the_three_that_waited_longest_are_three_leads():
    sdr = make_user()
    made = [make_handoff(receiver=sdr, at=MONDAY_NINE + n * HOUR) for n in range(5)]

    talk = read().talk

    assert [clock.lead for clock in talk] == [one.lead for one in made[:3]]


def test_what_is_due_within_two_days_is_about_to_be_late_and_not_what_is_late():
    sdr = make_user()
    soon = make_handoff(receiver=sdr, at=LATER - 10 * MINUTE)
    make_handoff(receiver=sdr)  # late for days

    found = read().open.soon

    assert {clock.handoff for clock in found} == {soon}
    assert all(LATER <= clock.due_at < LATER + 2 * DAY for clock in found)


def test_a_dispute_waits_for_both_managers(client):
    sdr = make_user()
    handoff = make_accepted(by=sdr, at=LATER - HOUR)
    returns.give_back(handoff_id=handoff.pk, by=sdr, at=LATER - 30 * MINUTE, reason="no_need")
    giver = Handoff.objects.get(pk=handoff.pk).giver
    returns.answer_dispute(handoff_id=handoff.pk, by=giver, at=LATER - 20 * MINUTE)

    found = read().open.disputes

    assert [clock.handoff for clock in found] == [handoff]


def test_what_nobody_owns_is_named():
    clock = _accept(make_handoff(at=LATER - 5 * MINUTE))
    Clock.objects.filter(pk=clock.pk).update(owner=None)

    assert [one.pk for one in read().open.unowned] == [clock.pk]


@pytest.mark.now(LATER)
def test_every_number_of_the_review_opens_its_rows(client):
    sdr = make_user()
    make_handoff(receiver=sdr)
    for _ in range(2):
        back = make_accepted(by=sdr, at=MONDAY_NINE + HOUR, campaign="Spring")
        returns.give_back(
            handoff_id=back.pk, by=sdr, at=MONDAY_NINE + 2 * HOUR, reason="no_need"
        )
    client.force_login(sdr)

    found = links(client.get(reverse("leads:review"), WEEK).text)

    assert len(found) >= 3
    assert {url: rows_of(client, url) for url, _ in found} == dict(found)


@pytest.mark.now(LATER)
def test_a_week_without_anything_says_so(client):
    client.force_login(make_user())

    page = client.get(reverse("leads:review"))

    assert page.status_code == 200
    for said in ("Nothing was late", "Nothing is due", "No lead came back", "No volume"):
        assert said in page.text


def _accept(handoff):
    return handoff.clocks.get(kind="accept")
