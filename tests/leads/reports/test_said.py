"""What is said to a question and in a review stays with it, and is in the ledger."""

from datetime import date

import pytest
from django.urls import reverse

from leads.actions.reviewing import answers, notes
from leads.errors import NotYours
from leads.models import IntegrityAnswer, ReviewNote
from portal import ledger, wallclock
from portal.ledger.models import LedgerEntry
from tests.factories import (
    MONDAY_NINE,
    make_agreement,
    make_operations,
    make_signatory,
    make_user,
)
from tests.leads.reports.scenes import DAY, LATER, a_month

pytestmark = pytest.mark.django_db
WEEK = date(2026, 3, 2)


@pytest.fixture
def manager(client, monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: LATER)
    make_agreement()
    person = make_signatory("sales")
    client.force_login(person)
    return person


def test_a_note_stays_with_its_week_for_both_departments(client, manager):
    url = f"{reverse('leads:review-note')}?on=2026-03-02"

    answer = client.post(url, {"about": "late", "text": "We call  at nine.\n"})

    assert answer.url == "/review/?on=2026-03-02#late"
    kept = ReviewNote.objects.get()
    assert (kept.week, kept.text, kept.by, kept.at) == (
        WEEK,
        "We call at nine.",
        manager,
        LATER,
    )
    client.force_login(make_user(team="demand-generation"))
    page = client.get(reverse("leads:review"), {"on": "2026-03-04"}).text
    assert "We call at nine." in page
    assert "We call at nine." not in client.get(reverse("leads:review")).text


def test_a_note_is_in_the_ledger_without_its_words(client, manager):
    client.post(reverse("leads:review-note"), {"about": "late", "text": "We call at nine."})

    entry = LedgerEntry.objects.get(kind=ledger.Kind.REVIEW_NOTED)
    assert entry.clear == {"week": "2026-02-23", "about": "late"}
    assert "nine" not in entry.line
    assert ledger.matches(entry, "text", "We call at nine.")


@pytest.mark.parametrize(
    "given", [{"about": "late", "text": " "}, {"about": "what", "text": "So."}, {}], ids=str
)
def test_an_empty_note_keeps_nothing_and_says_why(client, manager, given):
    answer = client.post(reverse("leads:review-note"), given)

    assert answer.status_code == 422
    assert not ReviewNote.objects.exists()


def test_what_was_written_stays_in_the_form_that_is_refused(client, manager):
    answer = client.post(reverse("leads:review-note"), {"about": "late", "text": "x" * 1001})

    assert answer.status_code == 422
    assert "x" * 1001 in answer.text
    assert 'role="alert"' in answer.text or "error" in answer.text


@pytest.mark.parametrize("who", [make_user, make_operations])
def test_only_managers_keep_the_notes_of_the_review(who):
    with pytest.raises(NotYours):
        notes.note(week=WEEK, about="late", text="So.", by=who(), at=LATER)

    assert not ReviewNote.objects.exists()


def test_a_note_is_of_a_week_and_of_a_question():
    manager = make_signatory("sales")
    for week, about, text in (
        (date(2026, 3, 3), "late", "So."), (WEEK, "what", "So."), (WEEK, "late", "\u200b "),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="a note is about"):
            notes.note(week=week, about=about, text=text, by=manager, at=LATER)


def test_an_answer_keeps_what_the_check_showed_when_it_was_given(client, manager):
    url = f"{reverse('leads:integrity-answer')}?on=2026-03-01"

    client.post(url, {"check": "waived", "text": "The fair."})

    kept = IntegrityAnswer.objects.get()
    assert (kept.check_key, kept.first, kept.number, kept.of) == (
        "waived", date(2026, 3, 1), 0, 0,
    )  # fmt: skip
    client.force_login(make_user(team="demand-generation"))
    page = client.get(reverse("leads:integrity"), {"on": "2026-03-20"}).text
    assert "The fair." in page
    entry = LedgerEntry.objects.get(kind=ledger.Kind.INTEGRITY_ANSWERED)
    assert entry.clear["check"] == "waived"


def test_both_departments_answer_and_nobody_else():
    make_agreement()
    said = {"check": "bulk", "period": a_month().period, "text": "So.", "version": None}
    for team in ("inside-sales", "demand-generation"):
        answers.answer(**said, by=make_user(team=team), at=LATER)
    with pytest.raises(NotYours):
        answers.answer(**said, by=make_operations(), at=LATER)

    assert IntegrityAnswer.objects.count() == 2


def test_a_question_that_there_is_not_is_not_answered(client, manager):
    answer = client.post(reverse("leads:integrity-answer"), {"check": "what", "text": "So."})

    assert answer.status_code == 422
    assert client.get(reverse("leads:integrity-rows"), {"check": "what"}).status_code == 404


def test_managers_land_on_the_week_and_members_on_their_desk(client, manager):
    assert client.get("/").url == reverse("leads:review")
    client.force_login(make_user())
    assert client.get("/").url == reverse("leads:desk")


def test_the_review_begins_with_the_last_whole_week(client, manager):
    page = client.get(reverse("leads:review")).text

    assert "23 February" in page
    assert reverse("leads:desk") in page
    assert MONDAY_NINE + 4 * DAY == LATER
