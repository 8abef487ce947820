"""January: both sides are told in time, and next year is one line that both of them sign."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse

from portal import wallclock
from portal.notifications.models import Delivery
from sla.actions import review
from sla.actions.renewing import remind, runs_out
from sla.core.terms.amendment import is_administrative
from sla.forms.years import coming, renewed
from sla.models import Version
from tests.factories import make_handoff, make_signatory, make_terms, make_user, make_version
from tests.flows.months.cards import answer, broken, card, dues
from tests.sla.versions import a_company, sign

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 11, 1, 12, tzinfo=UTC)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LAST = datetime(2027, 12, 31, 13, tzinfo=UTC)  # a Friday, two hours before it closes
NEW_DAY = datetime(2028, 1, 3, tzinfo=UTC)  # the Monday after
BOTH = ("accept", "first_attempt")
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
    answer(make_handoff(at=NOON), NOON + MINUTE)
    runs = make_handoff(at=NOON)
    due, before = dues(), card(NOON + MINUTE, version=version)
    draft = drafted_by_the_page(client)

    sign(draft, "marketing", at=NOON + 2 * MINUTE)
    during = card(NOON + 2 * MINUTE, version=version)
    sign(draft, "sales", at=NOON + 3 * MINUTE)
    draft.refresh_from_db()
    after = card(NOON + 3 * MINUTE, version=draft)
    answer(runs, NOON + 4 * MINUTE)

    assert before == during == after == dict.fromkeys(BOTH, (1, 0, 1))
    assert card(NOON + DAY, version=draft) == dict.fromkeys(BOTH, (2, 0, 0))
    assert {*runs.clocks.values_list("version", flat=True)} == {version.pk}
    assert dues().items() >= due.items()
    assert broken(NOON + DAY) == {}
    over_new_year(draft)
    assert card(LAST, version=draft, on="2027-11-30") == dict.fromkeys(BOTH, (2, 0, 0))


def drafted_by_the_page(client):
    """The amendment as a head makes it with one click, and proposes it."""
    head = make_signatory("marketing")
    client.force_login(head)
    page = client.get(reverse("sla:next-year", args=["inbound"])).content.decode()
    assert "1 January 2028" in page
    answered = client.post(reverse("sla:next-year", args=["inbound"]))
    draft = Version.objects.latest("number")
    assert answered.url == reverse("sla:version-propose", args=["inbound", draft.number])
    again = client.get(reverse("sla:next-year", args=["inbound"])).content.decode()
    assert f"Version {draft.number} has them" in again
    assert client.post(reverse("sla:next-year", args=["inbound"])).status_code == 409
    review.propose(version_id=draft.pk, by=head, at=NOON + MINUTE)
    draft.refresh_from_db()
    return draft


def over_new_year(draft):
    """An offer of the old year's last hours: what is due in the new one counts there."""
    offered = make_handoff(at=LAST, receiver=make_user())
    assert runs_out(draft, LAST) is None
    assert {*offered.clocks.values_list("version", flat=True)} == {draft.pk}
    first = offered.clocks.get(kind="accept").due_at
    assert min(dues().values()) < LAST < NEW_DAY < first
    assert card(LAST, version=draft) == {}
    answer(offered, first)
    assert card(first, version=draft, on="2027-12-31") == {}
    assert card(first, version=draft) == dict.fromkeys(BOTH, (1, 0, 0))
