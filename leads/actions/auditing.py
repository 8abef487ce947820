"""The audit that runs by itself, once an hour, and tells who keeps the portal what it found.

People act while it reads. What it finds counts only if it is found again at once: a row that
was between two of its queries is then where it should be.
"""

import hashlib
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from threading import Lock, Thread

from django.db import DatabaseError, connections
from django.db.models import Q
from django.utils.translation import ngettext

from leads.actions import commitments, rolling, sealing
from leads.actions.sweeping import sweep
from leads.models import AuditPass, SweepPass
from leads.reports.audit import Finding, audit, broken
from portal import ledger
from portal.accounts.models import Role, User
from portal.notifications import outbox

logger = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
BEHIND = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=2)
EARLY = timedelta(minutes=5)  # a beat that is a little early is no beat lost
CHANNELS = ("in_app", "mail")
NAMED = 10  # rows in a message; all of them are on the row and in `manage.py audit`


_aside = Lock()


def last_audit() -> AuditPass | None:
    """When the audit last ran, and what it found."""
    return AuditPass.objects.first()


def is_due(at: datetime) -> bool:
    last = last_audit()
    return last is None or not timedelta(0) <= at - last.began_at < EVERY - EARLY


def sees_to_all(at: datetime) -> bool:
    """Whether an audit is under way or about to begin, and with it what it does besides.

    One that broke down is taken for under way until the next is due.
    """
    last = last_audit()
    if last is None or is_due(at):
        return not _catches_up(at)
    return last.audited_at is None or last.audited_at < last.began_at


def audit_if_due(*, at: datetime) -> AuditPass | None:
    """Audit if nobody began to within the hour; of several that ask together, one does.

    Not while the sweep still catches up, as after an outage: what it has not come to yet
    is late, and told as that, but nobody took it away.
    """
    if not is_due(at) or _catches_up(at) or not _claim(at):
        return None
    commitments.watch_all(at=at)
    ledger.publish_head(at=at)  # without Celery nobody else does
    sealing.seal_due(at=at)
    sealing.look_again(at=at)
    rolling.roll(at=at)
    return check(at=at)


def audit_aside(*, at: datetime) -> Thread | None:
    """`audit_if_due` in a thread of its own, for processes that sweep in between and must
    not wait for it; None if it is not due, or still under way here."""
    if not is_due(at) or not _aside.acquire(blocking=False):
        return None
    thread = Thread(target=_aside_of_all, args=[at], daemon=True)
    thread.start()
    return thread


def _aside_of_all(at: datetime) -> None:
    try:
        audit_if_due(at=at)
    except DatabaseError:
        logger.warning("nothing was audited: the database did not answer")
    finally:
        connections.close_all()
        _aside.release()


def check(*, at: datetime) -> AuditPass:
    """Audit everything, keep what was found, and tell it if it is new."""
    found = list(_confirmed(at))
    rows = [f"{one.key}: {row}" for one in found for row in one.rows]
    digest = hashlib.sha256("\n".join(rows).encode()).hexdigest() if rows else ""
    number = sum(one.number for one in found)
    with ledger.recording(at=at):
        before = AuditPass.objects.select_for_update(no_key=True).first()
        known = before.digest if before is not None else ""
        kept, _new = AuditPass.objects.update_or_create(
            id=1,
            defaults={
                "began_at": at, "audited_at": at, "differences": number, "found": rows,
                "digest": digest,
            },
        )  # fmt: skip
        SweepPass.objects.update(differences=number)
        if digest and digest != known:
            _tell(kept, found, at)
    return kept


def _catches_up(at: datetime) -> bool:
    """Whether something due is not swept yet; for so long only, lest nothing be audited."""
    last, due = last_audit(), sweep.next_instant()
    is_overdue = last is not None and at - last.began_at > LONGEST_WAIT
    return due is not None and due < at - BEHIND and not is_overdue


def _claim(at: datetime) -> bool:
    """Whether this caller is the one that audits now."""
    free = Q(began_at__lte=at - EVERY + EARLY) | Q(began_at__gt=at)
    if AuditPass.objects.filter(free).update(began_at=at):
        return True
    return AuditPass.objects.get_or_create(id=1, defaults={"began_at": at})[1]


def _confirmed(at: datetime) -> Iterator[Finding]:
    """What does not hold, and did not hold a moment later either."""
    for one in audit(at):
        if one.holds:
            continue
        again = set(broken(one.key, at))
        rows = tuple(row for row in one.rows if row in again)
        if rows:
            yield Finding(one.key, one.sentence, rows, min(one.number, len(again)))


def _tell(kept: AuditPass, found: list[Finding], at: datetime) -> None:
    """Once for each thing that was found, to operations and the administrators."""
    ledger.append(
        ledger.Kind.AUDIT_DIFFERED,
        subject=("audit", kept.pk),
        at=at,
        clear={"digest": kept.digest, "found": {one.key: one.number for one in found}},
    )
    admins = User.objects.active().filter(role=Role.ADMIN)
    title = ngettext(
        "The audit found %(n)d row that is not as it should be",
        "The audit found %(n)d rows that are not as they should be",
        kept.differences,
    )
    outbox.tell(
        about=f"audit:{kept.digest[:40]}",
        to=dict.fromkeys([*outbox.operators(), *admins]),
        channels=CHANNELS,
        title=title % {"n": kept.differences},
        text="\n".join(kept.found[:NAMED]),
        level="late",
        at=at,
    )
