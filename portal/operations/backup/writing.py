"""Writing a backup: one archive with the database, uploaded files and the manifest."""

import os
import tarfile
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection

from portal.operations.backup import databases, manifest
from portal.operations.backup.manifest import Manifest

FILES = "files"
PATTERN = "concord-*.tar.gz"


def folder() -> Path:
    """Where backups lie unless somebody says otherwise."""
    return Path(settings.FILES_DIR).parent / "backups"


def write(to: Path, *, at: datetime) -> tuple[Path, Manifest]:
    """Write a backup into the folder `to`; return its file and what it says of itself.

    Whoever sees the file sees all of it. Only its owner can read it: it holds everything.
    """
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(prefix="concord-backup-", dir=to) as work:
        dumped = Path(work) / databases.NAME
        found = databases.dump(dumped)
        made = Manifest(
            made_at=at.isoformat(), vendor=connection.vendor, database=found.database,
            seq=found.seq, hash=found.hash, migrations=found.migrations,
            files=_sums(dumped),
        )  # fmt: skip
        said = Path(work) / manifest.NAME
        said.write_text(made.text())
        part = Path(work) / "archive"
        _pack(part, said, dumped)
        file = to / f"concord-{at:%Y%m%dT%H%M%SZ}-{made.seq}.tar.gz"
        part.replace(file)
    return file, made


def remove_old(in_: Path, *, keep: int) -> list[Path]:
    """Remove all backups but the newest `keep` of a folder; return those that are gone."""
    old = sorted(in_.glob(PATTERN))[:-keep]
    for file in old:
        file.unlink()
    return old


def _uploads() -> list[Path]:
    return sorted(path for path in Path(settings.FILES_DIR).rglob("*") if path.is_file())


def _name(path: Path) -> str:
    return f"{FILES}/{path.relative_to(settings.FILES_DIR).as_posix()}"


def _sums(dumped: Path) -> dict[str, str]:
    sums = {databases.NAME: manifest.sha256(dumped)}
    return sums | {_name(path): manifest.sha256(path) for path in _uploads()}


def _pack(part: Path, said: Path, dumped: Path) -> None:
    with (
        os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as out,
        tarfile.open(fileobj=out, mode="w:gz", compresslevel=1) as archive,
    ):
        archive.add(said, manifest.NAME)
        archive.add(dumped, databases.NAME)
        for path in _uploads():
            archive.add(path, _name(path))
