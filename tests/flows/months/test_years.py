"""January: both sides are told in time, and next year is one line that both of them sign."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from leads.models import Clock
from leads.reports.period import Filters
from leads.reports.scorecard import scorecard
from portal import wallclock
from portal.notifications.models import Delivery
from sla.actions import review
from sla.actions.renewing import remind, runs_out
from sla.core.terms.amendment import is_administrative
from sla.forms.years import coming, renewed
from sla.models import Version
from tests.factories import make_handoff, make_signatory, make_terms, make_user, make_version
from tests.leads.clockwork import BERLIN
from tests.sla.versions import a_company, sign

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 11, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
NEW_YEAR = date(2028, 1, 1)


def terms_until(year: int = 2027):
    """The classic terms with one calendar, Berlin's, that knows its days up to a year's end."""
    terms = make_terms()
    berlin = terms["calendars"]["berlin"] | {"valid_through": f"{year}-12-31"}
    return terms | {"calendars": {"berlin": berlin}}


@pytest.fixture
def version():
    a_company()
    return make_version(terms=terms_until(), at=NOON - 300 * DAY)


def test_sixty_days_before_both_sides_are_told_once_and_not_a_day_earlier(version):
    remind(NOON - DAY)
    assert not Delivery.objects.exists()

    remind(NOON)
    remind(NOON + 9 * DAY)

    told = Delivery.objects.filter(about__contains="runs_out", channel="mail")
    assert {one.recipient.department_id for one in told.select_related("recipient")} == {
        "marketing", "sales",
    }  # fmt: skip
    assert told.count() == told.values("recipient").distinct().count()
    assert set(told.values_list("link", flat=True)) == {"/agreements/inbound/next-year/"}
    assert runs_out(version, NOON) == date(2027, 12, 31)


def test_the_region_is_the_one_whose_days_the_calendar_has_had(version):
    (berlin,) = coming(version.parsed.calendars)

    assert (berlin.country, berlin.region, berlin.year) == ("DE", "BE", 2028)
    assert berlin.place == "Germany, Berlin"
    assert date(2028, 3, 8) in berlin.days  # a holiday of Berlin alone
    assert NEW_YEAR in berlin.days


def test_a_day_on_which_the_company_always_worked_stays_a_working_day():
    newyork = make_version(terms=make_terms()).parsed.calendars["new-york"]

    (calendar,) = coming({"new-york": newyork})

    assert (calendar.country, calendar.region) == ("US", "")
    assert "Thanksgiving Day" in calendar.days.values()
    assert "Columbus Day" not in calendar.days.values()


def test_a_zone_without_a_country_learns_nothing_by_itself():
    terms = terms_until()
    terms["calendars"]["berlin"]["zone"] = "UTC"

    (calendar,) = coming(make_version(terms=terms).parsed.calendars)

    assert (calendar.country, dict(calendar.days)) == ("", {})


def test_what_is_added_is_administrative(version):
    assert is_administrative(
        version.terms, renewed(version.terms, coming(version.parsed.calendars))
    )


def test_a_year_goes_over_with_one_click_and_two_signatures(client, monkeypatch, version):
    """Before, during and after: no clock of the old year moves, the new one knows its days."""
    monkeypatch.setattr(wallclock, "now", lambda: NOON)
    before = make_handoff(at=NOON)
    due = dict(Clock.objects.values_list("pk", "due_at"))
    head = make_signatory("marketing")
    client.force_login(head)

    page = client.get(reverse("sla:next-year", args=["inbound"])).content.decode()
    assert "1 January 2028" in page
    answer = client.post(reverse("sla:next-year", args=["inbound"]))
    draft = Version.objects.latest("number")
    assert answer.url == reverse("sla:version-propose", args=["inbound", draft.number])
    again = client.get(reverse("sla:next-year", args=["inbound"])).content.decode()
    assert f"Version {draft.number} has them" in again
    assert client.post(reverse("sla:next-year", args=["inbound"])).status_code == 409

    review.propose(version_id=draft.pk, by=head, at=NOON)
    draft.refresh_from_db()
    sign(draft, "marketing", at=NOON + DAY)
    during = scorecard(version, month_of(NOON), NOON + DAY)
    sign(draft, "sales", at=NOON + 2 * DAY)
    draft.refresh_from_db()
    last = datetime(2027, 12, 31, 13, tzinfo=UTC)  # a Friday, two hours before it closes
    after = make_handoff(at=last, receiver=make_user())

    assert dict(Clock.objects.filter(pk__in=due).values_list("pk", "due_at")) == due
    assert before.clocks.first().version_id == version.pk
    assert runs_out(draft, last) is None
    attempt = after.clocks.get(kind="first_attempt")
    assert attempt.version_id == draft.pk
    assert attempt.due_at.date() >= date(2028, 1, 3)
    assert promises(during) == promises(scorecard(version, month_of(NOON), NOON + DAY))


def month_of(at: datetime) -> Filters:
    return Filters.from_query({"period": "month"}, at, BERLIN)


def promises(card):
    return [(one.name, one.tally) for side in card.sides for one in side.promises]
