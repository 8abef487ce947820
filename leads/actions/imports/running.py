"""A run of an import: the whole file in chunks, every record under exactly one outcome."""

import gc
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.imports.bulk import Newcomers
from leads.actions.imports.meeting import parted, unchanged
from leads.actions.imports.others import take_again
from leads.actions.imports.sifting import Sifted, Sifter
from leads.actions.imports.source import Source, look
from leads.core.files.mapping import MappingError
from leads.core.files.mapping import read as read_mapping
from leads.core.files.records import Refusal
from leads.errors import FileRefused, NotYours
from leads.models import ImportRun
from portal import ledger
from portal.accounts.models import Role, User

CHUNK = 1_000  # records in one transaction

Refuse = Callable[[Refusal], None]


@dataclass(frozen=True)
class Run:
    """What every chunk of a run needs to know."""

    pk: int
    source: Source
    at: datetime
    by: User | None


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
    if by is not None and not (by.is_active and by.role == Role.OPERATIONS):
        raise NotYours(_("Operations import leads."))
    try:
        source = look(path, read_mapping(mapping))
    except MappingError as error:
        raise FileRefused(_("The mapping is wrong. %(why)s") % {"why": error}) from error
    sifter = Sifter(source, at)
    run = Run(_begin(source, mapping, at=at, by=by), source, at, by)
    with _unwatched():
        for sifted in _chunks(source, sifter):
            for refusal in _take(run, sifted):
                refuse(refusal)
    return _finish(run)


def read_json(text: str) -> Any:
    """A mapping as it stands in a file. Raises FileRefused if it is no JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise FileRefused(_("The mapping is no JSON: %(why)s") % {"why": error}) from error


@contextmanager
def _unwatched() -> Iterator[None]:
    """Without the search for cycles, of which rows make none: a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@ledger.recorded
def _begin(source: Source, mapping: Any, *, at: datetime, by: User | None) -> int:
    run = ImportRun.objects.create(
        name=source.path.name[:200],
        sha256=source.sha256,
        mapping=mapping,
        found={
            "encoding": source.encoding,
            "delimiter": source.delimiter,
            "dates": list(source.decided),
        },
        by=by,
        started_at=at,
    )
    _say(run.pk, {"began": True, "sha256": source.sha256}, at=at, by=by)
    return run.pk


def _chunks(source: Source, sifter: Sifter) -> Iterator[Sifted]:
    rows = source.read()
    while some := list(islice(rows, CHUNK)):
        yield sifter.sift(some)


@ledger.recorded
def _take(run: Run, sifted: Sifted) -> list[Refusal]:
    """One chunk in one transaction, with its figures; return what was refused, by line."""
    row = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    strangers, others = parted(sifted.arriving)
    if not run.source.mapping.create:
        strangers, others = [], sifted.arriving
    closes = run.source.mapping.closes
    Newcomers(row, at=run.at, by=run.by, closes=closes).take(strangers)
    same = unchanged(others)
    outcomes: Counter[str] = Counter(new=len(strangers), duplicate=len(same))
    refused = list(sifted.refused)
    for one in others:
        if one.line in same:
            continue
        outcome = take_again(one, row, run.source, at=run.at, by=run.by)
        if isinstance(outcome, Refusal):
            refused.append(outcome)
        else:
            outcomes[outcome] += 1
    outcomes["rejected"] = len(refused)
    _count(row, outcomes)
    _say(run.pk, dict(outcomes), at=run.at, by=run.by)
    return sorted(refused, key=lambda one: one.line)


def _count(row: ImportRun, outcomes: Counter[str]) -> None:
    row.records += outcomes.total()
    for outcome, number in outcomes.items():
        setattr(row, outcome, getattr(row, outcome) + number)
    row.save(update_fields=["records", "new", "updated", "duplicate", "rejected"])


@ledger.recorded
def _finish(run: Run) -> ImportRun:
    row = ImportRun.objects.select_for_update(no_key=True).get(pk=run.pk)
    row.finished_at = run.at
    row.save(update_fields=["finished_at"])
    _say(run.pk, {"finished": True, "records": row.records}, at=run.at, by=run.by)
    return row


def _say(run_id: int, clear: dict[str, Any], *, at: datetime, by: User | None) -> None:
    ledger.append("imported", at=at, by=by, subject=("import_run", run_id), clear=clear)
