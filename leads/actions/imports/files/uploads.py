"""Files that operations bring: kept outside what is served, looked at, and removed again."""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from leads.actions.imports.files import workbooks
from leads.actions.imports.files.memory import without_quotes
from leads.actions.imports.running import require_operations
from leads.core import text
from leads.core.files import columns, records
from leads.core.files.records import UnreadableFile
from leads.errors import FileRefused
from leads.models import ImportSlice, Upload
from portal import ledger
from portal.accounts.models import User

MOST = 20 << 20  # bytes; `import_leads` takes any
KEPT = timedelta(days=7)
_SAMPLE = 200  # lines by which the delimiter is chosen

logger = logging.getLogger(__name__)


def keep(*, name: str, blocks: Iterable[bytes], by: User, at: datetime) -> Upload:
    """Keep a file and find out what it is; a workbook is kept as the CSV of its first sheet.

    Raises FileRefused with the reason for a person, and then keeps nothing; NotYours for
    who is not of operations.
    """
    require_operations(by)
    key = secrets.token_hex(16)
    path = _folder() / f"{key}.csv"
    try:
        sheet = _store(blocks, path)
        found, sha256 = look_over(path)
        return _enter(
            Upload(
                name=_shown(name),
                key=key, size=path.stat().st_size, sha256=sha256, by=by, uploaded_at=at,
                found=found | sheet,
            ),
            at=at,
        )  # fmt: skip
    except (FileRefused, OSError):
        path.unlink(missing_ok=True)
        raise


def look_over(path: Path) -> tuple[dict[str, Any], str]:
    """What a CSV file is before any mapping, and its digest: encoding, delimiter, header,
    what each column holds. Raises FileRefused if it cannot be read as a whole."""
    try:
        with path.open("rb") as file:
            encoding = records.encoding_of(file)
            file.seek(0)
            sha256 = records.digest_of(file)
        with path.open(encoding=encoding, newline="") as text:
            delimiter = records.delimiter_of(_sample(text))
        with path.open(encoding=encoding, newline="") as text:
            found = records.records(text, delimiter)
            first = next(found)
            if isinstance(first, records.Refusal):
                raise UnreadableFile(
                    _("its header cannot be read: %(reason)s") % {"reason": first.reason}
                )
            told = columns.looked_at(first.fields, found)
    except UnreadableFile as error:
        raise FileRefused(str(error)) from error
    except UnicodeError as error:
        raise FileRefused(_("it is not text: %(error)s") % {"error": error}) from error
    if not told["records"]:
        raise FileRefused(_("The file has a header and no record below it."))
    return {"encoding": encoding, "delimiter": delimiter} | told, sha256


def _shown(name: str) -> str:
    """The last part of a file's name, in characters that can be kept and shown."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return text.line(last) or "file"


def _sample(text: Any) -> list[str]:
    return list(islice(iter(lambda: text.readline(records.LONGEST_RECORD), ""), _SAMPLE))


def _store(blocks: Iterable[bytes], path: Path) -> dict[str, Any]:
    """Write the file down; of a workbook its first sheet, and return its name."""
    raw = path.with_suffix(".raw")
    try:
        first = _write(blocks, raw)
        if workbooks.is_old_workbook(first):
            raise FileRefused(
                _("This is an old workbook, or one with a password. Save it as XLSX or CSV.")
            )
        if workbooks.is_workbook(first):
            return workbooks.write_csv(raw, path)
        raw.rename(path)
        return {}
    finally:
        raw.unlink(missing_ok=True)


def _write(blocks: Iterable[bytes], path: Path) -> bytes:
    """Write the blocks, and return how the file begins. Raises FileRefused if it is large."""
    size, first = 0, b""
    with path.open("xb") as file:
        path.chmod(0o600)
        for block in blocks:
            size += len(block)
            if size > MOST:
                said = _("The file is over %(most)d MB. Part it, or use the command.")
                raise FileRefused(said % {"most": MOST >> 20})
            first = first or block[:8]
            file.write(block)
    if not size:
        raise FileRefused(_("The file is empty."))
    return first


@ledger.recorded
def _enter(upload: Upload, *, at: datetime) -> Upload:
    upload.save()
    said = {"uploaded": True, "sha256": upload.sha256, "size": upload.size}
    ledger.append("imported", at=at, by=upload.by_id, subject=("upload", upload.pk), clear=said)
    return upload


@ledger.recorded
def remove(*, upload_id: int, at: datetime, by: User | None = None) -> None:
    """Remove the file and what was quoted from it; its runs keep their figures."""
    remove_step(upload_id, at=at, by=by)


def remove_step(upload_id: int, *, at: datetime, by: User | None = None) -> None:
    """`remove` as an inner step."""
    row = Upload.objects.select_for_update(no_key=True, of=("self",)).get(pk=upload_id)
    if row.removed_at is not None:
        return
    for some in ImportSlice.objects.filter(run__upload=row).iterator(chunk_size=50):
        ImportSlice.objects.filter(pk=some.pk).update(outcomes=without_quotes(some.outcomes))
    row.path.unlink(missing_ok=True)
    row.removed_at, row.found, row.rehearsal = at, {}, {}
    row.save(update_fields=["removed_at", "found", "rehearsal"])
    said = {"removed": True}
    ledger.append("imported", at=at, by=by, subject=("upload", row.pk), clear=said)


def remove_old(at: datetime) -> int:
    """Remove the files that were kept long enough, and what leads were before imports that
    cannot be taken back any more; return how many files."""
    late = ImportSlice.objects.filter(run__started_at__lt=at - KEPT).exclude(before={})
    if late.exists():
        late.update(before={})
    old = Upload.objects.there().filter(uploaded_at__lt=at - KEPT)
    ids = list(old.values_list("pk", flat=True)[:100])
    for pk in ids:
        remove(upload_id=pk, at=at)
    return len(ids)


def _folder() -> Path:
    folder = Path(settings.FILES_DIR)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
