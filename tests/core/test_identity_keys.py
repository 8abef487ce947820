"""One mailbox, one number, one company: what two ways of writing have in common."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leads.core import identity


@pytest.mark.parametrize(
    ("written", "key"),
    [
        pytest.param("Ana.Lima+demo@GMail.com", "analima@gmail.com", id="dots and plus"),
        pytest.param("ana.lima@googlemail.com", "analima@gmail.com", id="two hosts, one box"),
        pytest.param("ana.lima+x@outlook.com", "ana.lima@outlook.com", id="plus, not dots"),
        pytest.param("a.na+x@pm.me", "ana@proton.me", id="one provider, three hosts"),
        pytest.param("ana-1@yahoo.com", "ana-1@yahoo.com", id="a hyphen is a name"),
        pytest.param("ana.lima+x@acme.example", "ana.lima+x@acme.example", id="no guess"),
        pytest.param("+x@gmail.com", "+x@gmail.com", id="nothing before the plus"),
        pytest.param("ANA@BÜCHER.example", "ana@xn--bcher-kva.example", id="IDN"),
        pytest.param("ana@xn--bcher-kva.example", "ana@xn--bcher-kva.example", id="punycode"),
        pytest.param("ana@straße.example", "ana@strasse.example", id="as IDNA 2003 maps it"),
    ],
)
def test_the_ways_of_writing_a_mailbox_have_one_key(written, key):
    assert identity.mail(written).key == key
    assert identity.mail(key).key == key


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("", id="nothing"),
        pytest.param("ana", id="no host"),
        pytest.param("ana@acme", id="a host without a dot"),
        pytest.param("ana@-.example", id="a host that cannot be"),
        pytest.param("ana lima@acme.example", id="a space inside"),
        pytest.param("Ana <ana@acme.example>", id="a name around it"),
        pytest.param(f"ana@{'a' * 60}.{'b' * 60}.{'c' * 60}.{'d' * 63}.example", id="endless"),
    ],
)
def test_what_is_no_address_has_no_key(written):
    assert identity.mail(written) == identity.NO_MAIL


@pytest.mark.parametrize(
    ("written", "country", "number"),
    [
        pytest.param("+49 (0)30 901820-15", "", "+493090182015", id="trunk zero"),
        pytest.param("0049 30 90182015", "", "+493090182015", id="two zeros"),
        pytest.param("030 90182015", "Germany", "+493090182015", id="by its country"),
        pytest.param("030/90182015", "DE", "+493090182015", id="two letters"),
        pytest.param("030 90182015", "", "", id="nobody knows where"),
        pytest.param("030 90182015", "Atlantis", "", id="an unknown country"),
        pytest.param("(415) 555-2671 x12", "USA", "+14155552671", id="without extension"),
        pytest.param("+44 20 7946 0958", "Germany", "+442079460958", id="its own code wins"),
        pytest.param("٠٣٠ ٩٠١٨٢٠١٥", "DE", "+493090182015", id="other digits"),
        pytest.param("12", "DE", "", id="too short"),
        pytest.param("+1 415 555 26715 55", "", "", id="too long for its country"),
        pytest.param("+999 1234567", "", "", id="no country has this code"),
        pytest.param("n/a", "DE", "", id="no number"),
        pytest.param("", "DE", "", id="empty"),
        pytest.param("9" * 5000, "DE", "", id="endless"),
    ],
)
def test_a_number_has_one_form(written, country, number):
    assert identity.phone(written, country) == number


@pytest.mark.parametrize("said", ["gmail.com", "https://www.GMX.de/", "googlemail.com"])
def test_free_mail_is_no_company_also_where_somebody_says_so(said):
    assert identity.company_domain(identity.domain(said)) == ""


ADDRESSES = [
    "", "ana@acme.example", "ana.b+c@gmail.com", "x@pm.me", "Ana@Acme.example", "not mail", "@",
    "ana@bücher.example", "a@b.example\nc@d.example", "ana@acme..example",
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 58}.example", "ana@acme.example\r",
]  # fmt: skip


@given(st.lists(st.sampled_from(ADDRESSES), max_size=6))
def test_a_column_of_addresses_is_read_as_each_by_itself(written):
    each = [identity.mail(one) for one in written]

    addresses, keys, domains = identity.mails(written)

    assert list(addresses) == [one.address for one in each]
    assert list(keys) == [one.key for one in each]
    assert list(domains) == [one.domain for one in each]


@pytest.mark.parametrize("system", ["crm", "salesforce"])
@given(st.lists(st.sampled_from(["", "a-1", "00Q5g00000ABcDe", "00Q", "x00Q5g00000ABcDe"])))
def test_a_column_of_ids_is_read_as_each_by_itself(system, written):
    each = [identity.external_id(system, one) for one in written]

    assert list(identity.external_ids(system, written)) == each


def test_plain_addresses_of_a_column_are_their_own_keys_and_the_others_are_not():
    plain = ["ana@acme.example", "", "lima@acme.example"]
    mixed = [*plain, "ana.lima+x@gmail.com"]

    assert identity.mails(plain) == (plain, plain, ["acme.example", "", "acme.example"])
    assert identity.mails(mixed).keys == [*plain, "analima@gmail.com"]
    assert mixed[3] == "ana.lima+x@gmail.com"  # what was written stays as it was


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param("Ana@Acme.example", id="large letters"),
        pytest.param("two\nlines@acme.example", id="two lines"),
        pytest.param(f"ana@{'a' * 300}.example", id="endless"),
        pytest.param("nobody", id="no address"),
        pytest.param("ana@acme..example", id="a host that cannot be"),
    ],
)
def test_one_that_is_not_plain_has_the_column_read_one_by_one(odd):
    column = ["ana@acme.example", odd]

    addresses, keys, domains = identity.mails(column)

    assert list(zip(addresses, keys, strict=True)) == [identity.mail(one)[:2] for one in column]
    assert domains == [identity.mail(one).domain for one in column]


def test_ids_of_a_column_stay_unless_one_may_be_of_salesforce():
    own, of_salesforce = ["17", "x-4"], ["17", "00Q5g00000ABcDe"]

    assert identity.external_ids("hubspot", own) is own
    assert identity.external_ids("hubspot", of_salesforce) == ["17", "00Q5g00000ABcDeEAL"]
    assert identity.external_ids("Salesforce", ["17"]) == ["17"]
