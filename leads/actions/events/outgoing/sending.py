"""What waits for subscriptions leaves: signed, in order, by lease, through the guard.

One after the other for each subscription, side by side for several. One that hangs or is
down delays no other: its circuit opens, and its rows wait. Sending happens in threads that
know no database.
"""

import json
import logging
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.core.events import replies
from leads.core.events.outward import SCHEMA
from leads.errors import EventsRefused
from leads.models import Lead, Outgoing, Subscription
from leads.models.events.subscription import OutgoingQuerySet
from portal.accounts.models import User
from portal.notifications import http, leases, outbox, schedule
from portal.notifications.channels import Failed, webhook
from portal.notifications.channels.parcels import FEW, judge
from portal.notifications.models import Endpoint
from portal.notifications.models.sealing import Unreadable
from portal.reader.language import Phrase

logger = logging.getLogger(__name__)

AT_ONCE = 20  # rows of one subscription in a pass
TAKES_FOR = timedelta(seconds=12)
LEASE = timedelta(seconds=60)
SIDE_BY_SIDE = 20
KEPT = 12  # answers kept of one row
LONG = 12  # characters from which on a part of an address may be a secret


@dataclass(frozen=True, slots=True)
class Letter:
    """All that sending one row needs, so that it reads no database."""

    row: int
    key: str
    address: str
    secrets: tuple[str, ...]
    allows_http: bool
    body: bytes
    attempts: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one letter: a status and what was said, or why there is none."""

    letter: Letter
    status: int | None
    took: int
    failure: Failed | None = None
    said: str = ""


def send_due(*, at: datetime) -> int:
    """Send what is due, for all subscriptions; return how many were taken by the others.

    Safe beside itself. Raises RuntimeError inside a transaction.
    """
    outbox.refuse_a_transaction()
    if leases.nothing_leaves():
        return 0
    waiting = Outgoing.objects.due(at).order_by("subscription")
    ids = list(waiting.values_list("subscription_id", flat=True).distinct())
    batches = [batch for batch in (_take(pk, at) for pk in ids) if batch]
    if not batches:
        return 0
    until = monotonic() + TAKES_FOR.total_seconds()
    with ThreadPoolExecutor(SIDE_BY_SIDE, "events") as pool:
        heard = list(pool.map(lambda batch: _send_all(batch, at, until), batches))
    return sum(
        _settle(answers, batch, at) for answers, batch in zip(heard, batches, strict=True)
    )


@transaction.atomic(durable=True)
def _take(subscription_id: int, at: datetime) -> list[Letter]:
    """Lease the next rows of one subscription; one only while it is tried after failures.

    Each taking counts as a try, except of what a sender that broke down had taken behind
    the row that it may have died of: those keep the try that they were counted.
    """
    found = Subscription.objects.select_related("endpoint").get(pk=subscription_id)
    endpoint = found.endpoint
    if not endpoint.is_enabled or endpoint.is_open(at):
        return []
    most = 1 if endpoint.failures else AT_ONCE
    due = Outgoing.objects.due(at).filter(subscription=found)
    _keep_back_of_the_erased(due)
    rows = list(due.select_for_update(skip_locked=True, no_key=True)[:most])
    unsent = leases.not_begun(rows)
    for row in rows:
        row.attempts += row.pk not in unsent
    try:
        letters = [_letter(found, row, at) for row in rows]
    except Unreadable as error:
        endpoint.note_failure(at=at, reason=str(error), wait=timedelta(hours=1))
        return []
    for row in rows:
        row.lease_until = at + LEASE
    Outgoing.objects.bulk_update(rows, ["lease_until", "attempts"])
    return letters


def _keep_back_of_the_erased(due: OutgoingQuerySet) -> None:
    """Nothing more is told of a person who was erased, but that they were."""
    due.filter(lead__closed_as=Lead.Closed.ERASED).exclude(kind="erased").update(
        state=Outgoing.State.DEAD, payload=None, next_at=None, last_error="erased"
    )


def _letter(found: Subscription, row: Outgoing, at: datetime) -> Letter:
    return Letter(
        row=row.pk, key=str(row.key), address=found.endpoint.address,
        secrets=found.secrets(at), allows_http=found.endpoint.allows_http,
        body=written(row.payload or {}), attempts=row.attempts,
    )  # fmt: skip


def written(payload: dict[str, Any]) -> bytes:
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()


def _send_all(letters: Sequence[Letter], at: datetime, until: float) -> list[Answer]:
    """In order, until the other end is down or time is up; what was not tried has no answer."""
    heard = []
    for letter in letters:
        if monotonic() > until:
            break
        heard.append(_send(letter, at))
        failure = heard[-1].failure
        if failure is not None and (failure.down or failure.gone):
            break
    return heard


def _send(letter: Letter, at: datetime) -> Answer:
    began, status = monotonic(), None
    failure, said = None, ""
    try:
        reply = _post(letter, at)
        status, said = reply.status, _said(reply, letter)
        judge(reply)
    except Failed as error:
        failure = error
    return Answer(letter, status, int((monotonic() - began) * 1_000), failure, said)


def _policy(letter: Letter) -> http.Policy:
    return http.policy(allows_http=letter.allows_http)


def _said(reply: http.Reply, letter: Letter) -> str:
    """What the other end wrote, where it is one that the whole world can ask; of a host that
    only the portal may reach nothing is kept, or an address could be typed in to read it."""
    if http.place(letter.address, _policy(letter)).is_internal:
        return ""
    ours = [letter.address, *letter.secrets, *re.split("[/?&=]", letter.address)]
    hidden = [part.removeprefix("whsec_") for part in ours if len(part) >= LONG]
    return replies.kept(reply.body, reply.headers.get("content-type", ""), hidden)


def _post(letter: Letter, at: datetime) -> http.Reply:
    policy = _policy(letter)
    headers = webhook.headers(letter.key, at, letter.body, letter.secrets)
    try:
        return http.send(letter.address, policy=policy, body=letter.body, headers=headers)
    except http.Refused as refusal:
        raise Failed(str(refusal), tries=FEW) from refusal
    except http.Unreachable as error:
        reason = _("It did not answer: %(error)s.") % {"error": error}
        raise Failed(reason, down=True) from error


def _settle(answers: Sequence[Answer], batch: Sequence[Letter], at: datetime) -> int:
    """Write down what came of a batch; what was not tried is due again at once."""
    tried = {answer.letter.row for answer in answers}
    left = [letter.row for letter in batch if letter.row not in tried]
    Outgoing.objects.filter(pk__in=left, lease_until=at + LEASE).update(
        lease_until=None, attempts=F("attempts") - 1
    )
    endpoint = Endpoint.objects.get(subscription__outgoing=batch[0].row)
    for answer in answers:
        _note(answer, endpoint, at)
    return sum(answer.failure is None for answer in answers)


@transaction.atomic(durable=True)
def _note(answer: Answer, endpoint: Endpoint, at: datetime) -> None:
    """Only the holder of the lease writes; who lost it to another leaves that to the other."""
    held = Outgoing.objects.filter(pk=answer.letter.row, lease_until=at + LEASE)
    row = (
        held.select_related("subscription").select_for_update(no_key=True, of=("self",)).first()
    )
    if row is None:
        return
    failure = answer.failure
    row.lease_until, row.last_error = None, failure.reason[:300] if failure else ""
    said: dict[str, Any] = {"at": at.isoformat(), "status": answer.status, "ms": answer.took}
    more = {"why": row.last_error, "said": answer.said}
    said |= {name: text for name, text in more.items() if text}
    row.answers = [*row.answers, said][-KEPT:]
    if failure is None:
        row.state, row.sent_at, row.next_at = Outgoing.State.SENT, at, None
        endpoint.note_sent(at=at)
    else:
        _put_off(row, failure, at)
        _note_on_the_endpoint(endpoint, failure, at)
        if row.state == Outgoing.State.DEAD:
            _tell_operations(row, at)
    row.save()


def _put_off(row: Outgoing, failure: Failed, at: datetime) -> None:
    wait = schedule.retry_after(row.attempts, row.key)
    enough = failure.tries is not None and row.attempts >= failure.tries
    if wait is None or enough or failure.gone:
        row.state, row.next_at = Outgoing.State.DEAD, None
    else:
        row.next_at = at + max(wait, failure.wait or wait)


def _tell_operations(row: Outgoing, at: datetime) -> None:
    """Once an hour for each subscription, however many were given up."""
    outbox.tell(
        about=f"subscription:{row.subscription_id}:dead:{at:%Y%m%d%H}",
        to=outbox.operators(),
        channels=["in_app"],
        title=Phrase("An event could not be told to %(name)s")
        % {"name": row.subscription.name},
        text=row.last_error,
        link=reverse("leads:subscription", args=[row.subscription_id]),
        level="late",
        at=at,
    )


def _note_on_the_endpoint(endpoint: Endpoint, failure: Failed, at: datetime) -> None:
    if failure.gone:
        Endpoint.objects.filter(pk=endpoint.pk).update(
            is_enabled=False, last_error=failure.reason[:300]
        )
    elif failure.down:
        endpoint.note_failure(at=at, reason=failure.reason, wait=failure.wait)


def send_again(*, outgoing_id: int, by: User, at: datetime) -> None:
    """Send a row once more, under its old id: a receiver that has it takes it no second time.

    Raises EventsRefused while it waits anyway, and for a payload that was erased.
    """
    if not by.imports_leads:
        raise EventsRefused(_("Operations keep the subscriptions."))
    settled = Outgoing.objects.filter(pk=outgoing_id).exclude(state=Outgoing.State.PENDING)
    fresh = {"state": Outgoing.State.PENDING, "next_at": at, "attempts": 0, "lease_until": None}
    if not settled.exclude(payload=None).update(**fresh):
        raise EventsRefused(_("It waits to be sent, or its content is gone."))


def try_out(subscription: Subscription, *, by: User, at: datetime) -> tuple[bool, str]:
    """Send one event of the type `test` now; whether it was taken, and what was said."""
    body = {
        "schema": SCHEMA, "type": "test", "id": f"test-{subscription.pk}-{int(at.timestamp())}",
        "occurred_at": at.isoformat().replace("+00:00", "Z"), "sequence": 0, "hash": "",
        "subject": {"type": "subscription", "id": subscription.pk}, "actor": by.pk,
        "facts": {"name": subscription.name},
    }  # fmt: skip
    try:
        secrets, where = subscription.secrets(at), subscription.endpoint.address
    except Unreadable as error:
        return False, str(error)
    letter = Letter(
        row=0, key=str(UUID(int=int(at.timestamp()))), address=where, secrets=secrets,
        allows_http=subscription.endpoint.allows_http, body=written(body), attempts=1,
    )  # fmt: skip
    answer = _send(letter, at)
    if answer.failure is not None:
        return False, answer.failure.reason
    said = _("It was taken: %(status)s after %(ms)s ms.")
    return True, said % {"status": answer.status, "ms": answer.took}
