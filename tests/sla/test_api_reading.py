"""Agreements by API: everything is read, and the description says how."""

import hashlib
import re

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from portal.accounts.models import Role
from portal.api import description
from sla.actions import drafting
from sla.models import Agreement
from tests.factories import make_terms, make_user
from tests.sla.programs import calls, path, problem
from tests.sla.versions import (
    HOUR,
    NINE,
    a_draft,
    a_signed_version,
    an_agreement,
    edited,
)

pytestmark = [pytest.mark.django_db, pytest.mark.now(NINE + HOUR)]


def test_agreements_and_versions_are_read():
    version = a_signed_version()
    program = calls()

    listed = program.get("/api/v1/agreements").json()
    one = program.get(path(version)).json()

    assert [row["key"] for row in listed["items"]] == ["inbound"]
    assert listed["items"][0]["in_force"] == 1
    assert (one["state"], one["in_force"], one["digest"]) == ("signed", True, version.digest)
    assert one["needs"] == []


def test_the_terms_are_the_bytes_that_the_digest_is_of():
    version = a_signed_version()

    answer = calls().get(path(version, "/terms"))

    assert hashlib.sha256(answer.content).hexdigest() == version.digest
    assert answer.headers["ETag"].startswith(f'"{version.digest}')


def test_the_schema_is_read_and_the_terms_fit_it():
    schema = calls().get("/api/v1/schemas/terms").json()

    assert list(Draft202012Validator(schema).iter_errors(make_terms())) == []


def test_signatures_are_read_with_how_each_was_proved():
    version = a_signed_version()

    signed = calls().get(path(version, "/signatures")).json()["items"]

    assert [row["department"] for row in signed] == ["marketing", "sales"]
    assert {(row["digest"], row["counts"]) for row in signed} == {(version.digest, True)}


def test_any_two_versions_are_compared_in_sentences():
    first = a_signed_version()
    second = a_draft(terms=edited(first))
    program = calls()

    there = program.get(path(second, f"/changes?against={first.number}")).json()
    back = program.get(path(first, f"/changes?against={second.number}")).json()

    (change,) = there["items"]
    assert change["new"] == edited(first)["preamble"]
    assert [c["old"] for c in back["items"]] == [change["new"]]


def test_what_did_not_change_is_not_sent_again():
    version = a_draft()
    program = calls()
    for where in ("/api/v1/agreements", path(version), path(version, "/terms")):
        first = program.get(where)

        again = program.get(where, headers={"If-None-Match": first.headers["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == first.headers["ETag"]
    drafting.save(
        version_id=version.pk, terms=edited(version), by=make_user(), at=NINE, seen_save=1
    )
    assert program.get(where, headers={"If-None-Match": first.headers["ETag"]}).content


def test_a_list_is_read_page_by_page_without_a_row_twice_or_never():
    agreement = an_agreement()
    for _ in range(7):
        a_draft()
    program = calls()

    seen, where = [], "/api/v1/agreements/inbound/versions?limit=3"
    while where:
        answer = program.get(where).json()
        seen += [row["number"] for row in answer["items"]]
        where = answer["next"]

    assert seen == list(range(1, 8))
    assert agreement.versions.count() == 7


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("limit=0", "query.limit"),
        ("limit=201", "query.limit"),
        ("limit=many", "query.limit"),
        ("after=-1", "query.after"),
        ("after=99999999999999999999", "query.after"),
    ],
)
def test_a_page_that_cannot_be_is_refused_by_its_field(query, field):
    said = problem(calls().get(f"/api/v1/agreements?{query}"), 422)

    assert [error["path"] for error in said["errors"]] == [field]
    assert all(error["reason"] for error in said["errors"])


@pytest.mark.parametrize(
    "where",
    ["agreements/none", "agreements/none/versions", "agreements/inbound/versions/99",
     "agreements/inbound/versions/99999999999999999999/terms",
     "agreements/inbound/versions/1/changes?against=77"],
)  # fmt: skip
def test_what_is_not_there_is_a_problem_too(where):
    a_draft()

    problem(calls().get(f"/api/v1/{where}"), 404)


@pytest.mark.parametrize(
    "where", ["nothing", "agreements/", "agreements/in bound", "agreements/inbound/versions/x",
              "openapi.yaml", "token/mine"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_an_address_that_is_none_is_a_problem_for_whoever_asks(where, method):
    for client in (calls(), Client(enforce_csrf_checks=True)):
        problem(client.generic(method, f"/api/v1/{where}"), 404)


@pytest.mark.parametrize(
    ("method", "where", "allowed"),
    [
        ("DELETE", "agreements", "GET"),
        ("PUT", "agreements/inbound", "GET"),
        ("GET", "agreements/inbound/versions/1/propose", "POST"),
        ("DELETE", "agreements/inbound/versions", "GET, POST"),
        ("POST", "openapi.json", "GET, HEAD"),
    ],
)
def test_a_method_that_an_address_lacks_is_a_problem_that_names_those_it_has(
    method, where, allowed
):
    answer = Client(enforce_csrf_checks=True).generic(method, f"/api/v1/{where}")

    problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == set(allowed.split(", "))


def test_the_description_is_open_whole_and_says_who_may():
    document = Client().get("/api/v1/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    for methods in document["paths"].values():
        for call in methods.values():
            assert call["security"]
            assert call["description"]
    assert Agreement.objects.count() == 0


def test_the_guide_shows_every_call(client):
    client.force_login(make_user())

    page = client.get("/api/v1/").text

    for where in description()["paths"]:
        assert where in page


@pytest.mark.parametrize("role", [Role.MEMBER, Role.OPERATIONS, Role.AUDITOR, Role.ADMIN])
def test_everything_that_the_guide_leads_to_is_there_for_whoever_reads_it(client, role):
    client.force_login(
        make_user(team="inside-sales" if role == Role.MEMBER else None, role=role)
    )

    page = client.get("/api/v1/").text
    main = page[page.index("<main") : page.index("</main>")]
    links = re.findall(r'href="(/(?!static/)[^"#]*)', main)

    assert links
    assert {where: client.get(where).status_code for where in links} == dict.fromkeys(
        links, 200
    )
