"""The door for other systems: proven, kept, answered at once; long messages go on behind."""

import logging
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from leads.actions.events.incoming import pacing, proving, settling, taking
from leads.actions.events.incoming.proving import NotProven, Proof
from leads.actions.events.incoming.taking import MOST_BYTES, NotReadable
from leads.models import EventSource, Inbound, InboundItem
from leads.tasks import nudge_events
from portal import wallclock
from portal.accounts.api import paced

logger = logging.getLogger(__name__)
HERE = 20  # events settled before the answer; the rest within seconds
TOO_LARGE = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


@csrf_exempt
@login_not_required
@require_POST
def take(request: HttpRequest, key: str) -> HttpResponse:
    """Take a message of a source. The same message again gets the same answer and changes
    nothing: 200 when all is settled, 202 while some of it waits, 429 with the time to come
    again when too many came."""
    source = EventSource.objects.filter(key=key).first()
    try:
        raw = request.body
    except RequestDataTooBig:
        return _refused(TOO_LARGE, _("The body is larger than 512 KB. It was not read."))
    except UnreadablePostError:
        return _refused(HTTPStatus.BAD_REQUEST, _("The body broke off."))
    if len(raw) > MOST_BYTES:
        return _refused(TOO_LARGE, _("The body is larger than 512 KB. It was not read."))
    if source is None:
        return _refused(HTTPStatus.UNAUTHORIZED, _("It carries no proof that is known here."))
    return _of(source, request, raw)


def _of(source: EventSource, request: HttpRequest, raw: bytes) -> HttpResponse:
    at = wallclock.now()
    url = settings.BASE_URL.rstrip("/") + reverse("leads:event-in", args=[source.key])
    try:
        proof = proving.prove(source, request.headers, raw, url=url, at=at)
    except NotProven as error:
        taking.refused(source, str(error), at=at)
        return _refused(HTTPStatus.UNAUTHORIZED, _("It carries no proof that is known here."))
    if not source.is_active:
        return _refused(HTTPStatus.CONFLICT, _("This source is switched off."))
    standing = pacing.count(source, at=at)
    if not standing.refused:
        return paced(_kept(source, proof, raw, at), standing)
    taking.refused(source, _("too many messages in a minute"), at=at)
    said = _("%(limit)s messages a minute are taken. Come again in %(reset)s s.")
    many = {"limit": standing.limit, "reset": standing.reset}
    return paced(_refused(HTTPStatus.TOO_MANY_REQUESTS, said % many), standing)


def _kept(source: EventSource, proof: Proof, raw: bytes, at: datetime) -> JsonResponse:
    try:
        body = taking.body_of(raw)
    except NotReadable as error:
        taking.refused(source, str(error), at=at)
        return _refused(HTTPStatus.BAD_REQUEST, str(error))
    inbound = taking.keep(
        source=source, message_id=proof.message_id, proof=proof.by, raw=raw, body=body, at=at
    )
    return _answered(inbound)


def _answered(inbound: Inbound) -> JsonResponse:
    taking.unpack(inbound_id=inbound.pk, at=wallclock.now())
    waiting = inbound.items.waiting().order_by("number").values_list("pk", flat=True)
    settling.settle_each(list(waiting[:HERE]), now=wallclock.now)
    items = [_item(one) for one in inbound.items.order_by("number")]
    waits = any(one["state"] == InboundItem.State.WAITING for one in items)
    if waits:
        nudge_events()
    status = HTTPStatus.ACCEPTED if waits else HTTPStatus.OK
    return JsonResponse({"id": inbound.message_id, "events": items}, status=status)


def _item(item: InboundItem) -> dict[str, object]:
    """What the sender is told: enough to mend it, nothing of what the portal knows."""
    return {
        "number": item.number,
        "state": item.state,
        "event": item.event,
        "path": item.path,
        "reason": item.reason,
    }


def _refused(status: HTTPStatus, detail: str) -> JsonResponse:
    body = {
        "type": "about:blank", "title": status.phrase, "status": status.value,
        "detail": detail,
    }  # fmt: skip
    return JsonResponse(body, status=status, content_type="application/problem+json")
