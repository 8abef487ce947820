"""A run of an import: the whole file in chunks, every record under exactly one outcome.

The run's own count of records is its cursor: it moves in the transaction that writes them,
so a run that breaks off goes on where it was, and no record is taken twice.
"""

import gc
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from leads.actions.imports.again.many import Many
from leads.actions.imports.again.meeting import parted, unchanged
from leads.actions.imports.again.single import take_again
from leads.actions.imports.bulk import Newcomers
from leads.actions.imports.incoming import Incoming
from leads.actions.imports.sifting import Sifted, Sifter
from leads.actions.imports.source import Source, look
from leads.core.files.mapping import MappingError
from leads.core.files.mapping import read as read_mapping
from leads.core.files.records import Refusal
from leads.errors import FileRefused, NotYours
from leads.models import ImportRun, ImportSlice, Upload
from portal import ledger
from portal.accounts.models import User

CHUNK = 1_000  # records in one transaction

Refuse = Callable[[Refusal], None]


@dataclass(frozen=True)
class Run:
    """What every chunk of a run needs to know. `keeps`: whether each record's outcome is
    kept, so that the run can be accounted for by line, and taken back."""

    pk: int
    source: Source
    at: datetime
    by: User | None
    keeps: bool = False


class Taken(NamedTuple):
    """What became of one record. `why`: for a refused one the reason; for a new one why it
    stays back when the others go live. `before`: what an updated lead was, if it is kept."""

    line: int
    outcome: str
    lead: int | None = None
    column: str = ""
    why: str = ""
    before: dict[str, Any] | None = None


def import_file(
    *, path: Path, mapping: Any, at: datetime, by: User | None, refuse: Refuse
) -> ImportRun:
    """Import a file of leads, CHUNK records a transaction; `refuse` is told of each record
    that is not taken.

    New, updated, duplicate and rejected add up to the records of the file. What is new is
    held: no clock runs and nothing is sent until it goes live. A run that broke off, or is
    repeated, finds what it took before as duplicates.

    Raises FileRefused, before anything is taken, if the mapping or the file is wrong as a
    whole; NotYours for who is not of operations; NoTeam if a department has no team.
    """
    require_operations(by)
    source = open_file(path, mapping)
    sifter = Sifter(source, at)
    row = begin(source, mapping, at=at, by=by)
    run, position = Run(row.pk, source, at, by), 0
    rows = source.read()
    with unwatched():
        while some := list(islice(rows, CHUNK)):
            for one in take(run, sifter.sift(some), position):
                if one.outcome == "rejected":
                    refuse(Refusal(one.line, one.column, one.why))
            position += len(some)
            del some  # what is let go before the next are read is used again while it is near
    return finish(run)


def require_operations(by: User | None) -> None:
    """Raises NotYours for a person who is not of operations."""
    if by is not None and not by.imports_leads:
        raise NotYours(_("Operations import leads."))


def open_file(path: Path, mapping: Any) -> Source:
    """The file as the mapping reads it. Raises FileRefused if either is wrong as a whole."""
    try:
        with unwatched():
            return look(path, read_mapping(mapping))
    except MappingError as error:
        raise FileRefused(_("The mapping is wrong. %(why)s") % {"why": error}) from error


def read_json(text: str) -> Any:
    """A mapping as it stands in a file. Raises FileRefused if it is no JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FileRefused(_("The mapping is no JSON: %(why)s") % {"why": error}) from error


@contextmanager
def unwatched() -> Iterator[None]:
    """Without the search for cycles, of which rows make none: a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@ledger.recorded
def begin(source: Source, mapping: Any, *, at: datetime, by: User | None) -> ImportRun:
    """The row of a run that begins."""
    return begin_step(source, mapping, at=at, by=by)


def begin_step(
    source: Source,
    mapping: Any,
    *,
    at: datetime,
    by: User | None,
    upload: Upload | None = None,
) -> ImportRun:
    """`begin` as an inner step; `upload` is the file, if it came by browser."""
    run = ImportRun.objects.create(
        name=(upload.name if upload else source.path.name)[:200],
        sha256=source.sha256,
        mapping=mapping,
        found={
            "encoding": source.encoding,
            "delimiter": source.delimiter,
            "dates": list(source.decided),
        },
        by=by,
        started_at=at,
        upload=upload,
    )
    _say(run.pk, {"began": True, "sha256": source.sha256}, at=at, by=by)
    return run


@ledger.recorded
def take(run: Run, sifted: Sifted, position: int) -> list[Taken]:
    """One chunk in one transaction, with its figures; return what became of each, by line.

    `position`: how many records lie before it. A chunk that was taken already is not taken
    again: then nothing is returned.
    """
    row = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    if row.records != position or row.finished_at is not None:
        return []
    taken = take_step(run, row, sifted)
    outcomes = Counter(new=0, duplicate=0, rejected=0)
    outcomes.update(one.outcome for one in taken)
    outcomes.update("held_back" for one in taken if one.outcome == "new" and one.why)
    _count(row, len(taken), outcomes)
    if run.keeps:
        _keep(row, position, taken)
    _say(run.pk, dict(outcomes), at=run.at, by=run.by)
    return taken


def take_step(run: Run, row: ImportRun, sifted: Sifted) -> list[Taken]:
    """What becomes of the records of one chunk, by line: an inner step."""
    strangers, others = parted(sifted.arriving)
    mapping = run.source.mapping
    if not mapping.create:
        strangers, others = [], sifted.arriving
    newcomers = Newcomers(row, at=run.at, by=run.by, closes=mapping.closes).take(strangers)
    taken = [Taken(one.told.line, "new", one.lead.pk, "", one.back) for one in newcomers]
    taken += map(_refused, sifted.refused)
    same = unchanged(others)
    taken += [Taken(line, "duplicate", lead) for line, lead in same.items()]
    left = [one for one in others if one.line not in same]
    many = Many(row, run.source, at=run.at, by=run.by).take(left, others)
    taken += [Taken(line, *again) for line, again in many.items()]
    taken += _one_by_one(run, row, [one for one in left if one.line not in many])
    return sorted(taken, key=lambda one: one.line)


def _one_by_one(run: Run, row: ImportRun, left: list[Incoming]) -> Iterator[Taken]:
    for one in left:
        outcome = take_again(one, row, run.source, at=run.at, by=run.by, keeps=run.keeps)
        if isinstance(outcome, Refusal):
            yield _refused(outcome)
        else:
            yield Taken(one.line, *outcome)


def finish(run: Run) -> ImportRun:
    """End a run that has taken the whole file."""
    return _finish(run.pk, at=run.at, by=run.by)


@ledger.recorded
def _finish(run_id: int, *, at: datetime, by: User | None) -> ImportRun:
    row = ImportRun.objects.select_for_update(no_key=True).get(pk=run_id)
    if row.finished_at is None:
        row.finished_at = at
        row.save(update_fields=["finished_at"])
        _say(run_id, {"finished": True, "records": row.records}, at=at, by=by)
    return row


def _refused(refusal: Refusal) -> Taken:
    return Taken(refusal.line, "rejected", None, refusal.column, refusal.reason)


def _count(row: ImportRun, records: int, outcomes: Counter[str]) -> None:
    row.records += records
    for outcome, number in outcomes.items():
        setattr(row, outcome, getattr(row, outcome) + number)
    row.save(update_fields=["records", *_COUNTED])


_COUNTED = ("new", "updated", "duplicate", "rejected", "held_back")


def _keep(row: ImportRun, position: int, taken: Iterable[Taken]) -> None:
    rows = list(taken)
    # Of a lead that is told of twice, what it was before the first time.
    before = {str(one.lead): one.before for one in reversed(rows) if one.before is not None}
    ImportSlice.objects.create(
        run=row,
        position=position,
        outcomes=[one[:5] for one in rows],
        before=before,
    )


def _say(run_id: int, clear: dict[str, Any], *, at: datetime, by: User | None) -> None:
    ledger.append("imported", at=at, by=by, subject=("import_run", run_id), clear=clear)
