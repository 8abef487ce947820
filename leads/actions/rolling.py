"""The sums that the scorecard reads: made from the rows, and kept up by the ledger's tail.

They are comfort and no evidence: nothing is lost with them, a page without them counts rows.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from time import monotonic
from zoneinfo import ZoneInfo

from django.db import transaction

from leads.models import Lead, RolledCell, RolledShare, RolledTo
from leads.reports.rollups import tail
from leads.reports.rollups.cells import FORM, Key, Record, packed, unpacked
from leads.reports.rollups.shares import shares_of
from portal.ledger.models import LedgerEntry
from sla.models import Agreement, Version

logger = logging.getLogger(__name__)

# A pass writes from its begin to its end, and on SQLite nobody else does meanwhile: it is
# some tenths of a second of work, and a call gives way after one.
ENTRIES = 200  # of the ledger that one pass looks through
SLICE = 50  # leads that one pass puts in while the sums are first made
AGAIN = 20  # leads that one pass counts once more unasked
PASSES = 40  # that one call makes at most
SECONDS = 1.0  # after which a call begins no other pass


def roll(*, at: datetime, passes: int = PASSES, seconds: float = SECONDS) -> bool:
    """Let the sums follow the ledger, a bounded number of short transactions long; return
    whether they hold up to its end."""
    until = monotonic() + seconds
    for _pass in range(passes):
        if roll_on(at=at):
            return True
        if monotonic() > until:
            break
    return False


@transaction.atomic
def roll_on(*, at: datetime) -> bool:
    """One pass: what came in the ledger, and some leads more; return whether that was all.

    Where the zone of the agreement or the form of the sums is another one, and where the
    ledger has not the entry up to which they hold, all begin anew.
    """
    to = _up_to(_zone(at))
    came = tail.after(to.seq, to.hash, ENTRIES) if to else None
    if to is None or came is None:
        return True  # an empty ledger
    leads = list(_some(to))
    zone = ZoneInfo(to.zone)
    changed = recount({*leads, *came.leads}, zone)
    if to.complete:
        _report(changed - came.leads, came)
        to.checked_to = leads[-1] if leads else 0
    else:
        to.built_to, to.complete = (leads[-1], False) if leads else (to.built_to, True)
    to.seq, to.hash = came.seq, came.hash
    to.save()
    return to.complete and came.whole


def recount(leads: Collection[int], zone: ZoneInfo) -> set[int]:
    """Put in what these leads count for now instead of what they did; return those of whom
    anything is otherwise."""
    fresh = shares_of(leads, zone) if leads else {}
    keys = {key.digest: key for _lead, key in fresh}
    now = {(lead, key.digest): records for (lead, key), records in fresh.items()}
    old = {
        (one.lead_id, one.cell.key): one
        for one in RolledShare.objects.filter(lead_id__in=leads)
        .select_related("cell")
        .only("lead_id", "n", "records", "cell__key")
    }
    was = {place: Counter(unpacked(one.n, bytes(one.records))) for place, one in old.items()}
    is_ = {place: Counter(records) for place, records in now.items()}
    other = {place for place in was.keys() | is_.keys() if was.get(place) != is_.get(place)}
    if not other:
        return set()
    more: dict[str, Counter[Record]] = defaultdict(Counter)
    less: dict[str, Counter[Record]] = defaultdict(Counter)
    for lead, digest in other:
        more[digest] += is_.get((lead, digest), Counter())
        less[digest] += was.get((lead, digest), Counter())
    RolledShare.objects.filter(
        pk__in=[old[place].pk for place in other if place in old]
    ).delete()
    cells = _cells(more, less, keys)
    RolledShare.objects.bulk_create(
        RolledShare(
            lead_id=place[0], cell_id=cells[place[1]], n=len(now[place]),
            records=packed(now[place]),
        )
        for place in sorted(other)
        if place in now
    )  # fmt: skip
    return {lead for lead, _digest in other}


def _cells(
    more: Mapping[str, Counter[Record]],
    less: Mapping[str, Counter[Record]],
    keys: Mapping[str, Key],
) -> dict[str, int]:
    """Add to cells and take away from them; return the ids of those that are left."""
    there = {one.key: one for one in RolledCell.objects.filter(key__in=more)}
    changed: list[RolledCell] = []
    gone: list[RolledCell] = []
    new: list[RolledCell] = []
    for digest, added in more.items():
        cell = there.get(digest)
        before = unpacked(cell.n, bytes(cell.records)) if cell else []
        records = list((Counter(before) + added - less[digest]).elements())
        if cell is None:
            cell = RolledCell(key=digest, **keys[digest]._asdict())
            new.append(cell)
        else:
            (changed if records else gone).append(cell)
        cell.n, cell.records = len(records), packed(records)
    RolledCell.objects.filter(pk__in=[one.pk for one in gone]).delete()
    RolledCell.objects.bulk_update(changed, ["n", "records"])
    RolledCell.objects.bulk_create(new)
    return {one.key: one.pk for one in (*changed, *new)}


def _up_to(zone: str) -> RolledTo | None:
    """How far the sums are, for nobody else until this transaction ends; begun anew where
    they hold no more. None while the ledger is empty."""
    to = RolledTo.objects.select_for_update(no_key=True).first()
    if to is not None:
        known = LedgerEntry.objects.filter(seq=to.seq, hash=to.hash).exists()
        if known and to.form == FORM and to.zone == zone:
            return to
        RolledShare.objects.all().delete()
        RolledCell.objects.all().delete()
        to.delete()
    seq, digest = LedgerEntry.objects.tip()
    if not seq:
        return None
    return RolledTo.objects.create(pk=1, form=FORM, zone=zone, seq=seq, hash=digest)


def _some(to: RolledTo) -> list[int]:
    """The leads that are next: to be put in, or to be counted once more."""
    begin, number = (to.checked_to, AGAIN) if to.complete else (to.built_to, SLICE)
    found = Lead.objects.filter(pk__gt=begin).order_by("pk").values_list("pk", flat=True)
    return list(found[:number])


def _report(leads: Collection[int], came: tail.Tail) -> None:
    """Say that sums were otherwise than the rows though no entry of the ledger told why."""
    later = tail.after(came.seq, came.hash, ENTRIES)
    untold = set(leads) - (later.leads if later else set())
    if untold and (later is None or later.whole):
        logger.error("sums were not those of the rows", extra={"leads": sorted(untold)[:20]})


def _zone(at: datetime) -> str:
    """The zone of the default agreement, in which the scorecard's days are."""
    default = Agreement.objects.in_order().last()
    version = Version.objects.effective(at).filter(agreement=default).first()
    return version.parsed.governance.zone if version else "UTC"
