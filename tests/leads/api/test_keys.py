"""The same call twice is one call: keys, tags, limits, and what became of many."""

from datetime import timedelta

import pytest

from leads.models import Lead, StageEntry, Touch
from portal import wallclock
from portal.accounts.actions import answers, tokens
from portal.accounts.models import KeptAnswer, Scope
from portal.ledger.models import LedgerEntry
from tests.factories import MONDAY_NINE, make_agreement, make_handoff, make_team, make_user
from tests.leads.api.programs import get, post, problem, program, send

NOW = MONDAY_NINE + timedelta(minutes=10)
pytestmark = [pytest.mark.django_db, pytest.mark.now(NOW)]
LEADS = "/api/v1/leads"
ANA = {"name": "Ana Lima", "email": "ana@lima.example"}
KEY = {"Idempotency-Key": "order-1"}


@pytest.fixture
def marketer():
    make_agreement(), make_team("inside-sales")
    return make_user(team="demand-generation")


def test_an_identical_repeat_is_answered_alike_and_does_nothing(marketer):
    who = program(marketer)

    first, again = (send(who, "POST", LEADS, ANA, **KEY) for _ in "12")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotent-Replay"] == "true"
    assert "Idempotent-Replay" not in first.headers
    assert Lead.objects.count() == StageEntry.objects.count() == 1


def test_the_same_key_with_another_call_is_refused_and_changes_nothing(marketer):
    who = program(marketer)
    post(who, "/leads", ANA, 201, **KEY)
    pk = Lead.objects.get().pk

    others = [
        send(who, "POST", LEADS, ANA | {"phone": "+49 1"}, **KEY),
        send(who, "POST", f"{LEADS}/{pk}/touches", {"kind": "note"}, **KEY),
    ]

    for said in others:
        assert problem(said, 422)["type"] == "urn:concord:problem:idempotency-key-reused"
    assert not Touch.objects.exists()
    assert Lead.objects.get().phone == ""


def test_what_is_refused_keeps_no_key(marketer):
    handoff = make_handoff(at=MONDAY_NINE)
    stranger = program(marketer)

    for _ in "12":
        problem(send(stranger, "POST", f"/api/v1/handoffs/{handoff.pk}/accept", **KEY), 403)

    assert not KeptAnswer.objects.exists()


def test_a_key_belongs_to_its_token_and_lasts_a_day(marketer, monkeypatch):
    one, other = program(marketer), program(marketer)
    post(one, "/leads", ANA, 201, **KEY)

    assert post(other, "/leads", ANA, **KEY)["outcome"] != "new"
    monkeypatch.setattr(wallclock, "now", lambda: NOW + timedelta(days=1))
    assert post(one, "/leads", ANA | {"phone": "+49 1"}, **KEY)["outcome"] != "new"

    assert KeptAnswer.objects.count() == 1


@pytest.mark.parametrize("key", ["x" * 256, "sch\u00f6n", "a\tb"])
def test_a_key_that_is_none_is_refused_by_its_header(marketer, key):
    answer = send(program(marketer), "POST", LEADS, ANA, **{"Idempotency-Key": key})

    assert problem(answer, 400)["errors"][0]["path"] == "header.Idempotency-Key"
    assert not Lead.objects.exists()


def test_key_and_answer_are_there_with_the_lead_or_not_at_all(marketer, monkeypatch):
    def breaks(*args, **kwargs):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(answers, "keep", breaks)
    who = program(marketer)
    with pytest.raises(RuntimeError):
        send(who, "POST", LEADS, ANA, **KEY)

    assert not Lead.objects.exists()
    assert not KeptAnswer.objects.exists()
    assert not LedgerEntry.objects.filter(kind="lead_arrived").exists()


def test_what_was_kept_of_a_lead_is_forgotten_with_it(marketer):
    post(program(marketer), "/leads", ANA, 201, **KEY)

    assert answers.forget(Lead.objects.get().pk) == 1
    assert not KeptAnswer.objects.exists()


def test_many_leads_are_each_taken_or_refused(marketer):
    who = program(marketer)
    items = [ANA, {"email": "no address"}, {}, ANA | {"score": "many"}, ANA]

    said = post(who, "/leads/bulk", {"items": items}, **KEY)["items"]
    again = post(who, "/leads/bulk", {"items": items}, **KEY)["items"]

    assert [one["status"] for one in said] == [201, 422, 422, 422, 200]
    assert said[1]["problem"]["errors"][0]["path"] == "email"
    assert said[3]["problem"]["errors"][0]["path"] == "score"
    assert [one["again"] for one in again] == [True, False, False, False, True]
    assert [one["done"] for one in again] == [one["done"] for one in said]
    assert Lead.objects.count() == 1


def test_many_handoffs_are_each_moved_or_refused():
    one, two = make_handoff(at=MONDAY_NINE), make_handoff(at=MONDAY_NINE)
    who = program(one.receiver)
    items = [
        {"handoff": one.pk, "move": "accept"},
        {"handoff": one.pk, "move": "complete", "body": {"won": "perhaps"}},
        {"handoff": 987654, "move": "accept"},
        {"handoff": two.pk, "move": "reassign", "body": {"to": one.receiver_id}},
    ]

    said = post(who, "/handoffs/bulk", {"items": items})["items"]

    assert [row["status"] for row in said] == [200, 422, 404, 403]
    assert said[0]["done"]["state"] == "accepted"
    assert said[1]["problem"]["errors"][0]["path"] == "won"


@pytest.mark.parametrize("items", [[], [ANA] * 101])
def test_a_hundred_at_once_are_enough(marketer, items):
    problem(send(program(marketer), "POST", f"{LEADS}/bulk", {"items": items}), 422)

    assert not Lead.objects.exists()


def test_what_did_not_change_is_not_sent_again(marketer):
    handoff = make_handoff(at=MONDAY_NINE)
    who = program(handoff.receiver)
    clock = handoff.clocks.first()
    for path in (
        "/leads", f"/leads/{handoff.lead_id}", f"/handoffs/{handoff.pk}", f"/clocks/{clock.pk}",
    ):  # fmt: skip
        tag = who.get(f"/api/v1{path}").headers["ETag"]
        again = who.get(f"/api/v1{path}", headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b"")


def test_a_move_names_the_state_that_was_read():
    handoff = make_handoff(at=MONDAY_NINE)
    who, path = program(handoff.receiver), f"/api/v1/handoffs/{handoff.pk}"
    tag = who.get(path).headers["ETag"]

    taken = send(who, "POST", f"{path}/accept", **{"If-Match": tag})
    late = send(who, "POST", f"{path}/still-talking", **{"If-Match": tag})
    now = send(who, "POST", f"{path}/still-talking", **{"If-Match": taken.headers["ETag"]})

    assert (taken.status_code, now.status_code) == (200, 200)
    problem(late, 412)


def test_every_answer_says_how_many_calls_are_left(marketer, monkeypatch):
    monkeypatch.setattr(tokens, "CALLS", 3)
    who = program(marketer)

    first, wrong = who.get(LEADS), who.get(f"{LEADS}/987654")
    last, refused = who.get(LEADS), who.get(LEADS)

    assert [one.headers["RateLimit-Remaining"] for one in (first, wrong, last, refused)] == [
        "2", "1", "0", "0",
    ]  # fmt: skip
    assert first.headers["RateLimit-Limit"] == "3"
    assert first.headers["RateLimit-Policy"] == "3;w=60"
    assert int(first.headers["RateLimit-Reset"]) <= 60
    problem(refused, 429)
    assert refused.headers["Retry-After"] == refused.headers["RateLimit-Reset"]
    monkeypatch.setattr(wallclock, "now", lambda: NOW + timedelta(minutes=1))
    assert who.get(LEADS).status_code == 200


def test_a_limit_is_one_tokens_own_and_counts_in_the_database(marketer, monkeypatch):
    monkeypatch.setattr(tokens, "CALLS", 1)
    one, other = program(marketer), program(marketer)
    one.get(LEADS)

    assert one.get(LEADS).status_code == 429
    assert other.get(LEADS).status_code == 200
    assert sorted(marketer.tokens.values_list("window_calls", flat=True)) == [1, 1]


@pytest.mark.parametrize("scope", [Scope.READ, Scope.DRAFT])
def test_who_may_only_read_or_draft_brings_nothing_and_acts_on_nothing(marketer, scope):
    handoff = make_handoff(at=MONDAY_NINE)
    who = program(handoff.receiver, scope)

    problem(send(who, "POST", LEADS, ANA), 403)
    said = problem(send(who, "POST", f"/api/v1/handoffs/{handoff.pk}/accept"), 403)

    assert "act" in said["detail"]
    assert get(program(marketer), f"/handoffs/{handoff.pk}")["state"] == "offered"
