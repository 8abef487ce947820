"""One person, one record: the forms in which two names are one name."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.core import identity, text


@pytest.mark.parametrize(
    ("written", "key"),
    [
        pytest.param("Ana@Acme.example", "ana@acme.example", id="case is no difference"),
        pytest.param("  ana@acme.example\r\n", "ana@acme.example", id="nor is white space"),
        pytest.param("ana+demo@acme.example", "ana+demo@acme.example", id="nothing is guessed"),
        pytest.param("ana@BÜCHER.example", "ana@xn--bcher-kva.example", id="as DNS has it"),
        pytest.param("ana@acme", "", id="no domain"),
        pytest.param("ana at acme.example", "", id="no address"),
        pytest.param("a@b@c.example", "", id="two at signs"),
        pytest.param("ana@-acme.example", "", id="no host name"),
        pytest.param(f"{'a' * 250}@acme.example", "", id="longer than mail allows"),
        pytest.param("", "", id="empty"),
    ],
)
def test_the_key_of_a_mail_address(written, key):
    assert identity.mail(written).key == key


def test_an_address_keeps_the_way_it_was_written():
    assert identity.mail(" Ana.Lima@Acme.example").address == "Ana.Lima@Acme.example"
    assert identity.mail("ana@acme.example").domain == "acme.example"


def test_free_mail_says_nothing_about_a_company():
    assert identity.company_domain("gmail.com") == ""
    assert identity.company_domain("acme.example") == "acme.example"


@pytest.mark.parametrize(
    ("written", "host"),
    [
        ("https://www.Acme.example/about?x=1", "acme.example"),
        ("acme.example:8080", "acme.example"),
        ("WWW.ACME.EXAMPLE.", "acme.example"),
        ("localhost", ""),
        ("10.0.0.1", ""),
        ("ü" * 70 + ".example", ""),
        ("not a host", ""),
        ("", ""),
    ],
)
def test_a_domain_is_found_in_what_people_write(written, host):
    assert identity.domain(written) == host


def test_salesforces_15_and_18_characters_are_one_id():
    fifteen, eighteen = "00Q5g00000ABcDe", "00Q5g00000ABcDeEAL"

    assert identity.external_id("salesforce", fifteen) == eighteen
    assert identity.external_id("salesforce", eighteen) == eighteen
    assert identity.external_id("crm", fifteen) == eighteen


def test_an_18_character_id_that_lost_its_case_finds_it_again():
    assert identity.external_id("salesforce", "00Q5G00000ABCDEEAL") == "00Q5g00000ABcDeEAL"


def test_ids_of_other_systems_stay_as_they_are():
    assert identity.external_id("hubspot", " 51234567 ") == "51234567"
    assert identity.external_id("pipedrive", "abcdefghijklmno") == "abcdefghijklmno"
    assert identity.external_id("salesforce", "0123-not-an-id") == "0123-not-an-id"


@given(st.from_regex("00Q[0-9A-Za-z]{12}", fullmatch=True))
def test_two_different_salesforce_ids_never_become_one(written):
    full = identity.external_id("salesforce", written)

    assert full.startswith(written)
    assert identity.external_id("salesforce", full.swapcase()) == full


@pytest.mark.parametrize(
    ("segment", "title", "studies"),
    [
        ("student", "", True),
        ("", "PhD Student", True),
        ("", "Student advisor", False),
        ("event", "Buyer", False),
    ],
)
def test_who_studies(segment, title, studies):
    assert identity.is_student(segment, title) is studies


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        pytest.param("Ana\x00\x1b Lima", "Ana Lima", id="controls go"),
        pytest.param("Ana\ud800", "Ana", id="so does half of a surrogate pair"),
        pytest.param("Ana\u202eamil", "Anaamil", id="and what turns the text around"),
        pytest.param("A\u0301na\u00a0 Lima", "\u00c1na Lima", id="composed, one space"),
        pytest.param("Ana\r\nBcc: eve@x.example", "Ana Bcc: eve@x.example", id="one line"),
        pytest.param("  Ana   Lima ", "Ana Lima", id="plain text too"),
    ],
)
def test_a_line_is_clean(written, kept):
    assert text.line(written) == kept


def test_a_line_has_a_length_and_no_space_at_its_end():
    assert text.line("abc def", 4) == "abc"
    assert text.line("äbc def", 4) == "äbc"


def test_prose_keeps_its_line_breaks():
    assert text.prose("one\r\ntwo\x00   three\t\rfour ") == "one\ntwo three \nfour"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(written):
    clean = text.line(written)

    assert text.line(clean) == clean
    assert clean.encode().decode() == clean


@pytest.mark.parametrize("bad", ["a" * 100_000, "@" * 100_000, "a." * 50_000, "ü" * 100_000])
def test_no_input_is_slow_to_refuse(bad):
    began = time.process_time()

    identity.mail(bad)
    identity.domain(bad)
    identity.external_id("salesforce", bad)

    assert time.process_time() - began < 1
