"""What of another system's answer is kept: text, short, without secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.core.events.replies import MOST, kept


@pytest.mark.parametrize(
    ("body", "kind", "shown"),
    [
        (b"ok", "", "ok"),
        (b"", "text/plain", ""),
        (b"<p>no</p>", "text/html; charset=utf-8", "<p>no</p>"),
        (b'{"a": 1}', "application/problem+json", '{"a": 1}'),
        (b"a=1", "application/x-www-form-urlencoded", "a=1"),
        (b"\x89PNG", "image/png", ""),
        (b"%PDF", "application/pdf", ""),
        (b"\xff\x00\x07 \xc3\xa9", "text/plain", "\ufffd é"),
        ("a\u202eb".encode(), "", "ab"),
        (b"one\r\ntwo", "", "one\ntwo"),
    ],
)
def test_only_text_is_kept_and_of_it_what_can_be_read(body, kind, shown):
    assert kept(body, kind) == shown


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"access_token": "a\\"b", "x": 1}', '{"access_token": […], "x": 1}'),
        ("api-key=abc&x=1", "api-key=[…]&x=1"),
        ('{"password": "cut off', '{"password": […]'),
        ("Set-Cookie: sid=1; a", "Set-Cookie: […]; a"),
        ("used whsec_abc/+=", "used […]"),
        ("send Bearer abc.def-1 then", "send […] then"),
        ("the token was wrong", "the token was wrong"),
        ("ours is OURS-1234, not OURS", "ours is […], not OURS"),
    ],
)
def test_what_is_or_is_called_a_secret_is_left_out(body, shown):
    assert kept(body.encode(), "", ["OURS-1234", ""]) == shown


def test_a_secret_on_the_edge_is_hidden_before_the_cut():
    body = b"x" * (MOST - 4) + b"OURS-1234" + b"y" * 99

    assert kept(body, "", ["OURS-1234"]) == "x" * (MOST - 4) + "[…]y"


@given(st.binary(max_size=3 * MOST), st.text(max_size=20))
def test_whatever_comes_is_short_and_fit_to_be_stored(body, kind):
    text = kept(body, kind)

    assert len(text) <= MOST
    assert "\x00" not in text
    assert text.encode().decode() == text


@pytest.mark.parametrize("part", ["token", "token=", 'token="\\', "bearer ", "whsec_", " "])
def test_an_answer_that_repeats_what_a_pattern_looks_for_is_read_to_its_end(part):
    assert len(kept((part * 10_000).encode(), "")) <= MOST
