"""How many messages a source may send; and calls of the API that are a system's own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from leads.actions.events.incoming import pacing, sources
from leads.errors import EventsRefused
from leads.models import Inbound, Touch
from portal.accounts.models import ApiToken
from tests.factories import make_handoff, make_operations
from tests.leads.api.programs import post as call
from tests.leads.api.programs import program
from tests.leads.clockwork import berlin, clock_of
from tests.leads.events.sources import make_source, post

pytestmark = pytest.mark.django_db
OFFERED, CALLED, ARRIVED = berlin(2, 13, 45), berlin(2, 13, 58), berlin(2, 14, 6)
HEARTBEAT = {"event": "heartbeat"}


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(pacing, "MESSAGES", 2)
    make_source()


def test_each_answer_says_how_many_messages_are_left(few, clock):
    clock.at = ARRIVED

    answer = post(HEARTBEAT, at=ARRIVED)

    assert answer.headers["RateLimit-Limit"] == "2"
    assert answer.headers["RateLimit-Remaining"] == "1"
    assert answer.headers["RateLimit-Policy"] == "2;w=60"
    assert "Retry-After" not in answer.headers


def test_one_message_too_many_is_not_kept_and_told_when_to_come_again(few, clock):
    clock.at = ARRIVED + timedelta(seconds=20)
    for number in range(2):
        post(HEARTBEAT | {"n": number}, at=clock.at)

    answer = post(HEARTBEAT | {"n": 3}, at=clock.at)

    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"] == "40"
    assert answer.json()["title"] == "Too Many Requests"
    assert Inbound.objects.count() == 2
    clock.at += timedelta(seconds=40)
    assert post(HEARTBEAT | {"n": 3}, at=clock.at).status_code == 200


def test_who_proves_nothing_uses_up_no_message_of_the_source(few, client, clock):
    clock.at = ARRIVED
    for _ in range(3):
        client.post("/in/dialler/", b"{}", content_type="application/json")

    assert post(HEARTBEAT, at=ARRIVED).status_code == 200


def bound(owner, key="dialler"):
    """A program of `owner`, whose token is the source's."""
    api = program(owner)
    token = ApiToken.objects.get(user=owner)
    source = make_source(key)
    wanted = sources.Wanted(
        name=source.name, system=source.system, keeper=source.keeper, api_token=token.prefix
    )
    sources.change(source_id=source.pk, wanted=wanted, by=source.keeper, at=OFFERED)
    return api, source, wanted


def a_call(handoff):
    return {"kind": "call", "external_id": "c-1", "occurred_at": CALLED.isoformat()}


def test_a_call_told_with_the_token_of_a_trusted_system_counts_when_it_was_made(clock):
    handoff = make_handoff(at=OFFERED)
    clock.at = ARRIVED
    api, _, _ = bound(handoff.receiver)

    call(api, f"/leads/{handoff.lead_id}/touches", a_call(handoff), 201)

    touch = Touch.objects.get(external_id="c-1")
    assert (touch.source, touch.occurred_at, touch.trusted) == ("dialler", CALLED, True)
    accept = clock_of(handoff, "accept")
    assert (accept.stopped_at, accept.outcome) == (CALLED, "met")


@pytest.mark.parametrize("why", ["another token", "switched off", "not in the agreement"])
def test_a_time_told_with_any_other_token_is_a_claim(clock, why):
    handoff = make_handoff(at=OFFERED)
    clock.at = ARRIVED
    if why == "another token":
        api = program(handoff.receiver)
        make_source()
    else:
        key = "callbox" if why == "not in the agreement" else "dialler"
        api, source, _ = bound(handoff.receiver, key)
        if why == "switched off":
            type(source).objects.update(is_active=False)

    call(api, f"/leads/{handoff.lead_id}/touches", a_call(handoff), 201)

    touch = Touch.objects.get(external_id="c-1")
    assert (touch.occurred_at, touch.claimed_at, touch.trusted) == (ARRIVED, CALLED, False)


def test_a_token_is_one_systems_and_can_be_used(clock):
    handoff = make_handoff(at=OFFERED)
    clock.at = ARRIVED
    _, source, wanted = bound(handoff.receiver)
    other = make_source("callbox", keeper=source.keeper)

    with pytest.raises(EventsRefused, match="another system's already"):
        sources.change(source_id=other.pk, wanted=wanted, by=source.keeper, at=ARRIVED)
    ApiToken.objects.update(revoked_at=ARRIVED)
    with pytest.raises(EventsRefused, match="begins so"):
        sources.change(
            source_id=other.pk, wanted=wanted, by=source.keeper,
            at=ARRIVED + timedelta(seconds=1),
        )  # fmt: skip


def test_operations_type_how_the_token_begins_and_see_whose_it_is(client, clock):
    handoff = make_handoff(at=OFFERED)
    clock.at = ARRIVED
    program(handoff.receiver)
    token, source = ApiToken.objects.get(), make_source()
    client.force_login(make_operations("Otto"))
    edit = reverse("leads:source-edit", args=[source.key])
    said = {
        "name": "Dialler", "system": "", "keeper": source.keeper_id, "is_active": "on",
        "api_token": f"concord_{token.prefix}",
    }  # fmt: skip

    refused = client.post(edit, said | {"api_token": "12345"})
    kept = client.post(edit, said)

    assert refused.status_code == 422
    assert "concord_1a2b3c4d" in refused.content.decode()
    page = client.get(kept.headers["Location"]).content.decode()
    assert f"concord_{token.prefix}…, in the name of {handoff.receiver}" in page
