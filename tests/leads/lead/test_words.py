"""Words for stages: the journey's own everywhere, old labels for who prefers them, both find
the same leads, and one sees who still needs the old ones."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse

from leads.core.words.stages import words_of
from leads.desk.coverage import coverage
from leads.desk.words import stage_words
from leads.models import StageEntry, WordHeard
from portal.accounts.actions import tokens
from portal.accounts.models import Scope
from sla.core import terms
from tests.factories import MONDAY_NINE, make_lead, make_operations, make_user

NOW = MONDAY_NINE + timedelta(hours=2)
pytestmark = [pytest.mark.django_db, pytest.mark.now(NOW)]
WORDS = words_of([terms.parse(terms.template("classic"))])
COMPARING = ("MQL", "mql", "comparing", "Comparing", " Comparing ")


@pytest.fixture
def rep(client):
    person = make_user(team="inside-sales")
    client.force_login(person)
    return person


@pytest.fixture
def three():
    return [make_lead(name, stage=stage) for name, stage in
            (("Ina", "comparing"), ("Noa", "noticed"), ("Tom", "talking"))]  # fmt: skip


def found(client, **query):
    page = client.get(reverse("leads:lead-list"), query)
    assert page.status_code == 200
    return [name for name in ("Ina", "Noa", "Tom", "Old") if f">{name}</a>" in page.text]


@pytest.mark.parametrize("word", COMPARING)
def test_the_list_finds_the_same_leads_by_either_word(client, rep, three, word):
    assert found(client, stage=word) == ["Ina"]
    assert found(client, q=f'stage="{word.strip()}"') == ["Ina"]


def test_a_lead_that_came_with_the_old_word_is_found_by_the_new_one(client, rep, three):
    old = make_lead("Old", stage="MQL")

    assert found(client, stage="comparing") == ["Ina", "Old"]
    assert ">MQL<" not in client.get(reverse("leads:lead", args=[old.pk])).text


def test_who_prefers_old_labels_sees_them_and_others_the_journeys_names(client, rep, three):
    ours = client.get(reverse("leads:lead", args=[three[0].pk])).text
    rep.prefers_legacy = True
    rep.save()
    legacy = client.get(reverse("leads:lead", args=[three[0].pk])).text

    assert ("Comparing." in ours, "MQL." in ours) == (True, False)
    assert ("Comparing." in legacy, "MQL." in legacy) == (False, True)


def test_the_file_carries_key_name_and_old_label(client, rep, three):
    answer = client.get(reverse("leads:lead-csv"), {"stage": "MQL"})

    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    (row,) = csv.DictReader(StringIO(text))
    assert (row["Name"], row["Stage key"]) == ("Ina", "comparing")
    assert (row["Stage"], row["Old label"]) == ("Comparing", "MQL")


def test_the_api_finds_by_either_word_and_answers_with_both(client, rep, three):
    _token, secret = tokens.make(
        by=rep,
        name="Night job",
        scopes=[Scope.READ],
        at=NOW,
        expires_at=NOW + timedelta(days=1),
    )
    headers = {"Authorization": f"Bearer {secret}"}

    answers = [
        client.get("/api/v1/leads", {"stage": word}, headers=headers).json()
        for word in ("MQL", "comparing", "Comparing")
    ]
    one = client.get(f"/api/v1/leads/{three[0].pk}", headers=headers).json()
    stages = client.get("/api/v1/stages", headers=headers).json()

    assert answers[0] == answers[1] == answers[2]
    assert [item["name"] for item in answers[0]["items"]] == ["Ina"]
    assert one["stage"] == {"key": "comparing", "name": "Comparing", "legacy": "MQL"}
    assert one["stage"] in stages["items"]
    assert WordHeard.objects.get().who == "Night job"


def test_the_api_pages_by_key(client, rep, three):
    _token, secret = tokens.make(
        by=rep, name="Job", scopes=[Scope.READ], at=NOW, expires_at=NOW + timedelta(days=1)
    )
    headers = {"Authorization": f"Bearer {secret}"}

    first = client.get("/api/v1/leads", {"limit": 2}, headers=headers).json()
    second = client.get(first["next"], headers=headers).json()

    names = [item["name"] for item in [*first["items"], *second["items"]]]
    assert names == ["Tom", "Noa", "Ina"]
    assert second["next"] is None


def test_an_old_word_that_is_searched_is_counted_by_team_and_never_by_person(
    client, rep, three
):
    for word in ("MQL", "mql", "comparing"):
        found(client, stage=word)

    heard = WordHeard.objects.get()
    assert (heard.word, heard.place, heard.times) == ("mql", "search", 2)
    assert heard.who == "Inside sales"
    assert rep.name not in heard.who


def test_the_report_says_where_each_old_word_is_used_and_which_can_go(client, rep, three):
    lead = make_lead("Old", stage="MQL", source="pipedrive")
    StageEntry.objects.filter(lead=lead).update(imported=True)
    StageEntry.objects.create(
        lead=lead, stage="Hot prospect", entered_at=MONDAY_NINE, imported=True
    )
    found(client, stage="SQL")

    report = coverage(stage_words(NOW))

    used = {label.word: [(use.place, use.who) for use in label.uses] for label in report.used}
    assert used == {
        "MQL": [("import", "pipedrive")],
        "SQL": [("search", "Inside sales")],
    }
    assert "Opportunity" in [label.word for label in report.idle]
    assert [label.word for label in report.unknown] == ["Hot prospect"]


def test_the_report_counts_by_team_who_prefers_old_labels(client, rep):
    make_lead()
    rep.prefers_legacy = True
    rep.save()

    page = client.get(reverse("leads:old-words"))

    assert "Inside sales" in page.text
    assert f"{rep}" not in page.text.split("<main", 1)[1]


def test_operations_find_the_way_to_the_report(client):
    client.force_login(make_operations())

    assert reverse("leads:old-words") in client.get(reverse("leads:lead-list")).text
