"""What people bring along: files that are what their ending says, and Markdown without harm."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from leads.actions.privacy.person import person_of
from leads.forms.imports.files import FileForm
from sla.templatetags.agreement import prose
from sla.views.exchange import FileForm as TermsForm
from tests.factories import make_lead

TABLE, PACKED, OLD = b"Id,Name\n1,Ana\n", b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0rest"


def leads(name, body):
    return FileForm({}, {"file": SimpleUploadedFile(name, body)})


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("leads.csv", TABLE), ("LEADS.CSV", TABLE), ("leads.tsv", TABLE), ("leads.txt", TABLE),
        ("leads.xlsx", PACKED), ("locked.xlsx", OLD),
    ],
)  # fmt: skip
def test_a_file_of_leads_that_is_what_its_ending_says_is_looked_at(name, body):
    form = leads(name, body)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["file"].read() == body


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("leads.html", TABLE), ("leads.svg", TABLE), ("leads.exe", TABLE), ("leads", TABLE),
        ("leads.csv.zip", PACKED), ("leads.csv", PACKED), ("leads.csv", OLD),
        ("leads.xlsx", TABLE), ("leads.xlsm", PACKED),
    ],
)  # fmt: skip
def test_a_file_of_leads_that_is_something_else_is_refused(name, body):
    form = leads(name, body)

    assert set(form.errors) == {"file"}


@pytest.mark.parametrize(("name", "taken"), [("terms.json", True), ("terms.html", False)])
def test_terms_are_taken_from_a_json_file_alone(name, taken):
    form = TermsForm({"seen_save": 0}, {"file": SimpleUploadedFile(name, b"{}")})

    assert form.is_valid() is taken


HOSTILE = [
    "<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))", "[x](data:text/html,<script>1</script>)", "![x](https://a.b/c)",
    '[x](https://a.b "onmouseover=alert(1)")', "<svg/onload=alert(1)>", "[x](vbscript:a)",
    "<a href='javascript:alert(1)'>x</a>", "<https://a.b/\"onclick=alert(1)>",
    "**<iframe srcdoc='x'>**", "<style>*{display:none}</style>", "{{ 7*7 }}{% load x %}",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_becomes_emphasis_links_and_nothing_else(text):
    made = str(prose(text))

    tags = re.findall(r"<[^>]*>", made)

    assert {re.match(r"</?([a-z]+)", tag)[1] for tag in tags} <= {"a", "strong", "em", "br"}
    for tag in tags:
        assert re.fullmatch(
            r'</?[a-z]+( (href="https?://[^"]*"|(?:rel|title)="[^"<>]*"))*>', tag
        ), tag
    assert "49" not in made


def test_a_link_in_markdown_stays_one_and_leads_away_without_our_address():
    made = str(prose("**See** [this](https://example.org/a?b=1)"))

    assert made.startswith("<strong>See</strong> <a ")
    assert 'href="https://example.org/a?b=1"' in made
    assert "noreferrer" in made


@pytest.mark.django_db
def test_what_stands_in_an_address_is_no_pattern():
    person = person_of(make_lead("Ana", email="a.lima+x@acme.example"))

    assert "a.lima" not in person.taken_out("she wrote as a.lima+x@acme.example today")
    assert person.taken_out("azlimaax@acme.example") == "azlimaax@acme.example"
    assert person.taken_out("a.limaax@acmeXexample") == "a.limaax@acmeXexample"
