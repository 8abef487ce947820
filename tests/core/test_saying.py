"""What the core says can be said in any language; what is recorded is found by its words."""

import copy
import re

import pytest

from sla.core import durations, scopes, terms
from sla.core.calendar import CalendarFault, WorkingCalendar
from sla.core.criteria import leaves, read, recorded, sentence
from sla.core.saying import Said, plainly, retold
from sla.core.warnings import Directory, remedy, warnings
from tests.core.agreements import changed, classic, everything

WRONG = {"key": "x", "field": "lead.score", "op": "is", "value": "a"}
PLACE = re.compile(r"(\{\w*\})")
TREE = {
    "all": [
        {"key": "size", "field": "company.employees", "op": "between", "value": [20, 90]},
        {"key": "where", "field": "company.country", "op": "in", "value": ["7", "8", "9"]},
        {"key": "agreed", "field": "lead.consent", "op": "is", "value": True},
        {"not": {"key": "when", "field": "attributes.9", "type": "date", "op": "at_least",
                 "value": "2026-01-02"}},
        {"any": [
            {"key": "met", "touch": ["webinar", "event"], "department": "marketing",
             "direction": "inbound", "count": 2, "within": "P30D"},
            {"key": "money", "attested": "7"},
        ]},
    ]
}  # fmt: skip


def masked(one, many="", n=1):
    """Another language: every letter is another, places stay."""
    parts = PLACE.split(plainly(one, many, n))
    return "".join(
        part if PLACE.fullmatch(part) else re.sub(r"\w", "#", part) for part in parts
    )


def test_every_word_of_a_sentence_goes_through_the_readers_language():
    assert not re.search("[a-z]", sentence(read(TREE), masked))
    assert not re.search("[a-z]", scopes.sentence(None, masked))


@pytest.mark.parametrize("written", ["P1W", "P2DT1H", "PT90M", "PT1S", "PT0S"])
@pytest.mark.parametrize("of_work", [True, False])
def test_every_word_of_a_duration_does_too(written, of_work):
    said = durations.in_words(written, of_work=of_work, say=masked)

    assert not re.search("[a-z]", said)


def test_plainly_said_it_is_what_is_signed():
    tree = read(TREE)

    assert sentence(tree, plainly) == sentence(tree)
    assert "they attended a webinar or came to an event with Marketing" in sentence(tree)
    assert durations.in_words("P2DT1H") == "2 working days 1 hour"


def test_what_was_recorded_is_found_again_by_its_words():
    tree = read(TREE)

    found = recorded([None, tree])

    assert list(found.values()) == list(leaves(tree))
    assert "a criterion that nobody asks any more" not in found


def test_warnings_and_what_would_solve_them_are_said_in_it_too():
    def marked(one, many="", n=1):
        return f"§{plainly(one, many, n)}"

    found = warnings(terms.parse(everything()), Directory(), marked)

    assert {one.kind for one in found} >= {"unowned_clock", "unknown_person"}
    assert [one for one in found if not (one.fact[0] == one.why[0] == "§")] == []
    assert all(remedy(one, marked).what[0] == "§" for one in found)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["handoffs", 0, "from_stage"], "nowhere"),
        (["journey", 0, "name"], "Sales ready"),
        (["journey", 1, "criteria"], WRONG),
        (["obligations", 0, "ladder"], "nowhere"),
        (["journey", 0, "key"], 7),
        (["governance", "zone"], "Mars/Olympus"),
        (["surprise"], 1),
    ],
)  # fmt: skip
def test_what_is_wrong_with_terms_is_said_in_it_too(path, value):
    found = terms.faults(changed(classic(), path, value))

    assert found
    assert [one for one in found if str(retold(one.reason, masked)) == one.reason] == []
    assert all(str(retold(one.reason, plainly)) == one.reason for one in found)


def test_a_fault_is_told_with_its_place():
    fault = terms.faults(changed(classic(), ["surprise"], 1))[0]

    told = fault.by(lambda text, *_: text.replace("is not a part", "ist kein Teil"))

    assert told.startswith("surprise: ist kein Teil")


def test_a_copy_can_be_said_otherwise_too():
    copied = copy.deepcopy(Said("no stage {key}", key="won"))

    assert copied == "no stage won"
    assert copied.by(lambda text, *_: text.replace("no", "keine")) == "keine stage won"


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "8/9"}, {"day": "8"}, {"day": "PT0S"}, {"closed": ["8"]}, {"closed": 8},
        {"weekly": {}, "special": {}}, {"weekly": {"8": []}}, {"weekly": []}, {"name": 8},
        {"8": 9}, {"weekly": {"mon": [["9"]]}}, {"weekly": {"mon": [["9", "8"]]}},
        {"weekly": {"mon": [["09:00", "08:00"]]}},
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_calendar_is_said_in_the_readers_language(wrong):
    calendar = next(iter(classic()["calendars"].values()))

    with pytest.raises(CalendarFault) as refusal:
        WorkingCalendar.from_json(calendar | wrong)

    said = str(retold(refusal.value.reason, masked))
    values = "'[^']*'|mon, tue, wed, thu, fri, sat, sun|PT24H|PT7H30M"
    assert not re.search("[a-z]", re.sub(values, "", said))
