"""Mappings of messages: what is read, what is missing where, and which mapping is none."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leads.core.events import Event, Ignored, MappingInvalid, Unclear, parse, read, split
from leads.core.events.presets import presets

CALLED = datetime(2026, 3, 2, 12, 58, tzinfo=UTC)


def rule(event="touch", when=None, **fields):
    base = {"kind": {"value": "call"}} if event == "touch" else {}
    named = {name.replace("__", "."): spec for name, spec in fields.items()}
    return {"name": "one", "when": when or {}, "event": event, "fields": base | named}


def reading(item, *rules, **more):
    return read(parse({"rules": list(rules), **more}), item)


@pytest.mark.parametrize(
    ("spec", "item", "value"),
    [
        pytest.param("a.b", {"a": {"b": " x  y "}}, "x y", id="a path"),
        pytest.param("a.0.b", {"a": [{"b": "x"}]}, "x", id="a place in a list"),
        pytest.param("a.7.b", {"a": [{"b": "x"}]}, None, id="a place that is not there"),
        pytest.param({"path": ["a", "b"]}, {"a": "", "b": "x"}, "x", id="the first filled"),
        pytest.param({"value": "x"}, {}, "x", id="a constant"),
        pytest.param({"join": ["a", "b"]}, {"a": 1, "b": "x"}, "1-x", id="joined"),
        pytest.param({"join": ["a", "b"]}, {"a": 1}, None, id="joined, and one is missing"),
        pytest.param({"path": "a", "words": {"Foo": "x"}}, {"a": "FOO"}, "x", id="a word"),
        pytest.param({"path": "a", "words": {"f": "x"}}, {"a": "g"}, "g", id="no such word"),
        pytest.param(
            {"path": "a", "words": {"f": "x"}, "else": "z"}, {"a": "g"}, "z", id="else"
        ),
        pytest.param("a", {"a": 12}, "12", id="a number as text"),
        pytest.param("a", {"a": True}, "true", id="yes as text"),
        pytest.param("a", {"a": "x\u202ey\x00"}, "xy", id="hidden marks leave"),
    ],
)  # fmt: skip
def test_a_field_is_read_as_its_mapping_says(spec, item, value):
    event = reading(item, rule(subject=spec))

    assert event.values.get("subject") == value


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02T12:58:00Z",
        "2026-03-02T13:58:00+01:00",
        "2026-03-02T12:58:00.000+0000",
        1772456280,
        1772456280000,
        "1772456280000",
    ],
)
def test_instants_are_read_in_every_form_that_systems_write(written):
    event = reading({"t": written}, rule(occurred_at="t"))

    assert event.occurred_at == CALLED


@pytest.mark.parametrize(
    ("fields", "item", "path"),
    [
        ({"occurred_at": "t"}, {"t": "2026-03-02T12:58:00"}, "t"),
        ({"occurred_at": "t"}, {"t": "yesterday"}, "t"),
        ({"occurred_at": "t"}, {"t": "1066-10-14T09:00:00Z"}, "t"),
        ({"occurred_at": "t.u"}, {"t": {"u": [1]}}, "t.u"),
        ({"seconds": "s"}, {"s": "long"}, "s"),
        ({"seconds": "s"}, {"s": -1}, "s"),
        ({"seconds": "s"}, {"s": "nan"}, "s"),
        ({"subject": "a"}, {"a": {"b": 1}}, "a"),
        ({"kind": "k"}, {}, "k"),
    ],
)
def test_what_cannot_be_understood_says_in_which_field(fields, item, path):
    with pytest.raises(Unclear) as fault:
        reading(item, rule(**fields))

    assert (fault.value.path, fault.value.rule, fault.value.kind) == (path, "one", "touch")


@pytest.mark.parametrize(
    ("event", "fields", "item", "value"),
    [
        ("lead", {"consent": "c"}, {"c": "Subscribed"}, True),
        ("lead", {"consent": "c"}, {"c": 0}, False),
        ("used", {"used": "u"}, {"u": False}, False),
        ("lead", {"score": "s"}, {"s": "7.9"}, 7),
        ("touch", {"seconds": {"path": "ms", "divide": 1000}}, {"ms": 61_999}, 61),
        ("lead", {"attributes.seats": "n"}, {"n": 12}, 12),
        ("lead", {"attributes.seats": "n"}, {"n": "12"}, "12"),
    ],
)
def test_answers_numbers_and_attributes_are_read_as_what_they_are(event, fields, item, value):
    found = reading(item, rule(event, **fields))

    assert found.values[next(iter(fields))] == value


@pytest.mark.parametrize(
    ("fields", "item"),
    [
        ({"consent": "c"}, {"c": "perhaps"}),
        ({"score": "s"}, {"s": "1e12"}),
        ({"score": "s"}, {"s": "inf"}),
        ({"occurred_at": "t"}, {"t": True}),
        ({"occurred_at": "t"}, {"t": 10**30}),
    ],
)
def test_what_is_neither_yes_nor_no_or_out_of_all_bounds_is_unclear(fields, item):
    with pytest.raises(Unclear) as fault:
        reading(item, rule("lead", **fields))

    assert fault.value.kind == "lead"


@pytest.mark.parametrize("item", [7, "text", None, ["a"]])
def test_an_event_is_an_object(item):
    with pytest.raises(Unclear, match="an object with names"):
        reading(item, rule())


def test_an_event_without_an_instant_of_its_own_has_none():
    event = reading({"x": 1}, rule())

    assert (event.id, event.occurred_at, event.place("kind")) == ("", None, "kind")


def test_the_first_rule_that_fits_counts():
    rules = [rule(when={"type": ["a", "b"]}), rule("lost", when={"type": {"there": True}})]

    assert reading({"type": "b"}, *rules).kind == "touch"
    assert reading({"type": "c"}, *rules).kind == "lost"
    with pytest.raises(Unclear, match="no rule"):
        reading({"type": ""}, *rules)


def test_true_is_not_one_and_text_is_no_number():
    with pytest.raises(Unclear):
        reading({"won": 1}, rule(when={"won": True}))
    with pytest.raises(Unclear):
        reading({"won": "1"}, rule(when={"won": 1}))


def test_a_rule_can_say_that_something_is_nothing_to_us():
    assert reading({"x": 1}, rule("ignore")) == Ignored("one")


def test_people_are_named_by_their_address_here():
    event = reading({"o": 47}, rule(by="o"), people={"47": "anna@concord.test"})

    assert event.said("by") == "anna@concord.test"


@pytest.mark.parametrize(
    ("items", "body", "found"),
    [
        ("", {"a": 1}, [{"a": 1}]), ("", [{"a": 1}, 2], [{"a": 1}, 2]), ("", [], []),
        ("events", {"events": [1, 2]}, [1, 2]), ("a.b", {"a": {"b": {"c": 1}}}, [{"c": 1}]),
    ],
)  # fmt: skip
def test_a_message_is_one_event_or_many(items, body, found):
    assert split(parse({"items": items, "rules": [rule()]}), body) == found


@pytest.mark.parametrize("body", [{}, {"events": 7}, {"events": [{}] * 1_001}])
def test_a_list_that_is_not_there_or_is_endless_is_said(body):
    with pytest.raises(Unclear) as fault:
        split(parse({"items": "events", "rules": [rule()]}), body)

    assert fault.value.path == "events"


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ([], ""), ({}, "rules"), ({"rules": []}, "rules"), ({"rules": [7]}, "rules[0]"),
        ({"rules": [rule()], "more": 1}, "more"), ({"rules": [rule()], "items": 7}, "items"),
        ({"rules": [rule()], "people": {"a": 1}}, "people"),
        ({"rules": [rule()] * 61}, "rules"),
        ({"rules": [rule("telepathy")]}, "rules[0].event"),
        ({"rules": [rule() | {"when": ["a"]}]}, "rules[0].when"),
        ({"rules": [rule() | {"fields": ["a"]}]}, "rules[0].fields"),
        ({"rules": [rule("lead", **{f"f{n}": "a" for n in range(61)})]}, "rules[0].fields"),
        ({"rules": [rule("lead", attributes__="a")]}, "rules[0].fields.attributes."),
        ({"rules": [rule(subject="..")]}, "rules[0].fields.subject"),
        ({"rules": [rule(subject=7)]}, "rules[0].fields.subject"),
        ({"rules": [rule(subject={"value": 1.5})]}, "rules[0].fields.subject"),
        ({"rules": [rule(subject={"path": "a", "else": [1]})]}, "rules[0].fields.subject"),
        ({"rules": [rule() | {"name": ""}]}, "rules[0].name"),
        ({"rules": [rule() | {"why": 1}]}, "rules[0].why"),
        ({"rules": [rule(when={"a": {"is": 1}})]}, "rules[0].when.a"),
        ({"rules": [rule(when={"a": [[1]]})]}, "rules[0].when.a"),
        ({"rules": [rule("stage")]}, "rules[0].fields.stage"),
        ({"rules": [rule(colour="a")]}, "rules[0].fields.colour"),
        ({"rules": [rule(subject={"path": "a", "value": 1})]}, "rules[0].fields.subject"),
        ({"rules": [rule(subject={"lambda": "a"})]}, "rules[0].fields.subject"),
        ({"rules": [rule(subject={"path": [7]})]}, "rules[0].fields.subject"),
        ({"rules": [rule(subject={"path": "a", "words": 7})]}, "rules[0].fields.subject.words"),
        (
            {"rules": [rule(seconds={"path": "a", "divide": 0})]},
            "rules[0].fields.seconds.divide",
        ),
    ],
)  # fmt: skip
def test_a_mapping_that_is_none_says_where(document, path):
    with pytest.raises(MappingInvalid) as invalid:
        parse(document)

    assert path in [fault.path for fault in invalid.value.faults]


@pytest.mark.parametrize("kind", list(presets()))
def test_every_mapping_to_begin_with_is_one(kind):
    assert parse(presets()[kind]["mapping"]).rules


def test_an_event_says_where_its_fields_stand():
    event = reading({"o": "x"}, rule(by={"path": ["owner", "o"]}))

    assert isinstance(event, Event)
    assert event.place("by") == "owner or o"


NAMES = st.sampled_from(
    [
        "event", "call", "contact", "agent", "id", "email", "by", "kind", "lead", "sobject",
        "payload", "ChangeEventHeader", "recordIds", "subscriptionType", "propertyName",
        "propertyValue", "objectId", "occurredAt", "hs_timestamp", "dealstage", "IsWon",
        "started_at", "duration", "direction", "starts_at", "used", "stage", "Id",
    ]
) | st.text(max_size=4)  # fmt: skip
WORDS = st.sampled_from(
    ["call.ended", "touch", "stage", "meeting", "contact.propertyChange", "lifecyclestage",
     "Task", "Lead", "Event", "deal", "closedwon", "call", "2026-03-02T12:58:00Z"]
) | st.text(max_size=12)  # fmt: skip
VALUES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | WORDS
BODIES = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=6),
    max_leaves=25,
)


def nothing_but_an_answer(body):
    """Whatever is posted becomes an event, is ignored, or says why not."""
    for one in presets().values():
        mapping = parse(one["mapping"])
        for item in split(mapping, body):
            try:
                found = read(mapping, item)
            except Unclear as fault:
                assert fault.reason
            else:
                assert isinstance(found, Event | Ignored)


@settings(max_examples=50, deadline=None)
@given(BODIES)
def test_whatever_is_posted_is_read_or_says_why_not(body):
    nothing_but_an_answer(body)


@pytest.mark.slow
@settings(max_examples=10_000, deadline=None)
@given(BODIES)
def test_ten_thousand_bodies_are_read_or_say_why_not(body):
    nothing_but_an_answer(body)
