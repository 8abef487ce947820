"""What of an agreement is watched, how it is counted, and who is told."""

from datetime import timedelta

import pytest

from leads.actions import commitments
from leads.actions.sweeping import sweep
from leads.models import Clock, Company, Content, Pace, PaceAlert, StageEntry
from portal import ledger
from portal.accounts.models import Absence, Department
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from sla.models import Agreement
from tests.factories import (
    MONDAY_NINE,
    make_company,
    make_handoff,
    make_lead,
    make_team,
    make_terms,
    make_user,
    make_version,
)
from tests.leads.clockwork import berlin
from tests.leads.commitments.scenes import (
    APRIL,
    DAY,
    FIRST_LOOK,
    MARCH,
    MAY,
    enter,
    terms_with,
    told,
    watch,
)
from tests.sla.versions import a_signed_version

pytestmark = pytest.mark.django_db


# --- what is agreed


def test_a_version_is_watched_from_the_first_period_that_begins_under_it():
    make_team("demand-generation")
    version = a_signed_version(at=MONDAY_NINE, terms=terms_with())

    assert version.effective_from == MONDAY_NINE
    assert Pace.objects.get().begins_at == APRIL


def test_a_period_is_judged_by_the_version_in_force_when_it_began():
    watch()
    newer = make_version(terms=terms_with(count=1_000), at=MARCH + 3 * DAY)
    with ledger.recording(at=newer.effective_from):
        commitments.begin(newer, newer.effective_from)
    enter(3)

    sweep.raise_all(at=FIRST_LOOK)
    assert not PaceAlert.objects.exists()
    sweep.raise_all(at=berlin(8, 0, month=4))

    assert PaceAlert.objects.get(pace__begins_at=APRIL).agreed == 1_000


def test_what_a_later_version_no_longer_promises_is_watched_no_more():
    watch()
    make_version(terms=make_terms(commitments=[]), at=APRIL - DAY)

    sweep.raise_all(at=MAY)

    assert not Pace.objects.filter(begins_at__gte=APRIL).exists()
    assert sweep.next_instant() is None


def test_a_month_that_becomes_a_quarter_is_watched_from_the_next_quarter():
    watch()
    make_version(terms=terms_with(period="quarter"), at=APRIL - DAY)

    sweep.raise_all(at=APRIL)

    quarter = Pace.objects.get(begins_at=APRIL)
    assert (quarter.period, quarter.ends_at) == ("quarter", berlin(1, 0, month=7))


def test_what_nobody_is_to_be_told_of_is_not_watched():
    watch(behind=None)

    assert not Pace.objects.exists()


def test_customers_and_people_counted_before_do_not_help():
    watch(once_per="P90D")
    customer = make_company(status=Company.Status.CUSTOMER)
    enter(5, company=customer)
    lead = make_lead(at=MARCH - DAY)
    StageEntry.objects.create(lead=lead, stage="comparing", entered_at=MARCH + DAY)

    sweep.raise_all(at=FIRST_LOOK)

    assert PaceAlert.objects.get().done == 0


def test_who_became_a_customer_after_it_was_counted_stays_counted():
    """Nobody's volume shrinks because Sales won."""
    watch()
    won = {"status": Company.Status.CUSTOMER}
    enter(2, company=make_company(**won, owned_since=MARCH + 30 * DAY))
    enter(3, company=make_company(**won, owned_since=MARCH - DAY))

    sweep.raise_all(at=FIRST_LOOK)

    assert PaceAlert.objects.get().done == 2


def test_only_leads_that_the_agreement_governs_count():
    version = watch()
    other = Agreement.objects.create(key="other", name="Other")
    enter(5, agreement=other)
    enter(1, agreement=version.agreement)

    sweep.raise_all(at=FIRST_LOOK)

    assert PaceAlert.objects.get().done == 1


def test_a_share_that_is_kept_is_judged_by_what_was_due():
    watch(
        measure="obligation_kept", stage=None, obligation="accept", count=None, percent=100,
        department="sales",
    )  # fmt: skip
    make_user(team="inside-sales")
    for minute in range(6):
        make_handoff(at=MONDAY_NINE + timedelta(minutes=minute))
    kept = Clock.objects.filter(obligation="accept").order_by("pk")[:5]
    for clock in kept:
        Clock.objects.filter(pk=clock.pk).update(
            stopped_at=clock.started_at, outcome="met", next_step_at=None
        )

    sweep.raise_all(at=FIRST_LOOK)

    alert = PaceAlert.objects.get()
    assert (alert.done, alert.wanted, alert.agreed) == (5, 6, 100)


def test_material_is_counted_by_what_was_published_for_the_stage():
    watch(measure="content", count=10, stage="deciding")
    author = make_user(team="demand-generation")
    for day in (2, 3, 7, 8):
        Content.objects.create(
            title="Case", kind="case_study", stage="deciding", link="https://x.test",
            owner=author, added_by=author, added_at=MARCH,
            published_on=berlin(day, 12).date(),
        )  # fmt: skip

    sweep.raise_all(at=FIRST_LOOK)

    assert not PaceAlert.objects.exists()  # three by the seventh; the eighth is another day
    Content.objects.filter(published_on=berlin(7, 12).date()).delete()
    Pace.objects.update(at=FIRST_LOOK)
    sweep.raise_all(at=FIRST_LOOK)
    assert PaceAlert.objects.get().done == 2


# --- whom


@pytest.mark.parametrize(
    ("role", "names"),
    [
        ("manager", ["Manager of Demand generation", "Manager of field"]),
        ("steward", ["Steward of Demand generation", "Steward of field"]),
        ("heads", ["Head of marketing", "Head of sales"]),
        ("acting_owner", ["Head of marketing"]),
        ("other_owner", ["Head of sales"]),
        ({"person": "named@concord.test"}, ["Nora Named"]),
    ],
    ids=str,
)
def test_each_kind_of_recipient_is_found(role, names):
    make_team("demand-generation"), make_team("field", department="marketing")
    make_team("inside-sales")
    make_user("Nora Named", email="named@concord.test")
    watch(whom=[role])

    sweep.raise_all(at=FIRST_LOOK)

    assert told() == names


def test_for_an_absent_manager_the_deputy_is_told_and_for_one_who_left_the_steward():
    away, gone = make_team("demand-generation"), make_team("field", department="marketing")
    deputy = make_user("Dora Deputy")
    Absence.objects.create(user=away.manager, starts_at=MARCH, ends_at=MAY, deputy=deputy)
    gone.manager.is_active = False
    gone.manager.save()
    watch()

    sweep.raise_all(at=FIRST_LOOK)

    assert told() == ["Dora Deputy", "Steward of field"]


def test_managers_hear_of_it_weekly_where_the_agreement_says_so():
    make_team("demand-generation")
    watch(digest={"manager": "weekly"})

    sweep.raise_all(at=FIRST_LOOK)

    mail = Delivery.objects.get(about__startswith="pace:", channel="mail")
    assert (mail.digest, mail.next_at) == ("weekly", berlin(9, 8))  # Monday, 08:00


def test_the_words_say_what_was_seen_and_lead_to_the_scorecard():
    make_team("demand-generation")
    watch()
    enter(2)

    sweep.raise_all(at=FIRST_LOOK)

    row = Delivery.objects.filter(channel="in_app").get(about__startswith="pace:")
    assert (row.level, row.title) == ("risk", "Ten leads is behind its pace")
    assert row.text == (
        "Up to Sat 7 Mar 2026 there were 2 of the 3 that the pace asks for;"
        " 10 are agreed for the month."
    )
    assert row.link == "/scorecard/?period=month&on=2026-03-01"


def test_the_ledger_keeps_what_was_seen_and_whom_was_told():
    make_team("demand-generation")
    watch()

    sweep.raise_all(at=FIRST_LOOK)

    alert, entry = PaceAlert.objects.get(), LedgerEntry.objects.get(kind="pace_behind")
    manager = Department.objects.get(key="marketing").teams.get().manager
    assert entry.subject == ("pace_alert", alert.pk)
    assert entry.clear["told"] == [manager.pk]
    assert (entry.clear["done"], entry.clear["wanted"]) == (0, 3)
