"""A request for signatures in time: who has not signed is asked again, and at last it ends.

The rows say when; the sweep that raises alerts does these too, each in one transaction of
its own, at most once.
"""

from datetime import datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery

from portal import ledger, timed
from portal.reader.language import Phrase
from sla.actions import notices
from sla.core.saying import Say, gettext_noop
from sla.models import RequestTimer, Version

REMIND_AFTER = (timedelta(days=3), timedelta(days=10), timedelta(days=20))
EXPIRES_AFTER = timedelta(days=30)
Kind = RequestTimer.Kind
UNSIGNED = {
    ("marketing",): gettext_noop("Marketing did not sign within %(days)s days."),
    ("sales",): gettext_noop("Sales did not sign within %(days)s days."),
    ("marketing", "sales"): gettext_noop(
        "Marketing and Sales did not sign within %(days)s days."
    ),
}
"""Why a request ended without a signature, by the departments whose it lacked."""


def begin(version: Version, *, at: datetime) -> None:
    """Set the reminders and the end of a request that begins at `at`: an inner step."""
    rows = [(Kind.REMIND, at + after) for after in REMIND_AFTER]
    rows.append((Kind.EXPIRE, at + EXPIRES_AFTER))
    RequestTimer.objects.bulk_create(
        RequestTimer(kind=kind, at=when, version=version, revision=version.revision)
        for kind, when in rows
    )


def cancel(version: Version, *, at: datetime) -> None:
    """Nothing more is asked: an inner step of every way out of `proposed`."""
    version.timers.to_come().update(cancelled_at=at)


def expires_at(version: Version) -> datetime | None:
    """When the request for signatures of a proposed version ends."""
    ends = version.timers.to_come().filter(kind=Kind.EXPIRE).order_by("at")
    return ends.values_list("at", flat=True).first()


def with_end(versions: QuerySet[Version]) -> QuerySet[Version]:
    """The same, each with its `request_ends`, as `expires_at` says it."""
    ends = RequestTimer.objects.to_come().filter(version=OuterRef("pk"), kind=Kind.EXPIRE)
    return versions.annotate(request_ends=Subquery(ends.order_by("at").values("at")[:1]))


def retold(reason: str, say: Say) -> str:
    """Why a version ended as `say` words it, where a request wrote it, in English as all that
    is recorded; what a person wrote stands as it is."""
    for text in UNSIGNED.values():
        before, place, after = text.partition("%(days)s")
        days = reason.removeprefix(before).removesuffix(after)
        if place and reason == f"{before}{days}{after}" and days.isdecimal():
            return say(text) % {"days": days}
    return reason


def fire_due(*, at: datetime, limit: int) -> tuple[int, int]:
    """Do what is due by `at`, soonest first; return how many were done, and how many failed.

    A version that somebody signs at this moment is left to the next pass. One that fails
    is tried again five minutes later.
    """
    due = RequestTimer.objects.due(at).values_list("pk", "version_id")[:limit]
    return timed.fire_each(RequestTimer.objects.all(), due, _fire, at)


def _fire(timer_id: int, version_id: int, at: datetime) -> bool:
    with ledger.recording(at=at):
        free = Version.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        version = free.select_related("agreement").filter(pk=version_id).first()
        rows = RequestTimer.objects.due(at).select_for_update(no_key=True, of=("self",))
        timer = rows.filter(pk=timer_id).first() if version else None
        if version is None or timer is None:
            return False
        timer.done_at, timer.error = at, ""
        timer.save(update_fields=["done_at", "error"])
        if version.state == Version.State.PROPOSED and version.revision == timer.revision:
            HANDLERS[timer.kind](version, timer, at)
        return True


def _remind(version: Version, timer: RequestTimer, at: datetime) -> None:
    ends = expires_at(version)
    notices.tell(
        version,
        f"remind:{timer.pk}",
        notices.signatories(version),
        title=Phrase("%(version)s still waits for your signature") % {"version": version},
        text=Phrase("Without it the request ends on %(day)s.") % {"day": f"{ends:%Y-%m-%d}"}
        if ends
        else "",
        at=at,
        sign=True,
    )
    _record("version_reminded", version, at)


def _expire(version: Version, timer: RequestTimer, at: datetime) -> None:
    said, days = UNSIGNED[tuple(version.needs)], {"days": EXPIRES_AFTER.days}
    version.state, version.ended_at = Version.State.WITHDRAWN, timer.at
    version.ended_reason = said % days
    version.save(update_fields=["state", "ended_at", "ended_reason"])
    cancel(version, at=at)
    notices.tell(
        version,
        "expired",
        notices.everybody_concerned(version),
        title=Phrase("%(version)s was not signed in time") % {"version": version},
        text=Phrase("%(reason)s Propose it again to go on.") % {"reason": Phrase(said) % days},
        at=at,
    )
    _record("version_expired", version, at)


HANDLERS = {Kind.REMIND.value: _remind, Kind.EXPIRE.value: _expire}


def _record(kind: str, version: Version, at: datetime) -> None:
    clear = {
        "agreement": version.agreement.key,
        "version": version.number,
        "revision": version.revision,
        "waiting_for": version.needs,
    }
    ledger.append(kind, at=at, subject=("version", version.pk), clear=clear)
