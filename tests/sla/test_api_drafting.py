"""Agreements by API: drafted and proposed, never signed; refusals name field and reason."""

import json

import pytest

from portal.api import description
from portal.ledger.models import LedgerEntry
from sla.actions import drafting
from sla.core import terms as core
from sla.models import Signature, Version
from tests.factories import make_operations, make_signatory, make_terms, make_user
from tests.sla.programs import a_token, calls, path, problem, send
from tests.sla.versions import (
    HOUR,
    NINE,
    a_draft,
    a_proposal,
    a_signed_version,
    an_agreement,
    edited,
)

pytestmark = [pytest.mark.django_db, pytest.mark.now(NINE + HOUR)]


def test_a_draft_is_made_saved_and_proposed_as_the_tokens_owner():
    an_agreement()
    owner = make_user(team="demand-generation")
    program = calls(a_token(owner)[1])

    made = send(
        program, "POST", "/api/v1/agreements/inbound/versions",
        {"template": "classic", "reason": "By script"},
    )  # fmt: skip
    where = made.headers["Location"]
    read = program.get(f"{where}/terms")
    saved = send(
        program, "PUT", f"{where}/terms", read.json() | {"title": "By script"},
        **{"If-Match": read.headers["ETag"]},
    )  # fmt: skip
    proposed = send(
        program, "POST", f"{where}/propose", {"effective_from": "2026-04-01T00:00:00Z"}
    )

    version = Version.objects.get()
    assert (made.status_code, saved.status_code, proposed.status_code) == (201, 200, 200)
    assert proposed.json()["needs"] == ["marketing", "sales"]
    assert (version.terms["title"], version.reason) == ("By script", "By script")
    assert {save.author for save in version.saves.all()} == {owner}
    entries = LedgerEntry.objects.about(("version", version.pk))
    token = owner.tokens.get().pk
    assert [(one.kind, one.clear.get("token")) for one in entries.order_by("seq")] == [
        ("version_drafted", token),
        ("version_saved", token),
        ("version_proposed", token),
        ("observation_started", None),  # by itself, not by the program
    ]
    assert version.requested_from.isoformat() == "2026-04-01T00:00:00+00:00"


def test_operations_draft_by_token_and_a_version_is_copied():
    version = a_signed_version()
    program = calls(a_token(make_operations())[1])

    made = send(program, "POST", "/api/v1/agreements/inbound/versions", {"copy_of": 1})

    assert made.json()["number"] == 2
    assert made.json()["digest"] == version.digest


@pytest.mark.parametrize(
    "body", [{}, {"template": "classic", "copy_of": 1}, {"template": "none"}, {"copy_of": 0}]
)
def test_a_draft_has_exactly_one_beginning(body):
    an_agreement()

    problem(send(calls(), "POST", "/api/v1/agreements/inbound/versions", body), 422)

    assert not Version.objects.exists()


def test_terms_with_faults_are_refused_by_path_and_reason():
    an_agreement()
    terms = make_terms()
    terms["handoffs"][0]["to_stage"] = "nowhere"

    said = problem(
        send(calls(), "POST", "/api/v1/agreements/inbound/versions", {"terms": terms}), 422
    )

    assert {"path": "handoffs[0].to_stage", "reason": "there is no stage nowhere"} in (
        said["errors"]
    )
    assert said["type"] == "urn:concord:problem:terms-invalid"


def test_saving_wants_to_know_which_state_was_read():
    version = a_draft()

    problem(send(calls(), "PUT", path(version, "/terms"), edited(version)), 428)

    assert version.saves.count() == 1


def test_a_state_that_is_gone_is_refused_with_the_difference():
    version = a_draft()
    program = calls()
    tag = program.get(path(version, "/terms")).headers["ETag"]
    drafting.save(
        version_id=version.pk, terms=edited(version), by=make_user(), at=NINE, seen_save=1
    )

    said = problem(
        send(
            program, "PUT", path(version, "/terms"), version.terms | {"title": "Mine"},
            **{"If-Match": tag},
        ),
        412,
    )  # fmt: skip

    assert said["type"] == "urn:concord:problem:draft-changed"
    assert any(edited(version)["preamble"] in change["new"] for change in said["changes"])
    assert version.saves.count() == 2


def test_a_text_that_came_back_is_another_state():
    """The tag names the save too: A, B, A again is not the A that was read."""
    version = a_draft()
    program, by = calls(), make_user()
    tag = program.get(path(version, "/terms")).headers["ETag"]
    for seen, terms in ((1, edited(version)), (2, version.terms)):
        drafting.save(
            version_id=version.pk, terms=terms, by=by, at=NINE, seen_save=seen, merging=False
        )

    answer = send(
        program, "PUT", path(version, "/terms"), version.terms | {"title": "Mine"},
        **{"If-Match": tag},
    )  # fmt: skip

    problem(answer, 412)


def test_what_is_proposed_is_neither_saved_nor_proposed_again():
    version = a_proposal()
    program = calls()
    tag = program.get(path(version, "/terms")).headers["ETag"]

    save = send(program, "PUT", path(version, "/terms"), edited(version), **{"If-Match": tag})
    again = send(program, "POST", path(version, "/propose"))

    assert problem(save, 409)["type"] == "urn:concord:problem:not-in-this-state"
    problem(again, 409)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"template": "classic", "template": "empty"}', "twice"),
        (b'{"copy_of": 1.5}', "whole"),
        (b'{"copy_of": NaN}', "NaN"),
        (b"{", "not JSON"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "nested"),
    ],
)
def test_a_body_that_is_no_strict_json_is_not_read(body, said):
    an_agreement()
    program = calls()

    answer = program.generic(
        "POST", "/api/v1/agreements/inbound/versions", body, "application/json"
    )

    assert said in problem(answer, 400)["detail"]


def test_a_body_of_another_kind_or_size_is_not_read(settings):
    version = a_draft()
    program = calls()
    where = "/api/v1/agreements/inbound/versions"

    problem(program.generic("POST", where, '{"template": "empty"}', "text/plain"), 415)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    big = b'{"reason": "' + b"x" * 200 + b'"}'
    problem(program.generic("POST", where, big, "application/json"), 413)
    tag = program.get(path(version, "/terms")).headers["ETag"]
    put = program.generic(
        "PUT", path(version, "/terms"), big, "application/json", headers={"If-Match": tag}
    )
    problem(put, 413)


def test_no_token_signs_declines_revises_or_withdraws():
    """Neither by an address of the API nor by one of the pages, of a signatory's own."""
    version = a_proposal()
    program = calls(a_token(make_signatory("sales"))[1])
    page = f"/agreements/{version.agreement.key}/versions/{version.number}"
    data = {"digest": version.digest, "password": "x", "code": "000000", "reason": "no"}

    for verb in ("sign", "decline", "withdraw", "revise"):
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            by_api = send(program, method, path(version, f"/{verb}"), data)
            assert by_api.status_code in {404, 405}
        by_page = program.post(f"{page}/{verb}/", data)
        assert by_page.status_code == 302
        assert by_page.headers["Location"].startswith("/accounts/login/")

    version.refresh_from_db()
    assert version.state == Version.State.PROPOSED
    assert not Signature.objects.exists()


def test_no_operation_of_the_description_signs():
    paths = [path for path in description()["paths"] if "/agreements" in path]
    words = json.dumps([[p, list(description()["paths"][p])] for p in paths])

    for verb in ('/sign"', "decline", "accept", "withdraw"):
        assert verb not in words
    assert not [path for path in description()["paths"] if path.endswith(("/sign", "/decline"))]


def test_what_the_core_calls_a_template_can_be_drafted():
    an_agreement()

    for name in core.TEMPLATES:
        body = {"template": name}
        made = send(calls(), "POST", "/api/v1/agreements/inbound/versions", body)
        assert made.status_code == 201
