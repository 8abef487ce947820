"""Reasons of seats are recorded in one language and read in any."""

import re
from datetime import UTC, datetime

import pytest

from leads.core.routing import Candidate, choose
from leads.core.words import reasons
from sla.core.saying import plainly

VALUES = dict.fromkeys(("name", "who", "host", "team"), "A: b") | dict.fromkeys(
    ("n", "of", "open", "most", "day"), "7"
)
VALUES |= {"weekday": "Mon", "month": "Nov"}


def masked(one, many="", n=1):
    return re.sub(r"%\(\w+\)s|\w", lambda it: it[0] if it[0][0] == "%" else "#", one)


@pytest.mark.parametrize("text", reasons.LINES)
def test_each_line_that_is_recorded_is_found_again_with_its_values(text):
    line = text % VALUES

    assert reasons.retold(line, plainly) == line
    assert reasons.retold(line, masked) == masked(text) % VALUES


@pytest.mark.parametrize("text", sorted({*reasons.REMARKS} - {reasons.QUEUED, reasons.FULL}))
def test_so_is_each_remark_about_a_person(text):
    line = f"Dr. Anna: B: {text % VALUES}"
    named = VALUES | {"weekday": "###", "month": "###"}

    assert reasons.retold(line, plainly) == line
    assert reasons.retold(line, masked) == f"Dr. Anna: B: {masked(text) % named}"


@pytest.mark.parametrize(
    ("text", "said"), [(reasons.QUEUED, "in the queue"), (reasons.FULL, "at capacity")]
)
def test_how_much_somebody_had_is_recorded_and_never_read_out(text, said):
    line = f"Dr. Anna: B: {text % VALUES}"

    assert reasons.quiet(line) == reasons.retold(line, plainly) == f"Dr. Anna: B: {said}"


@pytest.mark.parametrize("method", ["round_robin", "weighted", "least_loaded"])
def test_everything_that_routing_says_is_known_here(method):
    away = datetime(2026, 3, 5, tzinfo=UTC)
    people = [
        Candidate(1, "1", owed=1), Candidate(2, "2"), Candidate(3, "3", away_until=away),
        Candidate(4, "4", open=2, capacity=2), Candidate(5, "5", in_hours=False),
        Candidate(6, "6", weight=0),
    ]  # fmt: skip
    owner = [Candidate(1, "1"), Candidate(2, "2", owns_company=True)]
    asleep = [Candidate(1, "1", in_hours=False)]

    said = [
        *choose(method, people).lines, *choose(method, owner).lines,
        *choose(method, asleep).lines, *choose(method, []).lines,
        *choose(method, people[2:4]).lines,
    ]  # fmt: skip

    assert [line for line in said if re.search("[a-z]", reasons.retold(line, masked))] == []


def test_a_line_of_nobodys_making_stays_as_it_stands():
    assert reasons.retold("übergeben von Anna", masked) == "übergeben von Anna"
