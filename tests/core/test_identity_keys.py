"""One mailbox, one number, one company: what two ways of writing have in common."""

import pytest

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
