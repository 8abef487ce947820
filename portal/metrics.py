"""/metrics in Prometheus' text format: figures of the portal's own running, of no person.

Read by whoever shows METRICS_TOKEN; without a token, by this machine alone, and not through
a proxy. Everybody else finds nothing here.
"""

from collections.abc import Iterator
from datetime import datetime
from ipaddress import ip_address
from secrets import compare_digest
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db.models import Count, Min
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.module_loading import import_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import ledger, wallclock
from portal.notifications import leases
from portal.notifications.actions import watch
from portal.notifications.models import Delivery, Endpoint
from portal.operations import pulse

FORMAT = "text/plain; version=0.0.4; charset=utf-8"
Sample = tuple[dict[str, str], float]


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """The figures as of now; reads only rows that wait or failed, never all of a table."""
    if not _may_read(request):
        raise Http404
    return HttpResponse("".join(_lines(wallclock.now())), content_type=FORMAT)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
    return _is_from_here(request)


def _is_from_here(request: HttpRequest) -> bool:
    """A proxy on this machine is no proof of anything; it says that it is one."""
    if any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP")):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _lines(at: datetime) -> Iterator[str]:
    state = watch.state(at)
    age = float("nan") if state.swept_ago is None else state.swept_ago.total_seconds()
    yield from _gauge("sweep_age_seconds", "Since the last pass over the clocks.", [({}, age)])
    yield from _gauge(
        "sweep_lag_seconds", "How long the next due instant is overdue.", [({}, _lag(at))]
    )
    yield from _gauge("healthy", "1 if nothing is wrong.", [({}, float(not state.complaints))])
    audited = state.audited_ago
    hours = float("nan") if audited is None else audited.total_seconds()
    yield from _gauge("audit_age_seconds", "Since the last audit.", [({}, hours)])
    yield from _gauge(
        "audit_differences", "Rows not as they should be.", [({}, state.differences)]
    )
    yield from _gauge(
        "held",
        "1 while nothing leaves after a restore.",
        [({}, float(leases.nothing_leaves()))],
    )
    yield from _processes(at)
    yield from _deliveries(at)
    yield from _endpoints(at)
    entries, _head = ledger.tip()
    yield from _gauge("ledger_entries", "Entries of the ledger.", [({}, entries)])


def _lag(at: datetime) -> float:
    due: datetime | None = import_string(settings.NEXT_INSTANT)()
    return max((at - due).total_seconds(), 0.0) if due else 0.0


def _processes(at: datetime) -> Iterator[str]:
    signs = {kind: pulse.last(kind) for kind in pulse.KINDS}
    silent = [
        ({"process": kind}, (at - sign.at).total_seconds() if sign else float("nan"))
        for kind, sign in signs.items()
    ]
    yield from _gauge(
        "process_silent_seconds", "Since one of this kind gave a sign of life.", silent
    )


def _deliveries(at: datetime) -> Iterator[str]:
    waiting = Delivery.objects.pending().values("channel")
    counted = waiting.annotate(many=Count("pk"), oldest=Min("next_at")).order_by("channel")
    rows: dict[str, dict[str, Any]] = {row["channel"]: dict(row) for row in counted}
    dead = Delivery.objects.dead().values_list("channel").annotate(Count("pk"))
    died = dict(dead.order_by("channel"))
    channels = [one for one in Delivery.Channel.values if one != Delivery.Channel.IN_APP]
    pending = [({"channel": one}, rows.get(one, {}).get("many", 0)) for one in channels]
    ages = [({"channel": one}, _age(rows.get(one, {}).get("oldest"), at)) for one in channels]
    given_up = [({"channel": one}, died.get(one, 0)) for one in channels]
    yield from _gauge("deliveries_pending", "Messages that wait to leave.", pending)
    yield from _gauge("deliveries_oldest_seconds", "How long the oldest is due.", ages)
    yield from _gauge("deliveries_dead", "Messages that were given up.", given_up)


def _age(since: datetime | None, at: datetime) -> float:
    return max((at - since).total_seconds(), 0.0) if since else 0.0


def _endpoints(at: datetime) -> Iterator[str]:
    rows = [({"endpoint": one.name, "kind": one.kind}, one) for one in Endpoint.objects.all()]
    enabled = [(labels, float(one.is_enabled)) for labels, one in rows]
    opened = [(labels, float(one.is_open(at))) for labels, one in rows]
    failed = [(labels, float(one.failures)) for labels, one in rows]
    yield from _gauge("endpoint_enabled", "1 if messages go there.", enabled)
    yield from _gauge("endpoint_circuit_open", "1 if it is left alone.", opened)
    yield from _gauge("endpoint_failures", "Failures in a row.", failed)


def _gauge(name: str, text: str, samples: list[Sample]) -> Iterator[str]:
    yield f"# HELP concord_{name} {text}\n# TYPE concord_{name} gauge\n"
    for labels, value in samples:
        inside = ",".join(f'{key}="{_escaped(label)}"' for key, label in labels.items())
        shown = "NaN" if value != value else f"{value:.15g}"
        yield f"concord_{name}{{{inside}}} {shown}\n" if inside else f"concord_{name} {shown}\n"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
