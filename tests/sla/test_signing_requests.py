"""A request for signatures in time: reminders, its end, and what an amendment is called."""

from copy import deepcopy

import pytest

from leads.actions.sweeping import sweep
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.actions import requests, review
from sla.models import RequestTimer, Version
from tests.factories import make_signatory
from tests.sla.versions import DAY, NINE, a_proposal, a_signed_version, edited, sign

pytestmark = pytest.mark.django_db


def told(what):
    return list(Delivery.objects.filter(about__contains=what).in_app())


def test_who_has_not_signed_is_reminded_after_three_days():
    version = a_proposal()
    sign(version, "sales")

    early = sweep.raise_all(at=NINE + 3 * DAY - DAY)
    late = sweep.raise_all(at=NINE + 3 * DAY)

    assert (early.timers, late.timers) == (0, 1)
    assert [one.recipient for one in told(":remind:")] == [make_signatory("marketing")]
    assert told(":remind:")[0].link.endswith("/sign/")


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Sales did not sign within 30 days.", "Sales unterschrieb nicht in 30 Tagen."),
        (
            "Marketing and Sales did not sign within 14 days.",
            "Marketing and Sales unterschrieb nicht in 14 Tagen.",
        ),
        ("Sales did not sign within a few days.", "Sales did not sign within a few days."),
        ("No capacity.", "No capacity."),
    ],
)
def test_why_a_request_ended_is_said_in_the_readers_words(written, said):
    def say(text, *_more):
        german = text.replace("did not sign within", "unterschrieb nicht in")
        return german.replace("days", "Tagen").replace("%(Tagen)s", "%(days)s")

    assert requests.retold(written, say) == said


def test_a_request_ends_after_thirty_days_and_everybody_is_told():
    version = a_proposal()
    sign(version, "sales")

    sweep.raise_all(at=NINE + 31 * DAY)

    version.refresh_from_db()
    assert (version.state, version.ended_at) == ("withdrawn", NINE + 30 * DAY)
    assert version.ended_reason == "Marketing did not sign within 30 days."
    assert LedgerEntry.objects.filter(kind="version_expired").count() == 1
    assert make_signatory("sales") in [one.recipient for one in told(":expired")]
    assert sweep.next_instant() is None


def test_sweeping_again_reminds_and_ends_nothing_twice():
    a_proposal()

    for _ in range(3):
        sweep.raise_all(at=NINE + 31 * DAY)

    assert LedgerEntry.objects.filter(kind="version_expired").count() == 1


@pytest.mark.parametrize("way", ["sign", "revise", "decline", "withdraw"])
def test_what_is_answered_is_asked_no_more(way):
    version = a_proposal()
    by = version.created_by
    if way == "sign":
        sign(version, "sales"), sign(version, "marketing")
    elif way == "revise":
        review.revise(version_id=version.pk, by=by, at=NINE)
    else:
        getattr(review, way)(version_id=version.pk, by=by, at=NINE, reason="not like this")

    assert not RequestTimer.objects.to_come().exists()
    assert requests.fire_due(at=NINE + 40 * DAY, limit=10) == (0, 0)


def test_the_next_reminder_wakes_the_sweep():
    a_proposal()

    assert sweep.next_instant() == NINE + 3 * DAY


def closed_day_added(terms):
    terms["calendars"]["berlin"]["closed"].append("2027-06-01")


def test_an_administrative_amendment_is_called_so_and_needs_the_same_two_signatures():
    first = a_signed_version()
    terms = deepcopy(first.terms)
    closed_day_added(terms)
    amendment = a_proposal(at=NINE + DAY, terms=terms)
    other = a_proposal(at=NINE + DAY, terms=edited(first))

    sign(amendment, "sales", at=NINE + DAY)

    amendment.refresh_from_db()
    assert amendment.state == Version.State.PROPOSED
    assert review.administrative(amendment, NINE + DAY)
    assert not review.administrative(other, NINE + DAY)
    asked = Delivery.objects.filter(about__startswith=f"version:{amendment.pk}:1:proposed")
    assert "only calendar dates and names" in asked.first().text
