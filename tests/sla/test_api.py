"""Agreements by API: read everything, draft and propose; refusals name field and reason."""

import hashlib
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from portal import wallclock
from portal.accounts.actions import tokens
from portal.accounts.models import ApiToken, Role, Scope
from portal.api import description
from portal.ledger.models import LedgerEntry
from sla.actions import drafting
from sla.core import terms as core
from sla.models import Agreement, Signature, Version
from tests.factories import PASSWORD, make_operations, make_signatory, make_terms, make_user
from tests.sla.versions import (
    HOUR,
    NINE,
    a_draft,
    a_proposal,
    a_signed_version,
    an_agreement,
    edited,
)

pytestmark = pytest.mark.django_db
BOTH = (Scope.READ, Scope.DRAFT)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """It is an hour after nine, until a test says otherwise."""
    monkeypatch.setattr(wallclock, "now", lambda: NINE + HOUR)


def a_token(owner=None, *scopes, ends=NINE + 30 * DAY, at=NINE):
    owner = owner or make_user(team="demand-generation")
    made, secret = tokens.make(
        by=owner, name="A script", scopes=scopes or BOTH, expires_at=ends, at=at
    )
    return made, secret


def calls(secret=None):
    """A program that shows a token; its own, if it has none yet."""
    secret = secret or a_token()[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def path(version, rest=""):
    return f"/api/v1/agreements/{version.agreement.key}/versions/{version.number}{rest}"


def send(program, method, where, body=None, **headers):
    return program.generic(
        method, where, json.dumps(body) if body is not None else "", "application/json",
        headers=headers or None,
    )  # fmt: skip


def problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == status
    assert {"type", "title", "detail", "errors"} <= set(said)
    return said


# --- who


def test_only_a_digest_of_a_token_is_kept_and_its_making_is_in_the_ledger():
    made, secret = a_token()

    row = ApiToken.objects.values().get()
    assert secret not in json.dumps(row, default=str)
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    entry = LedgerEntry.objects.about(("token", made.pk)).get()
    assert entry.kind == "token_made"
    assert made.prefix not in json.dumps(entry.clear)


def test_a_token_says_whom_it_acts_for():
    answer = calls().get("/api/v1/token")

    assert answer.json()["department"] == "marketing"
    assert answer.json()["scopes"] == ["draft", "read"]


def test_its_use_is_noted_once_a_minute(django_assert_num_queries):
    made, secret = a_token()
    program = calls(secret)

    program.get("/api/v1/token")

    made.refresh_from_db()
    assert made.last_used_at == NINE + HOUR
    with django_assert_num_queries(2):  # the token, and a write that finds nothing to do
        program.get("/api/v1/token")


@pytest.mark.parametrize(
    "shown",
    ["", "Bearer ", "Bearer nonsense", "Bearer concord_00000000_x", "Basic abc", "Token {}",
     "Bearer {}x", "Bearer  {}"],
)  # fmt: skip
def test_anything_else_than_a_whole_token_is_nobody(shown):
    _, secret = a_token()
    client = Client(headers={"Authorization": shown.format(secret)})

    answer = client.get("/api/v1/agreements")

    problem(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_in_the_address_or_in_a_cookie_opens_nothing():
    _, secret = a_token()
    client = Client()
    client.cookies["token"] = secret
    client.force_login(make_user())

    for address in ("/api/v1/agreements", f"/api/v1/agreements?token={secret}"):
        problem(client.get(address), 401)


def test_a_revoked_token_fails_with_its_next_call():
    made, secret = a_token()
    program = calls(secret)
    assert program.get("/api/v1/agreements").status_code == 200

    tokens.revoke(token_id=made.pk, by=made.user, at=NINE)

    problem(program.get("/api/v1/agreements"), 401)
    assert LedgerEntry.objects.about(("token", made.pk)).count() == 2


def test_a_token_ends_at_its_instant():
    program = calls(a_token(ends=NINE + HOUR)[1])

    problem(program.get("/api/v1/agreements"), 401)


@pytest.mark.parametrize(
    "change", [{"is_active": False}, {"department_id": "sales"}, {"role": Role.AUDITOR}],
    ids=["left", "moved", "became an auditor"],
)  # fmt: skip
def test_a_token_is_dead_once_its_owner_is_somebody_else(change):
    made, secret = a_token()
    owner = made.user
    owner.team = None
    owner.department_id = None if "role" in change else owner.department_id
    for name, value in change.items():
        setattr(owner, name, value)
    owner.save()

    problem(calls(secret).get("/api/v1/agreements"), 401)


def test_a_token_that_may_only_read_drafts_nothing():
    version = a_draft()
    program = calls(a_token(None, Scope.READ)[1])

    said = [
        problem(send(program, "POST", path(version, "/propose")), 403),
        problem(send(program, "PUT", path(version, "/terms"), {}), 403),
        problem(send(program, "POST", "/api/v1/agreements/inbound/versions", {}), 403),
    ]

    assert all("draft" in one["detail"] for one in said)
    assert Version.objects.count() == 1


def test_auditors_and_administrators_have_no_tokens():
    for role in (Role.AUDITOR, Role.ADMIN):
        with pytest.raises(tokens.MayNotHoldTokens):
            a_token(make_user(team=None, role=role))


def test_a_person_has_twenty_tokens_at_most():
    owner = make_user()
    for _ in range(tokens.MOST):
        a_token(owner)

    with pytest.raises(tokens.TooManyTokens):
        a_token(owner)


def test_a_token_lives_a_year_at_most():
    made, _ = a_token(ends=NINE + 9999 * DAY)

    assert made.expires_at == NINE + tokens.LONGEST


# --- reading


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


# --- writing


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
    assert [(one.kind, one.clear["token"]) for one in entries.order_by("seq")] == [
        (kind, owner.tokens.get().pk)
        for kind in ("version_drafted", "version_saved", "version_proposed")
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


# --- never


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
    words = json.dumps([[p, list(m)] for p, m in description()["paths"].items()])

    for verb in ('/sign"', "decline", "accept", "withdraw"):
        assert verb not in words


# --- the description


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


# --- one's own page


def test_a_token_is_shown_once_on_ones_own_page(client):
    person = make_user()
    client.force_login(person)

    made = client.post("/tokens/", {"name": "Wiki", "scopes": ["read"], "days": "30"})
    later = client.get("/tokens/")

    token = ApiToken.objects.get()
    assert f"concord_{token.prefix}_" in made.text
    assert "no-store" in made.headers["Cache-Control"]
    assert f"concord_{token.prefix}_" not in later.text
    assert token.expires_at == NINE + HOUR + 30 * DAY


def test_who_makes_a_token_proves_first_who_they_are_and_goes_on(client):
    person = make_user(password=PASSWORD)
    client.force_login(person)

    asked = client.post("/tokens/", {"name": "Wiki", "scopes": ["read"], "days": "30"})
    assert asked.headers["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()
    refused = client.post(asked.headers["Location"], {"password": "a guess"})
    assert refused.status_code in {200, 422}
    assert not ApiToken.objects.exists()
    made = client.post(asked.headers["Location"], {"password": PASSWORD})

    token = ApiToken.objects.get()
    assert (token.user, token.name) == (person, "Wiki")
    assert f"concord_{token.prefix}_" in made.text


def test_another_persons_token_is_not_there(client):
    made, secret = a_token()
    client.force_login(make_user())

    assert client.post(f"/tokens/{made.pk}/revoke/").status_code == 404
    assert made.name not in client.get("/tokens/").text
    assert calls(secret).get("/api/v1/token").status_code == 200


def test_ones_own_token_is_revoked_on_the_page(client):
    made, secret = a_token()
    client.force_login(made.user)

    client.post(f"/tokens/{made.pk}/revoke/")

    problem(calls(secret).get("/api/v1/token"), 401)


@pytest.mark.parametrize("data", [{}, {"name": "x", "scopes": "sign", "days": "30"}])
def test_a_token_without_a_purpose_or_with_a_scope_that_is_none_is_not_made(client, data):
    client.force_login(make_user())

    assert client.post("/tokens/", data).status_code == 422
    assert not ApiToken.objects.exists()


def test_what_the_core_calls_a_template_can_be_drafted():
    an_agreement()

    for name in core.TEMPLATES:
        body = {"template": name}
        made = send(calls(), "POST", "/api/v1/agreements/inbound/versions", body)
        assert made.status_code == 201
