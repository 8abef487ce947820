"""The desk is narrowed by its address: by kind, time, stage, team, source and segment."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.handing import handoffs
from leads.desk import owed
from leads.desk.mine import filters
from leads.desk.mine.filters import Filter
from leads.desk.words import stage_words
from tests.factories import MONDAY_NINE, make_company, make_handoff, make_lead, make_user

LATER = MONDAY_NINE + timedelta(hours=2)
pytestmark = [pytest.mark.django_db, pytest.mark.now(LATER)]


@pytest.fixture
def rep():
    return make_user("Anna Keller", team="inside-sales")


def offered(rep, name, **fields):
    at = fields.pop("at", MONDAY_NINE)
    return make_handoff(lead=make_lead(name=name, at=at, **fields), receiver=rep, at=at)


def shown(page, *names):
    return [name for name in names if f">{name}</a>" in page]


def test_a_filter_is_written_as_it_is_read():
    asked = Filter(kind="accept", state="late", q="Aubert & Co")

    assert filters.read(filters.parsed(asked.query())) == asked


def test_a_value_that_there_is_not_asks_for_nothing():
    assert filters.read({"kind": "\x00nothing", "state": "red", "density": "tiny"}) == Filter()


def test_an_address_that_asks_for_everything_says_so():
    assert Filter().query() == "?show=all"


def test_the_desk_shows_only_the_kind_that_is_asked_for(desk, rep):
    waiting, taken = offered(rep, "Ines Moreau"), offered(rep, "Marek Hulk")
    handoffs.accept(handoff_id=taken.pk, by=rep, at=LATER)

    names = ("Ines Moreau", "Marek Hulk")

    assert shown(desk(rep, "?kind=accept"), *names) == ["Ines Moreau"]
    assert shown(desk(rep, "?kind=outcome"), *names) == ["Marek Hulk"]
    assert shown(desk(rep, "?show=attempts"), *names) == list(names)
    assert waiting.state == "offered"


def test_a_kind_is_counted_in_the_rows_that_it_shows(desk, rep):
    """Who accepted and did not try yet owes the first attempt and the next one of the cadence:
    two clocks, one row."""
    offered(rep, "Ines Moreau")
    handoffs.accept(handoff_id=offered(rep, "Marek Hulk").pk, by=rep, at=LATER)

    found = owed.numbers(owed.mine(rep, LATER), LATER)
    rows, _more = owed.owed(rep, LATER, Filter(kind="attempts"), stage_words(LATER))

    assert max(len(row.clocks) for row in rows) == 2
    assert found.of(Filter(), stage_words(LATER), kind="attempts") == len(rows) == 2


def test_the_desk_shows_only_what_is_late(desk, rep):
    offered(rep, "Ines Moreau")
    offered(rep, "Marek Hulk", at=LATER)

    assert shown(desk(rep, "?state=late"), "Ines Moreau", "Marek Hulk") == ["Ines Moreau"]
    assert shown(desk(rep, "?state=ok"), "Ines Moreau", "Marek Hulk") == ["Marek Hulk"]


@pytest.mark.parametrize(
    "query",
    ["?q=moreau", "?q=AUBERT", "?q=ines@", "?source=fair", "?segment=demo_request"],
)
def test_the_desk_is_searched_and_narrowed_by_its_leads(desk, rep, query):
    offered(
        rep, "Ines Moreau", email="ines@aubert.example", email_key="ines@aubert.example",
        source="fair", segment="demo_request", company=make_company("Brasserie Aubert"),
    )  # fmt: skip
    offered(rep, "Marek Hulk", source="web", segment="trial")

    assert shown(desk(rep, query), "Ines Moreau", "Marek Hulk") == ["Ines Moreau"]


def test_a_stage_is_asked_for_by_key_name_or_old_label(desk, rep):
    handoff = offered(rep, "Ines Moreau")
    stage = handoff.version.parsed.journey
    here = next(one for one in stage if one.key == handoff.lead.stage)

    pages = [desk(rep, f"?stage={word}") for word in (here.key, here.name)]

    assert [shown(page, "Ines Moreau") for page in pages] == [["Ines Moreau"]] * 2
    assert shown(desk(rep, "?stage=customer"), "Ines Moreau") == []


def test_what_fits_no_filter_says_so_and_how_to_see_all(desk, rep):
    offered(rep, "Ines Moreau")

    page = desk(rep, "?q=zzzz")

    assert "Nothing fits these filters" in page
    assert "?show=all" in page


def test_an_act_comes_back_to_the_filters_it_was_done_on(client, rep):
    handoff = offered(rep, "Ines Moreau")
    client.force_login(rep)
    url = reverse("leads:clock-act", args=[handoff.clocks.get(kind="accept").pk])

    answer = client.post(f"{url}?kind=accept&q=ines", {"do": "accept"})

    assert answer.url == reverse("leads:desk") + "?kind=accept&q=ines"


def test_a_page_holds_fifty_rows_and_the_next_begins_after_the_last_by_key(desk, rep):
    for number in range(52):
        offered(rep, f"Lead {number:02}", at=MONDAY_NINE + timedelta(seconds=number))
    first = desk(rep)
    after = first.split("after=")[1].split('"')[0]

    second = desk(rep, f"?after={after}")

    assert first.count('<form class="row') == 50
    assert second.count('<form class="row') == 2
    assert shown(second, "Lead 50", "Lead 51") == ["Lead 50", "Lead 51"]


def test_a_desk_of_forty_rows_is_compact_unless_it_is_asked_to_be_roomy(desk, rep):
    for number in range(40):
        offered(rep, f"Lead {number:02}", at=MONDAY_NINE + timedelta(seconds=number))

    pages = [desk(rep), desk(rep, "?density=roomy"), desk(rep, "?kind=accept&density=compact")]

    assert [" compact" in page for page in pages] == [True, False, True]
    assert "density=roomy" in pages[0]
