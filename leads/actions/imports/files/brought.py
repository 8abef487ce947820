"""What operations decide about a file that was brought: how it is read, that it is rehearsed,
that it is taken, that it is taken back."""

from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.imports.files.rehearsal import Told
from leads.actions.imports.running import begin_step, open_file, require_operations
from leads.actions.imports.sifting import Sifter
from leads.errors import FileRefused, UndoTooLate
from leads.models import ImportRun, SavedMapping, Upload
from portal import ledger
from portal.accounts.models import User
from portal.jobs import actions as jobs
from portal.jobs.models import Job

TAKEN_BACK_WITHIN = timedelta(days=1)


def map_and_rehearse(
    *, upload_id: int, mapping: Any, by: User, at: datetime, save_as: str = ""
) -> Job:
    """Say how a file is read, and ask for its dry run. `save_as`: keep the mapping by name.

    Raises FileRefused if it cannot be read so, and then changes nothing.
    """
    require_operations(by)
    upload = Upload.objects.there().get(pk=upload_id)
    Sifter(open_file(upload.path, mapping), at)
    return _rehearse(upload_id, mapping, save_as.strip()[:80], by=by, at=at)


@ledger.recorded
def _rehearse(upload_id: int, mapping: Any, name: str, *, by: User, at: datetime) -> Job:
    upload = _locked(upload_id)
    job = jobs.ask(
        kind="rehearsal",
        title=_("Dry run of %(name)s") % {"name": upload.name},
        arguments={"upload": upload.pk},
        by=by,
        at=at,
        back=reverse("leads:import-check", args=[upload.pk]),
    )
    upload.mapping, upload.rehearsal, upload.job = mapping, Told().as_json(), job
    upload.save(update_fields=["mapping", "rehearsal", "job"])
    if name:
        kept = {"mapping": mapping, "by": by, "saved_at": at}
        SavedMapping.objects.update_or_create(name=name, defaults=kept)
    said = {"mapped": True, "kept_as_preset": bool(name)}
    ledger.append("imported", at=at, by=by, subject=("upload", upload.pk), clear=said)
    return job


def take(*, upload_id: int, by: User, at: datetime) -> Job:
    """Take a file that was rehearsed: what is new is held until it goes live.

    Raises FileRefused if it was not rehearsed as it is now mapped.
    """
    require_operations(by)
    upload = Upload.objects.there().get(pk=upload_id)
    if upload.mapping is None:
        raise FileRefused(_("The file needs a dry run first."))
    source = open_file(upload.path, upload.mapping)

    @ledger.recorded
    def begin() -> Job:
        row = _locked(upload_id)
        if row.job is None or row.job.state != Job.State.DONE or row.mapping != upload.mapping:
            raise FileRefused(_("The file needs a dry run first."))
        run = begin_step(source, row.mapping, at=at, by=by, upload=row)
        run.job = _work(run, by=by, at=at)
        run.save(update_fields=["job"])
        return run.job

    return begin()


@ledger.recorded
def go_on(*, run_id: int, by: User, at: datetime) -> Job:
    """Go on with an import that was stopped, where it stopped."""
    require_operations(by)
    run = _run(run_id)
    if run.finished_at is not None or run.undone_at is not None:
        raise FileRefused(_("This import has ended."))
    if run.job is not None and run.job.is_open:
        return run.job
    if run.upload is None or run.upload.removed_at is not None:
        raise FileRefused(
            _("The file is not kept any more. Bring it again: nothing is doubled.")
        )
    run.job = _work(run, by=by, at=at)
    run.save(update_fields=["job"])
    return run.job


@ledger.recorded
def take_back(*, run_id: int, by: User, at: datetime) -> Job:
    """Take a whole import back, within a day: what somebody touched since stays, and is named.

    Raises UndoTooLate after a day, while it is under way, and the second time.
    """
    require_operations(by)
    run = _run(run_id)
    why = why_not_back(run, at)
    if why:
        raise UndoTooLate(why)
    run.undone_at, run.undone_by, run.undone = at, by, {}
    run.job = jobs.ask(
        kind="undo_import",
        title=_("Taking %(name)s back") % {"name": run.name},
        arguments={"run": run.pk},
        by=by,
        at=at,
        back=reverse("leads:import", args=[run.pk]),
    )
    run.save(update_fields=["undone_at", "undone_by", "undone", "job"])
    said = {"taken_back": True}
    ledger.append("imported", at=at, by=by, subject=("import_run", run.pk), clear=said)
    return run.job


def why_not_back(run: ImportRun, at: datetime) -> str:
    """Why an import cannot be taken back now; "" if it can."""
    if run.undone_at is not None:
        return _("This import was taken back already.")
    if run.upload_id is None:
        return _("What the command imported is not taken back here.")
    if run.job is not None and run.job.is_open:
        return _("This import is under way. Stop it first.")
    if at - (run.finished_at or run.started_at) > TAKEN_BACK_WITHIN:
        return _("An import can be taken back for a day.")
    return ""


def _work(run: ImportRun, *, by: User, at: datetime) -> Job:
    return jobs.ask(
        kind="import",
        title=_("Import of %(name)s") % {"name": run.name},
        arguments={"run": run.pk},
        by=by,
        at=at,
        back=reverse("leads:import", args=[run.pk]),
    )


def _locked(upload_id: int) -> Upload:
    rows = Upload.objects.there().select_for_update(no_key=True, of=("self",))
    return rows.select_related("job").get(pk=upload_id)


def _run(run_id: int) -> ImportRun:
    rows = ImportRun.objects.select_for_update(no_key=True, of=("self",))
    return rows.select_related("job", "upload").get(pk=run_id)
