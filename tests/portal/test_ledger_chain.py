"""The form of a ledger entry: canonical JSON, instants, hashes, commitments."""

import hashlib
import hmac
import re
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType
from zoneinfo import ZoneInfo

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger import chain, verify_chain
from portal.ledger.kinds import Kind

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
KEYS = st.text(st.characters(codec="ascii", exclude_characters="\x00"))
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXTS
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(KEYS, inner))


@given(VALUES)
def test_canonical_is_rfc_8785(value):
    assert chain.canonical(value).encode() == rfc8785.dumps(value)


@given(VALUES)
def test_the_stand_alone_verifier_has_the_same_canonical_form(value):
    assert verify_chain.canonical(value) == chain.canonical(value)


@given(TEXTS, VALUES, LEAVES)
def test_a_form_writes_what_canonical_makes_of_the_whole(name, value, leaf):
    spelt = chain.form("name", "value", "leaf")(
        {"name": chain.text(name), "value": chain.canonical(value), "leaf": chain.alike(leaf)}
    )

    assert spelt == chain.canonical({"name": name, "value": value, "leaf": leaf})
    assert chain.canonical(spelt) is spelt
    whole = {"name": name, "value": value, "leaf": leaf}
    assert chain.commitment(b"key", spelt) == chain.commitment(b"key", whole)


def test_a_form_refuses_what_canonical_refuses():
    for wrong in ("\x00", "\ud800"):
        with pytest.raises(ValueError, match="NUL"):
            chain.text(wrong)
    with pytest.raises(TypeError):
        chain.alike(1.5)
    with pytest.raises(ValueError, match="not a key"):
        chain.form("100%s")
    assert [chain.alike(one) for one in (1, True, None)] == ["1", "true", "null"]


def test_instants_dates_and_choices_have_one_spelling():
    berlin = timezone(timedelta(hours=2))
    value = {
        "at": datetime(2026, 7, 1, 11, tzinfo=berlin),
        "on": date(2026, 7, 1),
        "k": Kind.ERASED,
    }

    assert chain.canonical(value) == (
        '{"at":"2026-07-01T09:00:00.000000Z","k":"erased","on":"2026-07-01"}'
    )


def test_without_the_encoder_in_c_the_form_is_the_same(monkeypatch):
    monkeypatch.setattr(chain, "c_make_encoder", None)
    value = {"b": [1, None, "é"], "a": {"d": "x", "c": True}}

    assert "".join(chain._encoder()(value, 0)) == chain.canonical(value)


class Text(str):
    """What a template's safe string is, and the like."""


class Number(int):
    pass


def test_what_derives_from_text_or_numbers_is_written_as_such():
    value = {"t": Text("x"), "n": Number(3), "m": MappingProxyType({"a": ()})}

    assert chain.canonical(value) == '{"m":{"a":[]},"n":3,"t":"x"}'


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(1.0, id="a float"),
        pytest.param(2**53, id="an integer that JSON readers round"),
        pytest.param("\x00", id="NUL"),
        pytest.param("\ud800", id="half a surrogate pair"),
        pytest.param({"é": 1}, id="a key outside ASCII"),
        pytest.param({1: 1}, id="a key that is no text"),
        pytest.param(datetime(2026, 3, 2), id="a naive instant"),  # noqa: DTZ001
        pytest.param(b"x", id="bytes"),
        pytest.param([{"deep": object()}], id="an object, deep inside"),
        pytest.param({"deep": "\x00"}, id="NUL, deep inside"),
    ],
)
def test_what_has_no_single_spelling_is_refused(value):
    with pytest.raises((TypeError, ValueError)):
        chain.canonical(value)


@pytest.mark.parametrize("text", ["Sales", "in sales", 'a"b', "é", "x" * 61, "a\n"])
def test_a_key_of_a_column_needs_no_escaping(text):
    with pytest.raises(ValueError, match="not a key"):
        chain.word(text)


def test_the_line_is_canonical_json_of_all_columns():
    line = chain.line(
        7, chain.instant(NINE), "touch_logged", "touch", 5, None, 3, "sales", "", "{}"
    )

    assert line == chain.canonical(
        {
            "actor": 3, "at": NINE, "department": "sales", "kind": "touch_logged",
            "lead": None, "seq": 7, "subject": ["touch", 5], "team": "", "values": {},
        }
    )  # fmt: skip


def test_the_hash_is_sha_256_of_tag_hash_before_and_line():
    by_hand = hashlib.sha256(b"concord ledger 1\n" + b"0" * 64 + b"{}").hexdigest()

    assert chain.digest(chain.NO_HASH, "{}") == by_hand


def test_a_commitment_differs_by_salt_entry_field_and_value():
    one, other = b"1" * 32, b"2" * 32
    made = {
        chain.commitment(chain.field_key(salt, seq, field), value)
        for salt in (one, other)
        for seq in (1, 2)
        for field in ("email", "name")
        for value in ("ann@example.org", None, ["ann@example.org"])
    }

    assert len(made) == 2 * 2 * 2 * 3
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in made)


def test_the_hour_that_comes_twice_is_two_instants():
    berlin = ZoneInfo("Europe/Berlin")
    first, second = (datetime(2026, 10, 25, 2, 30, tzinfo=berlin, fold=n) for n in (0, 1))

    assert chain.instant(first) == "2026-10-25T00:30:00.000000Z"
    assert chain.instant(second) == "2026-10-25T01:30:00.000000Z"


@pytest.mark.parametrize(
    "value",
    [["by turns", "Änne: next"], ["one"], [], ["x", 1], [["x"]], [["x"], ["y"]], [1, 2]],
)
def test_a_commitment_is_to_the_canonical_form_however_often_it_comes(value):
    key = chain.field_key(b"salt", 7, "why")
    plain = hmac.digest(key, chain.canonical(value).encode(), "sha256").hex()

    assert chain.commitment(key, value) == chain.commitment(key, list(value)) == plain
