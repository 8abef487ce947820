"""The journey of a cohort: who began in the period, where they went, how long it took, what
both departments did on the way; each number opens exactly its rows."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.models import Contribution, StageEntry, Touch
from leads.reports.cohort import cohort
from leads.reports.period import Filters
from portal import wallclock
from portal.accounts.models import Role, Team
from tests.factories import (
    MONDAY_NINE,
    make_handoff,
    make_lead,
    make_team,
    make_user,
    make_version,
)
from tests.leads.clockwork import BERLIN
from tests.leads.reports.scenes import links, rows_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LATER = MONDAY_NINE + 40 * DAY


def went(lead, *way, **more):
    """The lead's stages anew: (stage, days after Monday at nine)."""
    lead.stage_entries.all().delete()
    for stage, days in way:
        StageEntry.objects.create(
            lead=lead, stage=stage, entered_at=MONDAY_NINE + days * DAY, **more
        )
    return lead


def touched(lead, party, days, **more):
    at = MONDAY_NINE + days * DAY
    facts = {"kind": "call", "direction": "outbound", "occurred_at": at, "recorded_at": at}
    return Touch.objects.create(lead=lead, department_id=party, **(facts | more))


@pytest.fixture
def version():
    return make_version()


@pytest.fixture
def company(version):
    """Three in the cohort, one of whom goes back and on again and is won; and all whom it
    must leave out."""
    one = went(
        make_lead(at=MONDAY_NINE), ("noticed", 0), ("comparing", 2), ("exploring", 3),
        ("comparing", 7), ("customer", 20),
    )  # fmt: skip
    went(make_lead(at=MONDAY_NINE), ("noticed", 1), ("comparing", 5))
    went(make_lead(at=MONDAY_NINE, source="partner"), ("noticed", 1))
    went(make_lead(at=MONDAY_NINE), ("noticed", -10), ("comparing", 2))  # began in February
    merged = went(make_lead(at=MONDAY_NINE), ("noticed", 0))
    merged.merged_into = one
    merged.save()
    went(make_lead(at=MONDAY_NINE), ("noticed", 0), undone_at=LATER)  # taken back
    touched(one, "marketing", -1)
    touched(one, "marketing", 1)
    touched(one, "sales", 8)
    touched(one, "sales", 21)
    touched(one, "sales", 8, imported=True)
    touched(one, "sales", 8, undone_at=LATER)
    sdr = make_user("Sid Rowe")
    Contribution.objects.create(
        lead=one, version=version, kind="case_study", subject="Pumps", asked_by=sdr,
        asked_at=MONDAY_NINE + 8 * DAY, delivered_at=MONDAY_NINE + 9 * DAY, used=True,
    )  # fmt: skip
    one.closed_as, one.closed_at = "won", MONDAY_NINE + 20 * DAY
    one.save()
    return one


def march(**query):
    return Filters.from_query({"on": "2026-03-01"} | query, LATER, BERLIN)


def numbers(version, **query):
    found = cohort(version, march(**query)).figures()
    return {key: len(ids) for key, (_noun, ids) in found.items()}


def test_a_cohort_is_who_began_in_the_period_and_nobody_else(version, company):
    found = cohort(version, march())

    assert found.leads == 3
    assert numbers(version)["entered:noticed"] == 3


def test_moving_back_is_a_move_and_who_returns_enters_once_more(version, company):
    found = cohort(version, march())

    assert {move: len(ids) for move, ids in found.moves.items()} == {
        ("noticed", "comparing"): 2, ("comparing", "exploring"): 1,
        ("exploring", "comparing"): 1, ("comparing", "customer"): 1,
    }  # fmt: skip
    assert found.told().is_back(("comparing", "exploring"))
    assert not found.told().is_back(("exploring", "comparing"))
    assert numbers(version)["entered:comparing"] == 3


def test_days_in_a_stage_are_of_the_stays_that_ended(version, company):
    found = cohort(version, march())

    assert found.told().days["comparing"] == (1.0, 1.0, 13.0)  # 2 to 3, and 7 to 20
    assert (numbers(version)["left:comparing"], numbers(version)["still:comparing"]) == (2, 1)
    assert "using" not in found.told().days


def test_touches_and_material_belong_to_the_stage_of_their_time(version, company):
    found = numbers(version)

    assert found.items() >= {
        "touched:marketing:": 1, "touched:marketing:noticed": 1,
        "touched:sales:comparing": 1, "touched:sales:customer": 1, "after:sales": 1,
        "material:asked:comparing": 1, "material:used:comparing": 1,
    }.items()  # fmt: skip


def test_a_source_and_a_team_narrow_the_cohort(version, company):
    make_handoff(receiver=make_user("Sue Deer"))

    assert cohort(version, march(source="partner")).leads == 1
    assert cohort(version, march(team="inside-sales")).leads == 1
    assert cohort(version, march(on="2026-05-01")).leads == 0


@pytest.fixture
def viewer(client, company, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    client.force_login(make_user(team=None, role=Role.AUDITOR))
    return client


MARCH = {"on": "2026-03-01"}


def test_every_number_of_the_page_opens_exactly_its_rows(viewer):
    found = links(viewer.get(reverse("leads:cohort"), MARCH).text)

    assert len(found) > 15
    assert {url: rows_of(viewer, url) for url, _n in found} == dict(found)


def test_the_page_asks_at_most_twelve_questions(viewer, django_assert_max_num_queries):
    viewer.get(reverse("leads:cohort"), MARCH)

    with django_assert_max_num_queries(12):
        assert viewer.get(reverse("leads:cohort"), MARCH).status_code == 200


def test_the_flow_is_drawn_with_a_sentence_and_the_files_leave(viewer):
    text = viewer.get(reverse("leads:cohort"), MARCH).text

    assert "Flow of 3 leads between stages" in text
    query = MARCH | {"figure": "entered:noticed"}
    for name, lines in (("cohort-csv", 13), ("cohort-rows-csv", 4)):
        answer = viewer.get(reverse(f"leads:{name}"), query)
        assert len(b"".join(answer).splitlines()) == lines


def test_an_empty_period_says_so_and_a_figure_that_there_is_not_is_not_there(viewer):
    assert "Nobody began" in viewer.get(reverse("leads:cohort"), {"on": "2025-01-01"}).text
    url = reverse("leads:cohort-rows")
    for figure in ("", "nothing", "move:\x00:b"):
        assert viewer.get(url, MARCH | {"figure": figure}).status_code == 404


def test_a_team_that_went_since_the_period_began_can_be_chosen(viewer):
    gone = make_team("inside-sales")
    url, asked = reverse("leads:cohort"), {"on": "2026-03-01"}
    for archived, there in ((LATER, True), (MONDAY_NINE - 40 * DAY, False)):
        Team.objects.filter(pk=gone.pk).update(name="Those who went", archived_at=archived)

        assert ("Those who went" in viewer.get(url, asked).text) == there
