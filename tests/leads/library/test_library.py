"""The library: who keeps it, what is found in it, how often it helped, and what is promised."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from leads.actions import contributions
from leads.actions.handing import endings
from leads.actions.library import keeping
from leads.desk.library.plan import plan
from leads.desk.words import ruling
from leads.errors import ContentRefused, NotInTheTeam, NotYours
from leads.models import Content
from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_accepted,
    make_agreement,
    make_operations,
    make_user,
)

HOUR = timedelta(hours=1)
NOW = MONDAY_NINE + 2 * HOUR
TODAY = date(2026, 3, 2)
LINK = "https://example.test/paper"
pytestmark = [pytest.mark.django_db, pytest.mark.now(NOW)]


@pytest.fixture
def lena():
    return make_user("Lena", team="demand-generation")


def described(owner, **fields):
    known = {"title": "Paper mill", "kind": "case_study", "link": LINK}
    return keeping.Described(owner=owner, **(known | fields))


def kept(owner, *, at=NOW, **fields):
    return keeping.add(described=described(owner, **fields), by=owner, at=at)


def asked_for(handoff, content, *, used=None):
    """Material asked for, delivered from the library, and said to be used or not."""
    one = contributions.ask(
        lead_id=handoff.lead_id, kind="case_study", subject="A firm like theirs",
        by=handoff.receiver, at=MONDAY_NINE + HOUR,
    )  # fmt: skip
    contributions.deliver(contribution_id=one.pk, by=one.owner, at=NOW, content_id=content.pk)
    if used is not None:
        contributions.mark_used(contribution_id=one.pk, by=handoff.receiver, at=NOW, used=used)
    return one


def listed(client, **query):
    return client.get(reverse("leads:library"), query)


def test_marketing_and_operations_keep_the_library_and_each_act_is_in_the_ledger(lena):
    content = kept(lena)
    olga = make_operations()
    keeping.change(
        content_id=content.pk, described=described(lena, title="Paper"), by=olga, at=NOW
    )
    keeping.retire(content_id=content.pk, by=lena, at=NOW)

    kinds = LedgerEntry.objects.filter(kind__startswith="content_").order_by("seq")
    assert list(kinds.values_list("kind", flat=True)) == [
        "content_added", "content_changed", "content_retired",
    ]  # fmt: skip
    assert "Paper" not in str(kinds[1].clear)
    assert content.history.count() == 3


@pytest.mark.parametrize("role", [Role.MEMBER, Role.AUDITOR])
def test_sales_and_auditors_read_it_and_do_not_edit_it(client, lena, role):
    team = "inside-sales" if role == Role.MEMBER else None
    reader = make_user(team=team, role=role)
    content = kept(lena)
    client.force_login(reader)

    page = listed(client)

    assert "Paper mill" in page.text
    assert "Add material" not in page.text
    assert client.get(reverse("leads:content-edit", args=[content.pk])).status_code == 404
    with pytest.raises(NotYours):
        keeping.retire(content_id=content.pk, by=reader, at=NOW)


def test_the_first_link_publishes_and_the_day_is_the_servers(lena):
    planned = kept(lena, link="", planned_for=TODAY + timedelta(days=9))
    keeping.change(content_id=planned.pk, described=described(lena), by=lena, at=NOW)

    planned.refresh_from_db()
    assert planned.published_on == TODAY


def test_a_comparison_names_its_competitor_and_a_link_is_a_web_address(lena):
    for wrong in (
        {"kind": "comparison"}, {"link": "javascript:alert(1)"}, {"title": " \u200b "},
    ):  # fmt: skip
        with pytest.raises(ContentRefused):
            kept(lena, **wrong)
    with pytest.raises(NotInTheTeam):
        keeping.add(described=described(make_user()), by=lena, at=NOW)


def test_it_is_searched_by_title_competitor_and_tag(client, lena):
    kept(lena, title="Mill", tags=["Paper", "DACH"])
    kept(lena, title="Versus", kind="comparison", competitor="Fluxion")
    client.force_login(lena)

    def hits(**query):
        page = listed(client, **query).text
        return [title for title in ("Mill", "Versus") if f">{title}</a>" in page]

    assert hits(q="paper") == ["Mill"]
    assert hits(q="fluxion") == ["Versus"]
    assert hits(tag="dach") == ["Mill"]
    assert hits(kind="comparison") == ["Versus"]
    assert hits(q="nothing like it") == []
    assert hits() == ["Mill", "Versus"]


def test_what_is_planned_or_valid_no_more_is_kept_apart(client, lena):
    kept(lena, title="Soon", link="", planned_for=TODAY + timedelta(days=9))
    kept(lena, title="Old", valid_until=TODAY - timedelta(days=1))
    kept(lena, title="Today", valid_until=TODAY)
    client.force_login(lena)

    pages = {state: listed(client, state=state).text for state in ("", "planned", "expired")}

    assert [t for t in ("Soon", "Old", "Today") if f">{t}</a>" in pages[""]] == ["Today"]
    assert ">Soon</a>" in pages["planned"]
    assert ">Old</a>" in pages["expired"]


def test_the_library_is_paged_by_key(client, lena):
    rows = [
        Content(title=f"Study {n}", kind="case_study", link=LINK, owner=lena, added_at=NOW,
                added_by=lena, published_on=TODAY)
        for n in range(35)
    ]  # fmt: skip
    Content.objects.bulk_create(rows)
    client.force_login(lena)

    first = listed(client)
    second = listed(client, after=Content.objects.order_by("-pk")[29].pk)

    assert "Study 34" in first.text
    assert ">Study 4</a>" not in first.text
    assert ">Study 4</a>" in second.text


def test_how_often_it_was_used_and_in_won_leads_is_told(client, lena):
    content = kept(lena)
    won, lost, given = (make_accepted(at=MONDAY_NINE) for _ in "123")
    asked_for(won, content, used=True)
    asked_for(lost, content, used=True)
    asked_for(given, content)
    endings.complete(handoff_id=won.pk, by=won.receiver, at=NOW, outcome="won")
    client.force_login(lena)

    (counted,) = Content.objects.with_use()
    page = client.get(reverse("leads:content", args=[content.pk]))

    assert (counted.delivered, counted.used, counted.won) == (3, 2, 1)
    assert "Used with 2 leads, 1 of them won." in page.text
    assert won.lead.name in page.text


def test_material_of_the_library_that_was_used_is_a_touch_with_its_title(lena):
    handoff = make_accepted(at=MONDAY_NINE)
    asked_for(handoff, kept(lena, title="Paper mill in Gävle"), used=True)

    touch = handoff.lead.touches.get(kind="case_study")
    assert (touch.subject, touch.department_id) == ("Paper mill in Gävle", "marketing")


def test_what_is_valid_no_more_is_not_delivered(lena):
    handoff = make_accepted(at=MONDAY_NINE)
    old = kept(lena, valid_until=TODAY - timedelta(days=1))

    with pytest.raises(ContentRefused):
        asked_for(handoff, old)


def test_sales_asks_and_sees_what_is_there_already(client, lena):
    handoff = make_accepted(at=MONDAY_NINE)
    kept(lena, title="Versus Fluxion", kind="comparison", competitor="Fluxion")
    client.force_login(handoff.receiver)
    url = reverse("leads:contribution-ask", args=[handoff.lead_id])

    page = client.get(url, {"kind": "comparison", "competitor": "fluxion"})
    unnamed = client.post(url, {"kind": "comparison", "subject": "Board"})
    asked = client.post(
        url, {"kind": "comparison", "competitor": "Oscilla", "subject": "For their board"}
    )

    assert "Versus Fluxion" in page.text
    assert (unnamed.status_code, asked.status_code) == (422, 302)
    assert "Name the competitor to compare with." in unnamed.text
    one = handoff.lead.contributions.get()
    assert str(one) == "comparison with Oscilla: For their board"


def test_a_request_has_an_owner_and_a_clock_and_is_delivered_from_the_library(client, lena):
    handoff = make_accepted(at=MONDAY_NINE)
    content = kept(lena)
    one = contributions.ask(
        lead_id=handoff.lead_id, kind="case_study", subject="A firm like theirs",
        by=handoff.receiver, at=MONDAY_NINE + HOUR,
    )  # fmt: skip
    client.force_login(one.owner)
    waiting = client.get(reverse("leads:contributions")).text
    url = reverse("leads:contribution-deliver", args=[one.pk])
    offered = client.get(url).text
    neither = client.post(url, {})

    client.post(url, {"content": content.pk})

    assert str(one.owner) in waiting
    assert reverse("leads:clock", args=[one.clocks.get().pk]) in waiting
    assert "Paper mill" in offered
    assert neither.status_code == 422
    one.refresh_from_db()
    assert (one.content, one.link) == (content, LINK)
    assert one.clocks.get().outcome == "met"
    assert (
        "A firm like theirs"
        in client.get(reverse("leads:contributions"), {"state": "delivered"}).text
    )


def test_the_plan_sets_what_is_published_and_planned_beside_the_promise(client, lena):
    make_agreement()
    kept(lena, stage="deciding")
    kept(lena, title="Last year", stage="deciding", at=MONDAY_NINE - timedelta(days=120))
    kept(lena, title="Soon", stage="deciding", link="", planned_for=TODAY + timedelta(days=9))
    kept(lena, title="Late", stage="deciding", link="", planned_for=TODAY - timedelta(days=9))

    shelves = plan(ruling(NOW), False, ZoneInfo("Europe/Berlin"), NOW)
    (promised,) = next(shelf for shelf in shelves if shelf.key == "deciding").promises

    assert promised.promised == 6
    assert [one.title for one in promised.published] == ["Paper mill"]
    assert {one.title for one in promised.planned} == {"Soon", "Late"}
    assert [one.title for one in promised.late] == ["Late"]
    assert promised.missing == 3
    client.force_login(lena)
    page = client.get(reverse("leads:library-plan"))
    assert "1 of 6 published" in page.text


def test_the_file_of_the_library_has_both_words_and_the_use(client, lena):
    make_agreement()
    kept(lena, stage="deciding", title="=1+1")
    client.force_login(lena)

    answer = client.get(reverse("leads:library-csv"))

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert '"Deciding","Opportunity"' in text
    assert "'=1+1" in text
