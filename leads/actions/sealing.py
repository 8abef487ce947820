"""When a period has closed its figures are sealed: kept, their digest in the ledger, its head
shown outside. Later each seal is looked at again, and what was changed is told."""

import hashlib
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.models import Seal, SealCheck
from leads.reports.period import Filters, Period
from leads.reports.seals.evidence import evidence
from leads.reports.seals.figures import Figure, figures
from leads.reports.seals.restating import changes, period_of
from portal import ledger
from portal.ledger import chain
from portal.notifications import outbox
from portal.notifications.actions.telling import heads
from portal.notifications.schedule import zone_of
from sla.models import Agreement, Version

SCHEMA = "concord seal 1"
MORNING = time(8)  # of the day after: what trusted sources tell late has arrived by then
AT_ONCE = 24  # periods that one call seals; the next call goes on
BEGINS = 3  # closed periods that a portal without a seal begins with
LOOKED_AT = 13  # the newest seals, which are compared again: a year of months
EVERY_TIME = 2  # of them each time; the others once a day
DAY = timedelta(days=1)
CHANNELS = ("in_app", "mail")


def seal_due(*, at: datetime) -> list[Seal]:
    """Seal what has closed by `at` and is not sealed yet, oldest first."""
    agreement = Agreement.objects.in_order().last()
    if agreement is None:
        return []
    due = [one for _n, one in zip(range(AT_ONCE), _owed(agreement, at), strict=False)]
    made = (_seal(agreement, version, period, at) for version, period in due)
    return [seal for seal in made if seal is not None]


def look_again(*, at: datetime, every: bool = False) -> int:
    """Compare seals with what their rows say now; return how many of these are restated.

    The newest ones each time, older ones once a day; or `every` one of the newest year.
    """
    newest = Seal.objects.select_related("version__agreement", "check_made")[:LOOKED_AT]
    due = [
        seal
        for place, seal in enumerate(newest)
        if every or place < EVERY_TIME or _looked_at(seal) <= at - DAY
    ]
    return sum(_look(seal, at) for seal in due)


def _looked_at(seal: Seal) -> datetime:
    found: SealCheck | None = getattr(seal, "check_made", None)
    return found.checked_at if found is not None else seal.ends_at


def _owed(agreement: Agreement, at: datetime) -> Iterator[tuple[Version, Period]]:
    """The closed periods since the last seal, with the version that was in force when each
    closed. Nothing was promised, nothing is sealed."""
    period = _next(agreement) or _first(agreement, at)
    while period is not None and _closes(period) <= at:
        version = Version.objects.in_force(agreement.pk, period.last_instant)
        if version is not None:
            governance = version.parsed.governance
            right = Period.around(period.first, governance.seals, zone_of(governance.zone))
            if right.length == period.length and right.first == period.first:
                yield version, period
        period = period.next


def _next(agreement: Agreement) -> Period | None:
    """The period after the newest seal."""
    newest = Seal.objects.select_related("version").first()
    if newest is None:
        return None
    last = period_of(newest)
    version = Version.objects.in_force(agreement.pk, last.end) or newest.version
    return Period.around(last.after, version.parsed.governance.seals, last.zone)


def _first(agreement: Agreement, at: datetime) -> Period | None:
    """Where a portal begins that never sealed: since the first version, a few at most."""
    signed = Version.objects.filter(agreement=agreement, effective_from__isnull=False)
    version = signed.order_by("effective_from").first()
    if version is None or version.effective_from is None:
        return None
    governance = version.parsed.governance
    zone = zone_of(governance.zone)
    first = version.effective_from.astimezone(zone).date()
    since = Period.around(first, governance.seals, zone)
    few = Period.around(at.astimezone(zone).date(), governance.seals, zone)
    for _n in range(BEGINS):
        few = few.before
    return max(since, few, key=lambda period: period.first)


def _closes(period: Period) -> datetime:
    return datetime.combine(period.after, MORNING, period.zone)


def _seal(agreement: Agreement, version: Version, period: Period, at: datetime) -> Seal | None:
    """Read everything at one moment, then keep it; None if another did meanwhile."""
    with _one_moment(), translation.override("en"):
        tip = ledger.tip()
        found = figures(version, Filters(period), at)
        rows = evidence(version, Filters(period), at)
    rows["figures"] = {one.key: list(one.rows) for one in found if one.noun}
    packed = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    said = {
        "schema": SCHEMA,
        "agreement": agreement.key,
        "agreement_id": agreement.pk,
        "version": {"number": version.number, "digest": version.digest},
        "period": {
            "length": period.length, "first": period.first, "zone": str(period.zone),
            "start": period.start, "end": period.end,
        },
        "sealed_at": at,
        "head": {"seq": tip[0], "hash": tip[1]},
        "evidence": hashlib.sha256(packed.encode()).hexdigest(),
        "figures": [_said(one) for one in found],
    }  # fmt: skip
    document = chain.canonical(said)
    seal = _keep(
        agreement,
        Seal(
            agreement=agreement, version=version, length=period.length, first=period.first,
            ends_at=period.end, sealed_at=at, head_seq=tip[0], head_hash=tip[1],
            document=document, digest=hashlib.sha256(document.encode()).hexdigest(),
            evidence=zlib.compress(packed.encode(), 9),
        ),
        len(found),
    )  # fmt: skip
    if seal is not None:
        _show(seal, at)
    return seal


def _said(one: Figure) -> dict[str, Any]:
    ids = hashlib.sha256(chain.canonical(one.rows).encode()).hexdigest() if one.noun else ""
    return {
        "key": one.key, "name": str(one.name), "definition": one.definition,
        "value": one.value, "of": one.of, "rows": ids,
    }  # fmt: skip


@contextmanager
def _one_moment() -> Iterator[None]:
    """All queries inside see the database as it was at one instant, and nobody waits."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    else:  # Django's own transactions take the only place of a writer at once
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("COMMIT")


@ledger.recorded
def _keep(agreement: Agreement, seal: Seal, number: int) -> Seal | None:
    Agreement.objects.select_for_update(no_key=True).get(pk=agreement.pk)
    if Seal.objects.filter(length=seal.length, first=seal.first).exists():
        return None
    seal.save(force_insert=True)
    ledger.append(
        ledger.Kind.PERIOD_SEALED,
        subject=("seal", seal.pk),
        at=seal.sealed_at,
        clear={
            "digest": seal.digest, "length": seal.length, "first": seal.first,
            "version": seal.version.number, "figures": number, "head": seal.head_seq,
        },
    )  # fmt: skip
    return seal


def _show(seal: Seal, at: datetime) -> None:
    """Publish the head that covers the seal, and send it to the heads of both departments."""
    head = ledger.publish_head(at=at)
    if head is not None:
        _mail(seal, head, at)


@transaction.atomic(durable=True)
def _mail(seal: Seal, head: Any, at: datetime) -> None:
    name = {"first": date_format(seal.first, "j F Y"), "length": _(seal.length)}
    outbox.tell(
        about=f"seal:{seal.pk}",
        to=heads(),
        channels=CHANNELS,
        title=_("The figures of the %(length)s from %(first)s are sealed") % name,
        text=_(
            "The figures have the digest %(digest)s. Entry %(seq)s of the ledger, which comes "
            "after them, has the hash %(hash)s. Keep this message: with it you can show "
            "later that nothing before it was changed."
        )
        % {"digest": seal.digest, "seq": head.seq, "hash": head.hash},
        link=reverse("leads:seal", args=[seal.pk]),
        at=at,
    )


def _look(seal: Seal, at: datetime) -> bool:
    with translation.override("en"):
        found = changes(seal, at)
    telling = [one for one in found if one["why"] != "went_on"]
    digest = _digest(telling)
    with ledger.recording(at=at):
        kept = SealCheck.objects.select_for_update(no_key=True).filter(seal=seal).first()
        known = kept.told if kept is not None else ""
        SealCheck.objects.update_or_create(
            seal=seal, defaults={"checked_at": at, "changes": found, "told": digest}
        )
        if digest and digest != known:
            _restate(seal, telling, at)
    return bool(telling)


def _digest(telling: list[dict[str, Any]]) -> str:
    if not telling:
        return ""
    same = [[one[k] for k in ("figure", "now", "n_gone", "n_came", "why")] for one in telling]
    return hashlib.sha256(chain.canonical(same).encode()).hexdigest()


def _restate(seal: Seal, telling: list[dict[str, Any]], at: datetime) -> None:
    told = [
        {"sealed": one["sealed"], "now": one["now"], "why": one["why"], "figure": one["figure"]}
        for one in telling
    ]
    ledger.append(
        ledger.Kind.FIGURE_RESTATED,
        subject=("seal", seal.pk),
        at=at,
        clear={"digest": _digest(telling), "figures": len(told), "restated": told[:50]},
    )
