"""The sums that the scorecard reads: made from the rows, and kept up by the ledger's tail.

They are comfort and no evidence: nothing is lost with them, a page without them counts rows.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from secrets import randbits
from time import monotonic
from zoneinfo import ZoneInfo

from django.db import transaction

from leads.models import Lead, RolledCell, RolledShare, RolledTo
from leads.reports.rollups import tail
from leads.reports.rollups.cells import FORM, Key, Record, packed, unpacked
from leads.reports.rollups.facts.shares import shares_of
from portal.bulk.rows import append
from portal.ledger.models import LedgerEntry
from sla.models import Agreement, Version

logger = logging.getLogger(__name__)

# A pass writes from its begin to its end, and on SQLite nobody else does meanwhile: it is
# some tenths of a second of work, and a call gives way after one.
ENTRIES = 200  # of the ledger that one pass looks through
SLICE = 200  # leads that one pass puts in while the sums are first made
AGAIN = 20  # leads that one pass counts once more unasked
PASSES = 40  # that one call makes at most
SECONDS = 1.0  # after which a call begins no other pass
LOT = 40  # bits of what is drawn; the sum of very many fits into 63


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
    was_complete = to.complete
    changed = recount({*leads, *came.leads}, zone)
    if to.complete:
        _report(changed - came.leads, came)
        to.checked_to = leads[-1] if leads else 0
    else:
        to.built_to, to.complete = (leads[-1], False) if leads else (to.built_to, True)
    to.seq, to.hash = came.seq, came.hash
    if changed or to.complete != was_complete:
        to.state = randbits(LOT)
    to.save()
    return to.complete and came.whole


def recount(leads: Collection[int], zone: ZoneInfo) -> set[int]:
    """Put in what these leads count for now instead of what they did; return those of whom
    anything is otherwise."""
    fresh = shares_of(leads, zone) if leads else {}
    digests = {key: key.digest for key in {key for _lead, key in fresh}}
    is_ = {(lead, digests[key]): sorted(some) for (lead, key), some in fresh.items()}
    old = {
        (lead, digest): (pk, sorted(unpacked(n, bytes(blob))))
        for pk, lead, digest, n, blob in RolledShare.objects.filter(
            lead_id__in=leads
        ).values_list("pk", "lead_id", "cell__key", "n", "records")
    }
    was = {place: records for place, (_pk, records) in old.items()}
    other = {place for place in was.keys() | is_.keys() if was.get(place) != is_.get(place)}
    if not other:
        return set()
    more: dict[str, list[Record]] = defaultdict(list)
    less: dict[str, list[Record]] = defaultdict(list)
    for lead, digest in other:
        more[digest] += is_.get((lead, digest), ())
        less[digest] += was.get((lead, digest), ())
    RolledShare.objects.filter(
        pk__in=[old[place][0] for place in other if place in old]
    ).delete()
    cells = _cells(more, less, {digest: key for key, digest in digests.items()})
    append(
        RolledShare,
        ("lead_id", "cell_id", "n", "records"),
        [
            (place[0], cells[place[1]], len(is_[place]), packed(is_[place]))
            for place in sorted(other)
            if place in is_
        ],
    )
    return {lead for lead, _digest in other}


def _cells(
    more: Mapping[str, Sequence[Record]],
    less: Mapping[str, Sequence[Record]],
    keys: Mapping[str, Key],
) -> dict[str, int]:
    """Add to cells and take away from them; return the ids of those that are left."""
    there = {one.key: one for one in RolledCell.objects.filter(key__in=more)}
    changed: list[RolledCell] = []
    gone: list[RolledCell] = []
    new: list[RolledCell] = []
    stamp = randbits(LOT)
    for digest, added in more.items():
        cell = there.get(digest)
        if cell is None:
            cell = RolledCell(key=digest, n=0, records=b"", **keys[digest]._asdict())
            new.append(cell)
        cell.stamp = stamp
        _change(cell, added, less[digest])
        if digest in there:
            (changed if cell.n else gone).append(cell)
    RolledCell.objects.filter(pk__in=[one.pk for one in gone]).delete()
    RolledCell.objects.bulk_update(changed, ["stamp", "n", "records"])
    RolledCell.objects.bulk_create(new)
    return {one.key: one.pk for one in (*changed, *new)}


def _change(cell: RolledCell, added: Sequence[Record], taken: Sequence[Record]) -> None:
    """Facts more, and facts less, of a cell."""
    before, blob = cell.n, bytes(cell.records)
    if taken:
        left = Counter(unpacked(before, blob) if before else ())
        left.subtract(taken)
        records = list((+left).elements())
        before, blob = len(records), packed(records)
    cell.n, cell.records = before + len(added), blob + packed(added)


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
