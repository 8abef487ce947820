"""A call that writes: done once, whoever repeats it, and answered alike each time.

The key that a program sends in `Idempotency-Key` is kept, with a digest of what it asked
and with the answer, in the transaction of the very action: both are there, or neither.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse

from portal import ledger
from portal.accounts.actions import answers
from portal.accounts.models import ApiToken, KeptAnswer
from portal.rest.problems import Problem
from portal.rest.tags import names, rendered, tag_of, tagged

LONGEST = 255
JSON = "application/json"
HEADER = "header.Idempotency-Key"


@dataclass(frozen=True)
class Answer:
    """What a write is answered with. `lead`: whose personal data it may hold."""

    value: Any
    status: int = 200
    lead: int | None = None
    location: str = ""


@dataclass(frozen=True)
class Done:
    """An answer as it is sent; `again` if it was given before."""

    body: bytes
    status: int
    location: str
    again: bool = False


Act = Callable[[], Answer]
Seen = Callable[[], Any]


def write(
    request: HttpRequest, act: Act, *, at: datetime, seen: Seen | None = None
) -> HttpResponse:
    """Do `act` in one transaction with its key; or say again what was said.

    `seen` gives what the caller may have read, under the locks that it takes: where
    `If-Match` names another state, nothing is done. Raises Problem: 400 for a key that is
    none, 412, and 422 for a key that came with another call before.
    """
    asked = f"{request.method} {request.get_full_path()}\n".encode() + request.body
    done = once(request, act, at=at, key=key_of(request), asked=asked, seen=seen)
    response = HttpResponse(done.body, status=done.status, content_type=JSON)
    if done.location:
        response.headers["Location"] = done.location
    if done.again:
        response.headers["Idempotent-Replay"] = "true"
    return tagged(request, response) if done.status == 200 else response


def once(
    request: HttpRequest,
    act: Act,
    *,
    at: datetime,
    key: str,
    asked: bytes,
    seen: Seen | None = None,
) -> Done:
    """The same for a part of a call, which has a `key` of its own; without one, just done."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # set by Token
    digest = hashlib.sha256(asked).hexdigest()
    if kept := _kept(token, key, digest, at):
        return kept
    try:
        return _do(request, token, act, at=at, key=key, asked=digest, seen=seen)
    except IntegrityError:
        # Another process did the same call a moment ago: its answer is ours.
        if kept := _kept(token, key, digest, at):
            return kept
        raise


def key_of(request: HttpRequest) -> str:
    """The key of a call, "" without one."""
    key = request.headers.get("Idempotency-Key", "")
    if key and (len(key) > LONGEST or not key.isascii() or not key.isprintable()):
        said = f"An Idempotency-Key has {LONGEST} printable ASCII characters at most."
        raise Problem(400, said, errors=[(HEADER, "too long, or not printable")])
    return key


def _do(
    request: HttpRequest,
    token: ApiToken,
    act: Act,
    *,
    at: datetime,
    key: str,
    asked: str,
    seen: Seen | None,
) -> Done:
    with ledger.hosting(said={"token": token.pk}):
        claim = answers.claim(token=token, key=key, asked=asked, at=at) if key else None
        if seen is not None:
            _require_seen(request, seen)
        said = act()
        done = Done(rendered(said.value), said.status, said.location)
        if claim is not None:
            answers.keep(claim, done.status, done.body, lead=said.lead, location=said.location)
        return done


def _kept(token: ApiToken, key: str, asked: str, at: datetime) -> Done | None:
    kept = KeptAnswer.objects.of(token, key).fresh(at).first() if key else None
    if kept is None:
        return None
    if kept.asked != asked:
        raise Problem(
            422,
            "This Idempotency-Key came with another call before. Nothing was done.",
            kind="idempotency-key-reused",
            errors=[(HEADER, "belongs to another call")],
        )
    return Done(kept.body.encode(), kept.status, kept.location, again=True)


def _require_seen(request: HttpRequest, seen: Seen) -> None:
    given = request.headers.get("If-Match", "")
    if given in {"", "*"} or names(given, tag_of(rendered(seen()))):
        return
    raise Problem(412, "It is not as you read it. Read it again; nothing was done.")
