"""What came back: in groups, corrected and offered again together, and looked at later."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.urls import reverse

from leads.actions.answering import many
from leads.actions.answering.correcting import correct
from leads.actions.handing import endings, returns
from leads.actions.sweeping import sweep
from leads.errors import CannotBeCorrected
from leads.models import Handoff, Turn
from leads.reports.returning import groups, nurture
from leads.views.handing.back import nurture as page_of_nurture
from portal import ledger
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import MONDAY_NINE, make_company, make_handoff, make_lead, make_user

pytestmark = pytest.mark.django_db
BACK = MONDAY_NINE + timedelta(minutes=20)
LATER = MONDAY_NINE + timedelta(hours=1)
SINCE = MONDAY_NINE - timedelta(days=1)
WEBINAR = "Bearings that talk"


@pytest.fixture
def marketer():
    return make_user("Mara Keter", team="demand-generation")


def offered(marketer, **fields):
    fields.setdefault("campaign", WEBINAR)
    return make_handoff(lead=make_lead(marketer=marketer, **fields))


def returned(marketer, reason="country_not_served", **fields):
    handoff = offered(marketer, **fields)
    return returns.give_back(handoff_id=handoff.pk, by=handoff.receiver, at=BACK, reason=reason)


def test_so_many_of_so_many_from_one_campaign_came_back_for_one_reason(marketer):
    for _ in range(3):
        returned(marketer)
    offered(marketer)
    returned(marketer, reason="no_need", campaign="", source="fair")

    first, second = groups.groups("marketing", SINCE, LATER)

    assert (first.origin, first.reason_name) == (WEBINAR, "Country we do not serve")
    assert (first.returned, first.offered, first.waiting) == (3, 4, 3)
    assert "country" in first.criterion
    assert (second.origin, second.returned, second.offered) == ("fair", 1, 1)


@pytest.mark.parametrize(("by", "number"), [("reason", 2), ("origin", 2), ("criterion", 2)])
def test_groups_stand_by_reason_by_origin_or_by_criterion(marketer, by, number):
    returned(marketer)
    returned(marketer, reason="no_need", campaign="", source="fair")

    found = groups.groups("marketing", SINCE, LATER, by)

    assert len(found) == number
    assert sum(one.waiting for one in found) == 2


@pytest.mark.now(LATER)
def test_the_groups_leave_as_they_are_shown(client, marketer):
    for _ in range(3):
        returned(marketer)
    returned(marketer, reason="no_need", campaign="", source="fair")
    client.force_login(marketer)
    address = reverse("leads:returns")

    page = client.get(address, {"department": "marketing"})
    file = client.get(address, {"department": "marketing", "file": "csv"})

    rows = list(csv.DictReader(StringIO(b"".join(file.streaming_content).decode("utf-8-sig"))))
    shown = page.context["open"] + page.context["answered"]
    assert [int(row["Returned"]) for row in rows] == [one.returned for one, _url in shown]
    assert [row["Campaign"] or row["Source"] for row in rows] == [WEBINAR, "fair"]


def test_what_was_answered_waits_no_more_and_still_counts(marketer):
    handoff = returned(marketer)
    returns.answer_fixed(handoff_id=handoff.pk, by=marketer, at=LATER)

    (found,) = groups.groups("marketing", SINCE, LATER)

    assert (found.returned, found.waiting) == (1, 0)
    assert not groups.waiting("marketing").exists()


def test_what_is_disputed_waits_for_the_managers_and_not_for_the_giver(marketer):
    handoff = returned(marketer)

    returns.answer_dispute(handoff_id=handoff.pk, by=marketer, at=LATER, note="They asked")

    assert not groups.waiting("marketing").exists()
    assert groups.groups("marketing", SINCE, LATER)[0].waiting == 0


def test_a_preview_changes_nothing_and_says_of_each_what_would_come_of_it(marketer):
    good = returned(marketer)
    strange = returned(make_user(team="demand-generation"))
    entries, turns = ledger.tip()[0], Turn.objects.count()

    told = many.preview(
        {good.pk: {"company.country": "FR"}, strange.pk: {}}, by=marketer, at=LATER
    )

    assert [bool(one.refusal) for one in told] == [False, True]
    assert told[0].handoff.round == 2
    assert "giving side" in told[1].refusal
    assert Handoff.objects.get(pk=good.pk).state == "returned"
    assert (ledger.tip()[0], Turn.objects.count()) == (entries, turns)


def test_a_corrected_value_is_offered_again_with_who_set_it(marketer):
    handoff = returned(marketer, company=make_company(country="DE"))

    done = many.fix(
        handoff_id=handoff.pk, values={"company.country": "FR"}, by=marketer, at=LATER
    )

    lead = Handoff.objects.get(pk=handoff.pk).lead
    assert (done.handoff.state, done.handoff.round) == ("offered", 2)
    assert lead.company.country == "FR"
    assert lead.company.provenance["company.country"]["by"] == "Mara Keter"
    assert LedgerEntry.objects.filter(kind="lead_updated").exists()


def test_what_would_come_back_again_is_not_offered_and_nothing_changes(marketer):
    handoff = returned(marketer, company=make_company(country="DE"))

    (told,) = many.each(
        [handoff.pk],
        lambda pk: many.fix(
            handoff_id=pk, values={"company.country": "CL"}, by=marketer, at=LATER
        ),
    )

    assert "It would come back again" in told.refusal
    assert Handoff.objects.get(pk=handoff.pk).lead.company.country == "DE"


def test_where_somebody_came_from_is_not_corrected(marketer):
    handoff = returned(marketer)

    with pytest.raises(CannotBeCorrected):
        many.fix(handoff_id=handoff.pk, values={"lead.source": "fair"}, by=marketer, at=LATER)


def test_an_address_of_another_open_lead_is_not_taken(marketer):
    handoff = returned(marketer, reason="wrong_data")
    make_lead(email="taken@example.test")

    with pytest.raises(CannotBeCorrected, match=r"taken@example\.test"):
        many.fix(
            handoff_id=handoff.pk, values={"lead.email": "taken@example.test"}, by=marketer,
            at=LATER,
        )  # fmt: skip


@pytest.mark.now(LATER)
def test_the_page_previews_then_acts_with_a_result_for_each(client, marketer):
    one = returned(marketer, company=make_company(country="DE"))
    two = returned(marketer, company=make_company(country="DE"))
    client.force_login(marketer)
    url = f"{reverse('leads:returns-group')}?reason=country_not_served"
    data = {
        "answer": "fixed", "pick": [one.pk, two.pk], f"value-{one.pk}": "FR",
        f"value-{two.pk}": "CL",
    }  # fmt: skip

    preview = client.post(url, data | {"do": "look"})
    before = Handoff.objects.filter(state="offered").count()
    done = client.post(url, data | {"do": "act"})

    assert "One would be answered" in preview.text
    assert before == 0
    assert "One is answered" in done.text
    assert "It would come back again" in done.text
    assert list(Handoff.objects.filter(state="offered")) == [one]


@pytest.mark.now(LATER)
def test_one_value_is_set_for_all_and_nobody_chosen_is_refused(client, marketer):
    one = returned(marketer, company=make_company(country="DE"))
    client.force_login(marketer)
    url = f"{reverse('leads:returns-group')}?field=company.country"

    nobody = client.post(url, {"answer": "fixed", "do": "act"})
    client.post(url, {"answer": "fixed", "pick": [one.pk], "all": "FR", "do": "act"})

    assert nobody.status_code == 422
    assert "Choose at least one lead." in nobody.text
    assert Handoff.objects.get(pk=one.pk).lead.company.country == "FR"


@pytest.mark.now(LATER)
def test_the_groups_page_says_it_in_words_and_links_the_rows(client, marketer):
    returned(marketer)
    client.force_login(marketer)

    page = client.get(reverse("leads:returns")).text

    assert "1 of 1" in page
    assert f"{WEBINAR}: Country we do not serve" in page
    assert "reason=country_not_served" in page


@pytest.mark.now(LATER)
def test_many_go_to_nurture_with_a_day_and_a_person(client, marketer):
    handoff, other = returned(marketer), make_user("Nora", team="demand-generation")
    client.force_login(marketer)

    client.post(
        reverse("leads:returns-group"),
        {"answer": "recycle", "pick": [handoff.pk], "on": "2026-03-09", "to": other.pk,
         "do": "act"},
    )  # fmt: skip

    (timer,) = nurture.to_come(LATER)
    assert timer.at == datetime(2026, 3, 9, 7, tzinfo=UTC)
    assert handoff.lead.assignments.get(department="marketing", until=None).member == other


def test_it_comes_back_on_its_date_to_whom_it_was_given(marketer):
    handoff, other = returned(marketer), make_user("Nora", team="demand-generation")
    day = MONDAY_NINE + timedelta(days=7)
    endings.answer_recycle(handoff_id=handoff.pk, by=marketer, at=LATER, on=day, to=other)

    sweep.raise_due(at=day)

    assert [one.lead for one in nurture.back(day)] == [handoff.lead]
    assert [one.lead for one in nurture.of_member(nurture.back(day), other.pk)]
    told = Delivery.objects.get(about__contains=":back")
    assert told.recipient == other
    assert "back from nurture" in told.title


def test_who_was_handed_over_meanwhile_does_not_come_back_again(marketer):
    handoff = returned(marketer)
    day = MONDAY_NINE + timedelta(days=7)
    endings.answer_recycle(handoff_id=handoff.pk, by=marketer, at=LATER, on=day)
    make_handoff(lead=handoff.lead, at=LATER + timedelta(days=1))

    sweep.raise_due(at=day)

    assert not nurture.back(day).exists()
    assert not Delivery.objects.filter(about__contains=":back").exists()


@pytest.mark.now(LATER)
def test_the_nurture_page_says_who_comes_back_when_and_to_whom(client, marketer):
    handoff = returned(marketer)
    endings.answer_recycle(
        handoff_id=handoff.pk, by=marketer, at=LATER, on=LATER + timedelta(days=9),
        note="No project before April",
    )  # fmt: skip
    client.force_login(marketer)

    page = client.get(reverse("leads:nurture")).text

    assert handoff.lead.name in page
    assert "No project before April" in page


@pytest.mark.now(LATER)
def test_nurture_shows_a_page_at_a_time_and_goes_on_by_key(client, marketer, monkeypatch):
    monkeypatch.setattr(page_of_nurture, "MOST", 1)
    first, second = returned(marketer), returned(marketer)
    for days, handoff in enumerate((first, second), 3):
        endings.answer_recycle(
            handoff_id=handoff.pk, by=marketer, at=LATER, on=LATER + timedelta(days=days)
        )
    client.force_login(marketer)

    page = client.get(reverse("leads:nurture"))
    address = page.context["more_to_come"]
    rest = client.get(reverse("leads:nurture") + address)

    assert [timer.lead for timer, _seat in page.context["to_come"]] == [first.lead]
    assert [timer.lead for timer, _seat in rest.context["to_come"]] == [second.lead]
    assert rest.context["more_to_come"] == ""


@pytest.mark.now(MONDAY_NINE + timedelta(days=9))
def test_who_came_back_last_stands_first_and_older_ones_follow_by_key(
    client, marketer, monkeypatch
):
    monkeypatch.setattr(page_of_nurture, "MOST", 1)
    first, second = returned(marketer), returned(marketer)
    for days, handoff in enumerate((first, second), 7):
        day = MONDAY_NINE + timedelta(days=days)
        endings.answer_recycle(handoff_id=handoff.pk, by=marketer, at=LATER, on=day)
    sweep.raise_due(at=MONDAY_NINE + timedelta(days=9))
    client.force_login(marketer)

    page = client.get(reverse("leads:nurture"))
    rest = client.get(reverse("leads:nurture") + page.context["more_back"])

    assert [timer.lead for timer, _seat in page.context["back"]] == [second.lead]
    assert [timer.lead for timer, _seat in rest.context["back"]] == [first.lead]
    assert rest.context["more_back"] == ""


def test_a_company_without_a_row_gets_one_by_the_correction(marketer):
    lead = make_lead(marketer=marketer, company=None, email="ana@web.example")

    with ledger.recording():
        changed = correct(lead, {"company.name": "Nordlicht"}, by=marketer, at=LATER)

    assert changed == ["company.name"]
    assert lead.company.name == "Nordlicht"
