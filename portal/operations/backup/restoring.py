"""Bringing a backup back: whole, into hold mode, and with what is lost on the record."""

import shutil
import tarfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from leads.actions.sweeping import holding
from portal.ledger.genesis import forget_what_is_known
from portal.ledger.heads import known_heads
from portal.ledger.models import LedgerEntry
from portal.ledger.verify import verify
from portal.operations.backup import databases, lost, manifest
from portal.operations.backup.lost import Lost
from portal.operations.backup.manifest import BackupRefused, Manifest
from portal.operations.backup.writing import FILES

MOST_HEADS = 50  # of the lost ones, that the ledger names


@dataclass(frozen=True)
class Restored:
    """What came back, what is lost, and where the heads of what is lost were put."""

    manifest: Manifest
    lost: Lost
    heads_aside: Path | None = None


@dataclass(frozen=True)
class Outside:
    """What was kept elsewhere and may be newer than the backup."""

    heads: Sequence[Path] = ()
    export: Path | None = None


def restore(
    file: Path, *, now: Callable[[], datetime], outside: Outside, replace: bool = False
) -> Restored:
    """Put the backup into the place of the database, held until an operator's word.

    Nothing is changed before the archive was read whole, its sums agreed and its tables are
    ones that this release knows. `now` is asked when the database is there, as it may keep a
    time of its own. Raises BackupRefused.
    """
    with TemporaryDirectory(prefix="concord-restore-") as work:
        made = _unpacked(file, Path(work))
        _refuse_unknown(made)
        ours = settings.LEDGER_HEADS_FILE
        heads = [*outside.heads, *([ours] if ours and ours.exists() else [])]
        gone = lost.lost_tail(made.seq, heads, outside.export)
        with databases.loading(Path(work) / databases.NAME, replace=replace, of=made.seq):
            at = _begin(made, gone, now)
        _bring_files(Path(work) / FILES)
    aside = lost.put_aside(ours, made.seq, f"{at:%Y%m%dT%H%M%SZ}") if ours else None
    return Restored(made, gone, aside)


def _begin(made: Manifest, gone: Lost, now: Callable[[], datetime]) -> datetime:
    """On the loaded database, before anybody else works on it; return the instant."""
    forget_what_is_known()
    call_command("migrate", interactive=False, verbosity=0)
    report = verify(LedgerEntry.objects.links(), known_heads())
    if report.fault:
        raise BackupRefused(f"its ledger is wrong at entry {report.fault.seq}: "
                            f"{report.fault.why}")  # fmt: skip
    if (report.count, report.last_hash) != (made.seq, made.hash):
        raise BackupRefused("its ledger does not end where its manifest says")
    at = now()
    holding.begin_restored(at=at, clear=_said(made, gone))
    return at


def _said(made: Manifest, gone: Lost) -> dict[str, Any]:
    said: dict[str, Any] = {"made_at": made.made_at, "seq": made.seq, "hash": made.hash}
    if gone:
        said |= {"lost_from": gone.first, "lost_to": gone.last}
        said["lost_heads"] = [[seq, one] for seq, one in gone.heads[-MOST_HEADS:]]
    return said


def _unpacked(file: Path, work: Path) -> Manifest:
    """Unpack into `work`; raises BackupRefused unless every sum agrees."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(work, filter="data")
        made = Manifest.read((work / manifest.NAME).read_text())
    except (OSError, EOFError, tarfile.TarError, UnicodeDecodeError) as error:
        raise BackupRefused(f"{file} cannot be read: {error}") from error
    there = {path.relative_to(work).as_posix(): path for path in work.rglob("*")
             if path.is_file() and path.name != manifest.NAME}  # fmt: skip
    for name, expected in made.files.items():
        if name not in there or manifest.sha256(there[name]) != expected:
            raise BackupRefused(f"{name} in {file} is not what its manifest says")
    if extra := there.keys() - made.files.keys():
        raise BackupRefused(f"{file} holds what its manifest does not name: {min(extra)}")
    return made


def _refuse_unknown(made: Manifest) -> None:
    if made.vendor != connection.vendor:
        raise BackupRefused(
            f"it is of {made.vendor}, and DATABASE_URL names {connection.vendor}"
        )
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    ours = {name.partition(".")[0] for name in known}
    newer = [one for one in made.migrations if one.partition(".")[0] in ours
             and one not in known]  # fmt: skip
    if newer:
        raise BackupRefused(f"a newer release made it: {newer[0]} is not known here")


def _bring_files(source: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, settings.FILES_DIR, dirs_exist_ok=True)
