"""The three kinds of long work about files, a step at a time (settings.JOBS)."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _

from leads.actions.imports.files import undoing
from leads.actions.imports.files.rehearsal import Rehearsal, Told
from leads.actions.imports.running import Run, finish, open_file, take, unwatched
from leads.actions.imports.sifting import Sifter
from leads.actions.imports.source import Source
from leads.core.files.records import Record, Refusal
from leads.errors import FileRefused
from leads.models import ImportRun, Upload
from portal.jobs.kinds import Step
from portal.jobs.models import Job

CHUNK = 500  # records in one transaction, beside the people at their desks


class _Open:
    """What one process has open, so that a step need not begin the file anew. The rows say
    how far the work is; this is only where the file stands for it."""

    def __init__(self) -> None:
        self.job, self.position = 0, -1
        self.rehearsal: Rehearsal | None = None
        self.source: Source | None = None
        self.rows: Iterator[Record | Refusal] = iter(())


_open = _Open()


def rehearse(job: Job, at: datetime) -> Step:
    """One step of a dry run. Its counts are kept with the file, beside its cursor."""
    upload = Upload.objects.there().select_related("by").get(pk=job.arguments["upload"])
    if upload.job_id != job.pk:
        raise FileRefused(_("another dry run of the file was asked for"))
    if _open.job != job.pk or _open.rehearsal is None:
        source = open_file(upload.path, upload.mapping)
        records = upload.found["records"]
        _open.rehearsal = Rehearsal(source, records, at=job.asked_at, by=upload.by)
        _open.job = job.pk
    told = Told.from_json(upload.rehearsal)
    with unwatched():
        _open.rehearsal.step(told)
    total = _open.rehearsal.total
    kept = Upload.objects.filter(pk=upload.pk, job=job.pk)
    kept.update(rehearsal=told.as_json())
    done = told.cursor >= total
    if done:
        _open.rehearsal = None
    return Step(told.cursor, total, done, counts=dict(told.counts))


def import_some(job: Job, at: datetime) -> Step:
    """One chunk of an import. Its place is the run's own count of records."""
    row = ImportRun.objects.select_related("by", "upload").get(pk=job.arguments["run"])
    upload = row.upload
    if upload is None or upload.removed_at is not None:
        raise FileRefused(_("the file is not kept any more; bring it again"))
    if _open.job != job.pk or _open.position != row.records or _open.source is None:
        _open.source = open_file(upload.path, row.mapping)
        _open.job, _open.position = job.pk, row.records
        _open.rows = _open.source.read(row.records)
    run = Run(row.pk, _open.source, row.started_at, row.by, keeps=True)
    if some := list(islice(_open.rows, CHUNK)):
        with unwatched():
            sifted = Sifter(_open.source, row.started_at).sift(some)
            taken = take(run, sifted, row.records)
        _open.position = row.records + len(some) if taken else -1
    else:
        finish(run)
        _open.source = None
    row.refresh_from_db()
    counts = {name: getattr(row, name) for name in ("new", "updated", "duplicate", "rejected")}
    return Step(row.records, upload.found["records"], not some, counts=counts)


def undo(job: Job, at: datetime) -> Step:
    """Take back one slice of an import, the last one first."""
    return undoing.step(job.arguments["run"])
