"""Breaches get a cause that both departments agree on; what is agreed leads to a draft."""

import html
import re

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from leads.actions.reviewing import causes
from leads.actions.reviewing.changing import propose_a_change
from leads.errors import NothingAgreed, NotYours
from leads.models import BreachCause, Clock
from leads.reports.breaches import breaches
from leads.reports.breaches.months import by_month
from leads.reports.breaches.reading import suggestion
from portal import ledger, wallclock
from portal.accounts.models import Absence
from portal.ledger.models import LedgerEntry
from sla.models import Version
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_signatory, make_user
from tests.leads.clockwork import HOUR
from tests.leads.reports.scenes import DAY, LATER, a_month

pytestmark = pytest.mark.django_db


def late(number=3, **fields):
    """So many offers of one day to one person that nobody accepted."""
    sdr = fields.pop("receiver", None) or make_user()
    made = [make_handoff(receiver=sdr, **fields) for _ in range(number)]
    return [one.clocks.get(kind="accept") for one in made]


def of(kind="accept", at=LATER):
    return [one for one in breaches(a_month(), at).groups if one.first.kind == kind]


def found(pattern, page):
    return html.unescape(re.search(pattern, page.text)[1])


@pytest.fixture
def heads():
    make_agreement()
    return make_signatory("marketing"), make_signatory("sales")


def test_three_of_one_promise_team_and_day_are_a_group_and_two_are_none():
    made = late(3)
    late(2, at=MONDAY_NINE + DAY)

    (found,) = [one for one in of() if one.kind == "day"]

    assert {clock.pk for clock in found.clocks} == {clock.pk for clock in made}


def test_three_of_one_campaign_are_a_group_whatever_their_days():
    sdr = make_user()
    for days in range(3):
        late(1, at=MONDAY_NINE + days * DAY, receiver=sdr, campaign="Fair | 2026")

    (found,) = [one for one in of() if one.kind == "campaign"]

    assert (found.what, len(found.clocks)) == ("Fair | 2026", 3)


def test_one_alone_is_reviewed_when_the_last_step_of_its_ladder_has_passed():
    (clock,) = late(1)
    last = max(step["at"] for step in clock.steps)

    assert [one.kind for one in of(at=LATER)] == ["last"]
    Clock.objects.filter(pk=clock.pk).update(
        stopped_at=clock.due_at + HOUR / 60, outcome="late", next_step_at=None
    )
    assert last > (clock.due_at + HOUR / 60).isoformat()
    assert of() == []


def test_nobody_is_in_two_groups():
    late(3, campaign="Fair")
    late(1, at=MONDAY_NINE + DAY, campaign="Fair")

    found = [clock.pk for one in breaches(a_month(), LATER).groups for clock in one.clocks]

    assert len(found) == len(set(found))


def test_who_was_away_suggests_absence_and_who_had_no_room_capacity():
    away, full = make_user(), make_user(capacity=1)
    for person in (away, full):
        late(3, receiver=person)
    Absence.objects.create(user=away, starts_at=MONDAY_NINE, ends_at=MONDAY_NINE + DAY)

    suggested = {clock.owner: suggestion(clock) for one in of() for clock in one.clocks}

    assert suggested == {away: "absence", full: "capacity"}


def test_one_department_proposes_and_the_other_agrees(heads):
    marketing, sales = heads
    clocks = [clock.pk for clock in late()]

    first = causes.say(clocks=clocks, cause="capacity", text="a fair", by=sales, at=LATER)
    second = causes.say(clocks=clocks, cause="capacity", text="", by=marketing, at=LATER)

    assert (first.named, second.agreed) == (3, 3)
    kept = BreachCause.objects.first()
    assert (kept.by, kept.agreed_by, kept.text) == (sales, marketing, "a fair")
    kinds = list(LedgerEntry.objects.order_by("seq").values_list("kind", flat=True))[-6:]
    assert kinds == [ledger.Kind.CAUSE_NAMED] * 3 + [ledger.Kind.CAUSE_AGREED] * 3


def test_saying_it_again_oneself_is_no_agreement(heads):
    _marketing, sales = heads
    clocks = [clock.pk for clock in late()]

    for _turn in range(2):
        causes.say(clocks=clocks, cause="capacity", text="", by=sales, at=LATER)

    assert not BreachCause.objects.exclude(agreed_at=None).exists()
    assert BreachCause.objects.filter(replaced_at=None).count() == 3


def test_the_other_names_another_and_the_first_agrees_to_that(heads):
    marketing, sales = heads
    clocks = [clock.pk for clock in late()]

    causes.say(clocks=clocks, cause="data", text="", by=sales, at=LATER)
    causes.say(clocks=clocks, cause="capacity", text="", by=marketing, at=LATER)
    causes.say(clocks=clocks, cause="capacity", text="", by=sales, at=LATER)

    agreed = BreachCause.objects.exclude(agreed_at=None)
    assert set(agreed.values_list("cause", flat=True)) == {"capacity"}
    assert BreachCause.objects.filter(cause="data", replaced_at=LATER).count() == 3


def test_what_is_agreed_stays(heads):
    _marketing, sales = heads
    clocks = [clock.pk for clock in late()]
    for by in heads:
        causes.say(clocks=clocks, cause="capacity", text="", by=by, at=LATER)

    said = causes.say(clocks=clocks, cause="data", text="", by=sales, at=LATER)

    assert (said.settled, said.named) == (3, 0)
    assert all(one.agreed for one in of())


def test_who_is_no_manager_says_nothing_and_what_was_kept_has_no_cause(heads):
    clocks = [clock.pk for clock in late()]

    with pytest.raises(NotYours):
        causes.say(clocks=clocks, cause="data", text="", by=make_user(), at=LATER)
    with pytest.raises(ValueError, match="late"):
        causes.say(clocks=clocks, cause="data", text="", by=heads[0], at=MONDAY_NINE)
    assert not BreachCause.objects.exists()


def test_agreed_causes_are_counted_by_month(heads):
    clocks = [clock.pk for clock in late()]
    for by in heads:
        causes.say(clocks=clocks, cause="absence", text="", by=by, at=LATER)

    (row,) = by_month(a_month()).rows

    assert (row.cause, row.numbers) == ("absence", (0, 0, 0, 0, 0, 3))


def test_a_change_for_capacity_gives_the_promise_the_target_that_would_have_been_kept(heads):
    clocks = [clock.pk for clock in late()]
    for clock in Clock.objects.filter(pk__in=clocks):
        handoffs.accept(handoff_id=clock.handoff_id, by=clock.owner, at=MONDAY_NINE + 3 * HOUR)
    for by in heads:
        causes.say(clocks=clocks, cause="capacity", text="", by=by, at=LATER)
    version = Version.objects.get()

    draft = propose_a_change(
        cause="capacity", filters=a_month(), version=version, by=heads[0], at=LATER
    )

    owed = {one.key: one for one in draft.parsed.obligations}["accept"]
    assert owed.targets[-1].within.time == 3 * HOUR
    assert draft.state == Version.State.DRAFT
    assert "capacity" in draft.reason
    assert draft.terms != version.terms


def test_nothing_agreed_leads_to_no_draft(heads):
    late()
    with pytest.raises(NothingAgreed):
        propose_a_change(
            cause="data",
            filters=a_month(),
            version=Version.objects.get(),
            by=heads[0],
            at=LATER,
        )


def test_on_the_page_one_side_proposes_the_other_agrees_and_a_draft_follows(
    client, heads, monkeypatch
):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    late()
    marketing, sales = heads
    url = reverse("leads:breaches")
    client.force_login(sales)
    page = client.get(url)
    group = html.unescape(re.search(r'name="group" value="(day\|accept[^"]*)"', page.text)[1])
    link = html.unescape(
        re.search(r'href="([^"]*/breaches/rows/[^"]*accept[^"]*)"', page.text)[1]
    )
    assert client.get(link).text.count('<th scope="row"') == 3

    assert client.post(reverse("leads:breach-say"), {"group": group}).status_code == 422
    said = {"group": group, "cause": "absence"}
    assert client.post(reverse("leads:breach-say"), said).status_code == 302
    assert client.post(reverse("leads:breach-say"), said).status_code == 409  # it moved on

    client.force_login(marketing)
    page = client.get(url)
    theirs = found(r'name="group" value="(day\|accept[^"]*absence[^"]*)"', page)
    client.post(reverse("leads:breach-say"), {"group": theirs, "cause": "absence"})
    assert BreachCause.objects.exclude(agreed_at=None).count() == 3

    answer = client.post(reverse("leads:breach-change"), {"cause": "absence"})
    draft = Version.objects.get(state=Version.State.DRAFT)
    assert answer.url == reverse("leads:backtest", args=[draft.agreement.key, draft.number])


def test_the_page_asks_few_questions(client, heads, django_assert_max_num_queries, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    late()
    client.force_login(heads[0])

    with django_assert_max_num_queries(12):
        assert client.get(reverse("leads:breaches")).status_code == 200
