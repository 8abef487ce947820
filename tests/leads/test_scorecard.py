"""The scorecard: each figure opens onto exactly the rows that it counts."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions import clocks
from leads.actions.handing import endings, handoffs, returns
from leads.models import Clock, Handoff, StageEntry
from leads.reports import figures
from leads.reports.scorecard.conversions import conversion
from leads.reports.period import Filters
from leads.reports.scorecard.returns import returns as returned
from leads.reports.scorecard import scorecard
from leads.reports.volume import volume
from portal import wallclock
from portal.accounts.models import Role
from sla.models import Version
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_company,
    make_handoff,
    make_lead,
    make_team,
    make_terms,
    make_user,
    make_version,
)
from tests.leads.clockwork import BERLIN, HOUR, MINUTE

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = MONDAY_NINE + 4 * DAY
LINK = re.compile(r'<a href="([^"]*figure=[^"]*)">\s*([^<]*?)\s*</a>')


@pytest.fixture
def reader(client, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    person = make_user(team=None, role=Role.AUDITOR)
    client.force_login(person)
    return person


def a_month(**query):
    return Filters.from_query(query, LATER, BERLIN)


def terms_of_the_month():
    """The classic terms with a benchmark that was confirmed, and a calendar for New York."""
    terms = make_terms()
    terms["benchmarks"][1]["confirmed"] = True
    office = terms["calendars"]["berlin"] | {"name": "New York", "zone": "America/New_York"}
    terms["calendars"] |= {"new-york": office}
    return terms


@pytest.fixture
def company():
    """Clocks that were kept, late, never stopped, open, paused, returned and cancelled, in
    two calendars; entries that were waived, imported, and of a lead that was merged."""
    version = make_version(terms=terms_of_the_month())
    sdr = make_user("Sid Rowe")
    met = make_accepted(by=sdr, at=MONDAY_NINE + 20 * MINUTE)
    clocks.pause(
        clock_id=met.clocks.get(kind="disposition").pk, reason="call_back", by=sdr,
        at=MONDAY_NINE + HOUR,
    )  # fmt: skip
    late = make_handoff(receiver=sdr)
    handoffs.accept(handoff_id=late.pk, by=sdr, at=MONDAY_NINE + 3 * HOUR)
    make_handoff(receiver=sdr)
    for reason in ("no_need", "no_need", "too_small"):
        back = make_accepted(by=sdr, at=MONDAY_NINE + HOUR, campaign="Spring")
        returns.give_back(handoff_id=back.pk, by=sdr, at=MONDAY_NINE + 2 * HOUR, reason=reason)
    gone = make_handoff(receiver=sdr, at=MONDAY_NINE + DAY)
    endings.withdraw(handoff_id=gone.pk, by=gone.giver, at=MONDAY_NINE + DAY + MINUTE)
    make_team("inside-sales").__class__.objects.filter(key="inside-sales").update(
        calendar="new-york"
    )
    make_handoff(receiver=sdr, at=LATER - HOUR)
    a_merged_lead(), a_waived_entry(sdr), an_imported_entry(), a_customer()
    return version


def a_merged_lead():
    into = make_lead(at=MONDAY_NINE)
    lead = make_lead(at=MONDAY_NINE)
    lead.merged_into = into
    lead.save()
    return lead


def a_waived_entry(by):
    lead = make_lead(at=MONDAY_NINE)
    return StageEntry.objects.create(
        lead=lead, stage="talking", entered_at=MONDAY_NINE + DAY, waived_by=by,
        waiver_reason="they called us",
    )  # fmt: skip


def an_imported_entry():
    lead = make_lead(at=MONDAY_NINE)
    lead.stage_entries.update(imported=True)
    return lead


def a_customer():
    return make_lead(at=MONDAY_NINE, company=make_company(status="customer"))


def links(page):
    """Every link of the page that opens a figure, with the number it shows."""
    found = [(html.unescape(url), text) for url, text in LINK.findall(page.text)]
    return [(url, int(re.match(r"[\d\s.,]+", text)[0].replace(",", ""))) for url, text in found]


def rows_of(client, url):
    """All rows behind a figure, page after page."""
    number = 0
    while url:
        page = client.get(url)
        assert page.status_code == 200, url
        number += page.text.count('<th scope="row">')
        older = re.search(r'href="(\?[^"]*after=\d+[^"]*)"', page.text)
        url = url.partition("?")[0] + html.unescape(older[1]) if older else ""
    return number


@pytest.mark.parametrize("period", ["week", "month", "quarter"])
def test_each_figure_opens_onto_exactly_its_rows(client, reader, company, period):
    page = client.get(reverse("leads:scorecard"), {"period": period})

    found = links(page)

    assert len(found) > 15
    assert {url: rows_of(client, url) for url, _ in found} == dict(found)


@pytest.mark.parametrize(
    "query", [{"team": "inside-sales"}, {"source": "website"}, {"segment": "trial"}]
)
def test_it_does_under_a_filter_too(client, reader, company, query):
    found = links(client.get(reverse("leads:scorecard"), query))

    assert {url: rows_of(client, url) for url, _ in found} == dict(found)


def test_rows_are_paged_without_loss(client, reader, company, monkeypatch):
    monkeypatch.setattr("leads.views.reports.scorecard.PAGE", 2)
    found = links(client.get(reverse("leads:scorecard")))

    assert {url: rows_of(client, url) for url, _ in found} == dict(found)


def test_every_clock_of_the_period_is_in_one_outcome_and_in_one_only(company):
    filters = a_month()
    of = figures.conditions(LATER)

    counted = [figures.clocks(filters).filter(of[name]).count() for name in figures.OUTCOMES]

    assert sum(counted) == figures.clocks(filters).count()
    assert all(counted[: figures.OUTCOMES.index("excused")])


def test_attainment_is_met_of_met_and_late_and_nothing_else(company):
    tally = next(t for t in figures.tallies(a_month(), LATER) if t.obligation == "accept")

    # Of six on Monday one was accepted late, and one never; those that were returned were
    # accepted first. One was withdrawn; one is open, in New York.
    assert (tally.met, tally.late, tally.never) == (4, 2, 1)
    assert (tally.cancelled, tally.open) == (1, 1)
    assert tally.due == 6


def test_a_paused_clock_is_open_and_never_late_meanwhile(company):
    paused = Clock.objects.get(paused_at__isnull=False)

    for at in (LATER, paused.due_at + DAY):
        assert paused not in Clock.objects.filter(figures.conditions(at)["late"])
        assert paused in Clock.objects.filter(figures.conditions(at)["open"])


def test_due_exactly_now_is_still_in_time():
    clock = make_handoff().clocks.get(kind="accept")
    late = figures.conditions(clock.due_at)["late"]

    assert clock not in Clock.objects.filter(late)
    after = figures.conditions(clock.due_at + timedelta(microseconds=1))["late"]
    assert clock in Clock.objects.filter(after)


def test_a_clock_belongs_to_the_period_that_its_due_instant_lies_in():
    clock = make_handoff().clocks.get(kind="accept")
    march = a_month(on="2026-03-01").period
    for due, inside in ((march.start, True), (march.end, False)):
        Clock.objects.filter(pk=clock.pk).update(started_at=march.start - DAY, due_at=due)

        assert figures.clocks(a_month()).filter(pk=clock.pk).exists() == inside


def test_a_figure_that_does_not_exist_counts_nothing(client, reader, company):
    url = reverse("leads:scorecard-rows")

    assert not figures.rows("accept.wonderful", a_month(), LATER)
    for figure in ("", "nothing", "volume:nothing", "cohort:nothing", "clocks"):
        assert client.get(url, {"figure": figure}).status_code in {200, 404}
    assert (
        client.get(url, {"figure": "returns:no_need", "after": "9" * 5000}).status_code == 200
    )


def test_entries_of_merged_leads_do_not_count_and_waived_and_imported_ones_are_told(company):
    mark = company.parsed.benchmarks[1]

    found = conversion(mark, a_month(), LATER)

    # The leads of eight handoffs, the merged one's survivor, and three more.
    everybody = StageEntry.objects.filter(stage="comparing", lead__merged_into=None)
    assert found.rate.n == everybody.values("lead").distinct().count()
    assert found.imported == 1
    assert found.waived == 0


def test_the_waived_of_a_cohort_are_shown_apart(company):
    terms = terms_of_the_month()
    terms["benchmarks"][2]["from_stage"] = "talking"
    mark = company.parsed.benchmarks[2]
    assert mark.from_stage == "talking"

    assert conversion(mark, a_month(), LATER).waived == 1


def test_an_unconfirmed_benchmark_gives_no_verdict_and_an_open_window_is_too_early(company):
    unconfirmed, confirmed = company.parsed.benchmarks[:2]

    assert conversion(unconfirmed, a_month(), LATER).verdict == "none"
    assert conversion(confirmed, a_month(), LATER).verdict == "few"
    closed = conversion(confirmed, a_month(), LATER + 200 * DAY)
    assert closed.mature
    assert closed.verdict in {"yes", "no", "few"}


def test_a_person_counts_once_a_window_and_a_customer_never():
    version = make_version()
    commitment = version.parsed.commitments[0]
    lead = make_lead(email="ines@aubert.example")
    for again in (DAY, 5 * DAY):
        StageEntry.objects.create(lead=lead, stage="comparing", entered_at=MONDAY_NINE + again)
    a_customer(), an_imported_entry(), a_merged_lead()

    found = volume(commitment, a_month(), LATER)

    # The lead that came back, and the one that the merged lead was merged into.
    assert found.total == 2
    assert found.done[-1] == 2


def test_a_lead_that_counts_twice_shows_two_rows(client, reader):
    terms = make_terms()
    terms["commitments"][0]["once_per"] = "P1D"
    make_version(terms=terms)
    lead = make_lead(at=MONDAY_NINE)
    StageEntry.objects.create(lead=lead, stage="comparing", entered_at=MONDAY_NINE + 2 * DAY)

    found = dict(links(client.get(reverse("leads:scorecard"))))
    (url,) = [url for url in found if "volume:" in url]

    assert found[url] == rows_of(client, url) == 2


def test_returns_are_told_by_reason_and_by_how_they_were_answered():
    """A fix is recorded in the round that it opens, a dispute and a recycling in their own."""
    sdr = make_user()
    one, two, three, four = [
        make_accepted(by=sdr, at=MONDAY_NINE + HOUR, campaign="Spring") for _ in range(4)
    ]
    for handoff in (one, two, three, four):
        returns.give_back(
            handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + 2 * HOUR, reason="no_need"
        )
    at = MONDAY_NINE + 3 * HOUR
    returns.answer_fixed(handoff_id=one.pk, by=one.giver, at=at)
    returns.answer_dispute(handoff_id=two.pk, by=two.giver, at=at)
    endings.answer_recycle(
        handoff_id=three.pk, by=three.giver, at=at, on=at + 30 * DAY, note="in spring"
    )

    (row,) = returned(a_month())

    assert (row.reason, row.number, row.most_from) == ("no_need", 4, ("Spring", 4))
    assert row.answers == {"fixed": 1, "disputed": 1, "nurture": 1, "waiting": 1}


def test_a_dispute_that_was_mended_after_all_is_told_as_mended_and_the_next_return_apart():
    sdr = make_user()
    handoff = make_accepted(by=sdr, at=MONDAY_NINE + HOUR)
    returns.give_back(
        handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + 2 * HOUR, reason="no_need"
    )
    giver = Handoff.objects.get(pk=handoff.pk).giver
    returns.answer_dispute(handoff_id=handoff.pk, by=giver, at=MONDAY_NINE + 3 * HOUR)
    returns.answer_fixed(handoff_id=handoff.pk, by=giver, at=MONDAY_NINE + 4 * HOUR)
    returns.give_back(
        handoff_id=handoff.pk, by=sdr, at=MONDAY_NINE + 5 * HOUR, reason="no_need"
    )

    (row,) = returned(a_month())

    assert row.answers == {"fixed": 1, "waiting": 1}


def test_a_promise_says_kept_or_below_only_of_enough():
    sdr = make_user()
    for _ in range(4):
        make_accepted(by=sdr, at=MONDAY_NINE + MINUTE)
    version = Version.objects.get()

    def verdict():
        card = scorecard(version, a_month(), LATER)
        return next(p for p in card.sales.promises if p.tally.obligation == "accept").verdict

    assert verdict() == "few"
    make_accepted(by=sdr, at=MONDAY_NINE + MINUTE)
    assert verdict() == "kept"
    make_handoff(receiver=sdr, at=MONDAY_NINE)
    assert verdict() == "below"


def test_what_both_owe_and_what_each_owes_stand_in_the_column_of_who_owes_it(company):
    card = scorecard(company, a_month(), LATER)

    for side in card.sides:
        assert {p.tally.party for p in side.promises} <= {side.department}
    assert {p.tally.obligation for p in card.marketing.promises} >= {"answer"}
    assert {p.tally.obligation for p in card.sales.promises} >= {"accept", "first_attempt"}


@pytest.mark.parametrize("name", ["desk", "lead-list", "alerts", "scorecard", "scorecard-rows"])
def test_a_page_asks_a_bounded_number_of_questions(
    client, reader, company, name, django_assert_max_num_queries
):
    client.force_login(Handoff.objects.first().receiver)
    query = {"figure": "clocks:sales:accept.all"} if name == "scorecard-rows" else {}
    client.get(reverse(f"leads:{name}"), query)

    with django_assert_max_num_queries(25):
        assert client.get(reverse(f"leads:{name}"), query).status_code == 200


def test_a_lead_asks_a_bounded_number_of_questions(
    client, reader, company, django_assert_max_num_queries
):
    handoff = Handoff.objects.exclude(return_reason="").first()
    client.force_login(handoff.receiver)
    url = reverse("leads:lead", args=[handoff.lead_id])

    with django_assert_max_num_queries(25):
        assert client.get(url).status_code == 200


def test_an_administrator_without_a_department_sees_none_of_it(client, reader, company):
    client.force_login(make_user(team=None, role=Role.ADMIN, is_staff=True))
    lead, clock = Handoff.objects.first().lead_id, Clock.objects.first().pk
    pages = [
        reverse("leads:scorecard"), reverse("leads:desk"), reverse("leads:lead-list"),
        reverse("leads:lead", args=[lead]), reverse("leads:clock", args=[clock]),
        f"{reverse('leads:scorecard-rows')}?figure=clocks:sales:accept.all",
    ]  # fmt: skip

    assert {client.get(url).status_code for url in pages} == {404}
    agreement = client.get(reverse("sla:agreement", args=["inbound"]))
    assert agreement.status_code == 200
    assert "figure=" not in agreement.text
