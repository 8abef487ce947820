"""The printed agreement: what the typesetter gets, and what it makes of it."""

import json
import re
from datetime import timedelta
from io import BytesIO

import pytest
import typst
from pypdf import PdfReader

from portal import ledger
from portal.ledger.models import LedgerEntry
from sla.certificate.document import TEMPLATE, content, pdf
from sla.certificate.facts import gather
from sla.core.clauses import render
from tests.sla.versions import HOUR, NINE, a_proposal, sign

pytestmark = pytest.mark.django_db


@pytest.fixture
def version():
    """Signed by both at ten, and covered by a published head."""
    made = a_proposal()
    for department in ("marketing", "sales"):
        sign(made, department, at=NINE + HOUR)
    ledger.publish_head(at=NINE + HOUR)
    made.refresh_from_db()
    return made


@pytest.fixture
def printed(version):
    return content(gather(version), administrative=False)


def typeset(printed):
    data = json.dumps(printed)
    return typst.compile(str(TEMPLATE), format="pdf", sys_inputs={"data": data}, timestamp=NINE)


def pages(made):
    return len(re.findall(rb"/Type ?/Page\b", made))


def test_the_title_every_clause_and_every_sentence_is_in_it(version, printed):
    clauses = [one for section in printed["sections"] for one in section["clauses"]]
    agreed = [one for section in render(version.parsed) for one in section.clauses]

    assert printed["title"] == version.parsed.title
    assert [one["number"] for one in clauses] == [one.number for one in agreed]
    assert [one["text"] for one in clauses] == [one.text for one in agreed]


def test_both_signers_the_fingerprint_and_the_place_in_the_ledger_are_in_it(version, printed):
    about = LedgerEntry.objects.about(("version", version.pk))
    concluded = about.get(kind="version_concluded")

    assert [one["name"] for one in printed["signatures"]] == [
        "Head of marketing",
        "Head of sales",
    ]
    assert all(one["how"].startswith("Proved by") for one in printed["signatures"])
    assert "".join(printed["fingerprint"]).replace(" ", "") == version.digest
    assert f"Entry {concluded.seq} says" in printed["ledger"]
    assert concluded.hash in {one["hash"] for one in printed["hashes"]}


def test_the_template_reads_everything_that_it_gets(printed):
    assert set(re.findall(r"\bit\.([a-z]+)", TEMPLATE.read_text())) == set(printed)


WHERE = [
    ("title",),
    ("sections", -1, "clauses", -1, "number"),
    ("sections", 1, "clauses", 0, "text"),
    ("signatures", 0, "name"),
    ("signatures", 1, "name"),
    ("signatures", 1, "how"),
    ("fingerprint", 1),
    ("ledger",),
    ("hashes", 0, "hash"),
    ("addresses", -1, "path"),
]


@pytest.mark.parametrize("where", WHERE, ids=lambda where: "-".join(map(str, where)))
def test_each_stands_on_a_page(printed, where):
    """A page that says something else in its place is another page."""
    before, (*above, last) = typeset(printed), where
    inside = printed
    for step in above:
        inside = inside[step]
    inside[last] = "Mxyzptlk"

    assert typeset(printed) != before


def test_what_a_reader_of_the_pdf_gets_is_each_sentence_the_signers_and_the_fingerprint(
    version, printed
):
    pages = [bare(page.extract_text()) for page in PdfReader(BytesIO(pdf(version))).pages]
    assert all(page.endswith(version.digest) for page in pages)
    read = "".join(page[: page.rindex(bare(printed["footer"]))] for page in pages)

    agreed = [one for section in render(version.parsed) for one in section.clauses]
    lines = [line.text for one in agreed if not one.prose for line in one.lines]
    assert len(lines) > 100
    assert [line for line in lines if bare(line) not in read] == []
    assert all(bare(who) in read for who in ("Head of marketing", "Head of sales"))


def bare(text):
    """Without what the typesetter may break, hyphenate or join."""
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


def test_it_is_a_pdf_of_several_pages_and_the_same_each_time(version):
    made = pdf(version)

    assert made.startswith(b"%PDF-")
    assert made.rstrip().endswith(b"%%EOF")
    assert pages(made) >= 4
    assert pdf(version) == made


def test_it_is_printed_whatever_the_instant_of_its_last_signature():
    at = NINE + timedelta(hours=1, microseconds=123_456)
    made = a_proposal()
    for department in ("marketing", "sales"):
        sign(made, department, at=at)
    made.refresh_from_db()

    assert pdf(made).startswith(b"%PDF-")
