"""What runs: processes, the sweep, the audit, messages and the channels they leave by."""

from datetime import datetime, timedelta

from leads.actions import auditing
from leads.actions.sweeping import holding
from portal.notifications import http
from portal.notifications.actions import watch
from portal.notifications.models import Delivery, Endpoint
from portal.notifications.models.sealing import Unreadable
from portal.operations import pulse
from portal.operations.doctor.finding import Finding, check, ok, warning, wrong

SILENT = timedelta(seconds=90)


@check("worker")
def worker(at: datetime) -> Finding:
    """Celery workers finish tasks: a process that is only there says nothing."""
    return _alive("worker", at, "start it: celery -A portal.celery worker")


@check("beat")
def beat(at: datetime) -> Finding:
    return _alive("beat", at, "start it: celery -A portal.celery beat --pidfile=")


@check("sweeper")
def sweeper(at: datetime) -> Finding:
    """Not needed while worker and beat live; what goes on when Redis is away."""
    todo = "start it: manage.py sweep --watch"
    if pulse.last("sweeper") is None:
        return warning("none ever ran: without Redis nobody checks clocks", todo)
    return _alive("sweeper", at, todo)


def _alive(kind: str, at: datetime, todo: str) -> Finding:
    sign = pulse.last(kind)
    if sign is None:
        return wrong("none ever gave a sign of life", todo)
    ago = f"{(at - sign.at).total_seconds():.0f} s ago"
    if at - sign.at > SILENT:
        return wrong(f"the last sign of life was {ago} (process {sign.process})", todo)
    return ok(f"gave a sign of life {ago}")


@check("sweep")
def sweep(at: datetime) -> Finding:
    """Clocks are being checked."""
    held = holding.opened().first()
    if held is not None:
        return wrong(
            f"held since {held.began_at:%d %b %H:%M} UTC: {held}",
            "see manage.py clock show; when all is right: manage.py clock confirm",
        )
    ago = watch.state(at).swept_ago
    todo = "start worker and beat, or manage.py sweep --watch"
    if ago is None:
        return wrong("clocks were never checked", todo)
    if ago > watch.LATE:
        return wrong(f"clocks were last checked {ago.total_seconds():.0f} s ago", todo)
    return ok(f"clocks were checked {ago.total_seconds():.0f} s ago")


@check("audit")
def audit(at: datetime) -> Finding:
    """The hourly audit ran, and found nothing."""
    last = auditing.last_audit()
    if last is None or last.audited_at is None:
        return warning(
            "it has not run yet", "it runs within the hour; at once: manage.py audit"
        )
    if last.differences:
        return wrong(
            f"{last.differences} rows are not as they should be", "run: manage.py audit"
        )
    if at - last.audited_at > watch.UNAUDITED:
        return wrong(
            f"it last ran {last.audited_at:%d %b %H:%M} UTC", "see the checks beat and sweeper"
        )
    return ok(f"clean, {last.audited_at:%d %b %H:%M} UTC")


@check("outbox")
def outbox(at: datetime) -> Finding:
    """Messages leave."""
    waiting, waited = Delivery.objects.due(at).count(), watch.state(at).waited
    if waited > watch.STUCK:
        return wrong(
            f"{waiting} messages wait, the oldest for {waited.total_seconds() / 60:.0f} min",
            "see the checks worker, mail and channels",
        )
    return ok(f"{waiting} messages wait")


@check("dead letters")
def dead_letters(at: datetime) -> Finding:
    """No message was given up."""
    dead = Delivery.objects.dead()
    lately = dead.filter(died_at__gt=at - watch.LATELY).count()
    todo = "operations sends them again from the page of undelivered messages"
    if lately:
        return wrong(f"{lately} messages were given up in the last hour", todo)
    count = dead.count()
    return warning(f"{count} messages were given up", todo) if count else ok("none")


@check("channels")
def channels(at: datetime) -> Finding:
    """Each endpoint can be read and answers."""
    rows = list(Endpoint.objects.all())
    for one in rows:
        try:
            one.host  # noqa: B018  # unsealing is what is tried
        except Unreadable:
            return wrong(
                f"the address of {one.name} cannot be read any more",
                "put the former SECRET_KEY into SECRET_KEY_FALLBACKS, or enter it again",
            )
    refused = _refused([one for one in rows if one.is_enabled])
    if refused:
        return wrong(refused, "name its host in OUTGOING_HOSTS or INTERNAL_HOSTS")
    failing = [one for one in rows if one.is_enabled and one.failures]
    if failing:
        one = failing[0]
        return warning(
            f"{one.name} failed {one.failures} times in a row: {one.last_error}",
            "see whether its address still holds",
        )
    off = [one.name for one in rows if not one.is_enabled]
    if off:
        return warning(f"not in use: {', '.join(off)}", "switch it on again, or leave it")
    return ok(f"{len(rows)} endpoints")


def _refused(rows: list[Endpoint]) -> str:
    """The first that the settings do not let be called, and why; empty: none."""
    for one in rows:
        try:
            if one.address:
                http.place(one.address, http.policy(allows_http=one.allows_http))
        except http.Refused as refusal:
            return f"{one.name} is not called: {refusal}"
    return ""
