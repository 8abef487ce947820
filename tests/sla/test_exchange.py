"""Terms as a file: out as the bytes that are signed, in with every fault named."""

import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from jsonschema import Draft202012Validator

from portal.accounts.models import Role
from sla.actions import drafting
from sla.core import terms as core
from tests.factories import make_user
from tests.sla.versions import HOUR, NINE, a_draft, a_proposal, a_signed_version, edited

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(client):
    client.force_login(make_user(team="demand-generation"))
    return client


def address(name, version):
    return reverse(f"sla:{name}", args=[version.agreement.key, version.number])


def put(browser, version, content, *, seen=1):
    file = SimpleUploadedFile("terms.json", content, "application/json")
    return browser.post(address("draft-import", version), {"file": file, "seen_save": seen})


def as_file(document):
    return json.dumps(document, indent=2).encode()


def test_the_schema_is_open_to_everybody_and_fits_the_template(client):
    answer = client.get("/agreements/terms.schema.json")

    schema = json.loads(answer.content)
    assert answer.headers["Content-Type"] == "application/schema+json"
    assert "public" in answer.headers["Cache-Control"]
    assert list(Draft202012Validator(schema).iter_errors(core.template("classic"))) == []


def test_what_is_downloaded_is_what_the_fingerprint_is_of(browser):
    version = a_signed_version()

    answer = browser.get(address("version-terms", version))

    assert hashlib.sha256(answer.content).hexdigest() == version.digest
    assert answer.headers["ETag"] == f'"{version.digest}"'
    assert answer.headers["Content-Disposition"].startswith("attachment")


def test_a_file_that_was_downloaded_and_changed_becomes_the_draft(browser):
    version = a_draft()
    document = json.loads(browser.get(address("version-terms", version)).content)
    document["title"] = "From a file"

    answer = put(browser, version, as_file(document))

    version.refresh_from_db()
    assert answer.url == address("draft-edit", version)
    assert version.terms == document
    assert version.saves.count() == 2


@pytest.mark.parametrize(
    ("content", "path", "reason"),
    [
        (b'{"title": "A", "title": "B"}', "terms", "says &#x27;title&#x27; twice"),
        (b'{"title": 1.5}', "terms", "numbers must be whole"),
        (b'{"title": NaN}', "terms", "it holds NaN"),
        (b'{"title": Infinity}', "terms", "it holds Infinity"),
        (b'{"title": ', "terms", "not JSON"),
        (b"[" * 200_000, "terms", "nested too deeply"),
        (b"\xff\xfe\x00", "terms", "not UTF-8"),
        (b'"' + b"1" * 6_000 + b'"', "terms", "must be an object"),
        (b"1" * 6_000, "terms", "number that is too long"),
        (b"{}", "journey", "is missing"),
        (b"[]", "terms", "must be an object"),
    ],
    ids=["twice", "fraction", "nan", "infinity", "torn", "deep", "bytes", "text", "long",
         "empty", "list"],
)  # fmt: skip
def test_a_file_that_is_no_terms_is_refused_with_path_and_reason(
    browser, content, path, reason
):
    version = a_draft()

    page = put(browser, version, content)

    assert page.status_code == 422
    assert f"<code>{path}</code>" in page.text
    assert reason in page.text
    assert version.saves.count() == 1


def test_each_fault_of_shape_and_of_sense_names_its_place(browser):
    version = a_draft()
    document = core.template("classic")
    document["obligations"][1]["targets"][0]["within"] = "15 min"

    shape = put(browser, version, as_file(document))
    document = core.template("classic")
    document["handoffs"][0]["to_stage"] = "nowhere"
    sense = put(browser, version, as_file(document))

    assert "obligations[1].targets[0].within" in shape.text
    assert "handoffs[0].to_stage" in sense.text
    assert "there is no stage nowhere" in sense.text
    assert version.saves.count() == 1


def test_very_many_faults_are_counted_and_the_first_are_shown(browser):
    version = a_draft()
    document = core.template("classic") | {"clauses": [{} for _ in range(100)]}

    page = put(browser, version, as_file(document))

    assert "300 faults" in page.text
    assert "And 250 more." in page.text


def test_a_file_of_more_than_a_megabyte_is_not_read(browser):
    version = a_draft()

    page = put(browser, version, b" " * (1024 * 1024 + 1))

    assert page.status_code == 422
    assert "larger than 1 MB" in page.text


def test_no_file_at_all_is_said(browser):
    page = browser.post(address("draft-import", a_draft()), {"seen_save": 1})

    assert page.status_code == 422


def test_what_somebody_saved_meanwhile_stays_beside_the_file(browser):
    version = a_draft()
    drafting.save(
        version_id=version.pk, terms=edited(version), by=make_user(), at=NINE + HOUR,
        seen_save=1,
    )  # fmt: skip

    put(browser, version, as_file(version.terms | {"title": "From a file"}))

    version.refresh_from_db()
    assert version.terms["title"] == "From a file"
    assert version.terms["preamble"] == edited(version)["preamble"]


def test_a_file_against_another_change_of_the_same_is_shown_with_both_texts(browser):
    version = a_draft()
    drafting.save(
        version_id=version.pk, terms=edited(version), by=make_user(), at=NINE + HOUR,
        seen_save=1,
    )  # fmt: skip

    page = put(browser, version, as_file(version.terms | {"preamble": "From a file."}))

    assert page.status_code == 409
    assert "Both of you changed the same" in page.text
    assert version.saves.count() == 2


def test_a_proposed_version_takes_no_file(browser):
    version = a_proposal()

    answer = put(browser, version, as_file(edited(version)), seen=2)

    assert answer.url == address("version", version)
    assert version.saves.count() == 2


def test_an_auditor_reads_the_file_and_loads_none(client):
    version = a_draft()
    client.force_login(make_user(team=None, role=Role.AUDITOR))

    assert client.get(address("version-terms", version)).status_code == 200
    assert put(client, version, b"{}").status_code == 404
