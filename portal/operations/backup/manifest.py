"""What a backup says of itself."""

import hashlib
import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import django

FORMAT = 1
NAME = "manifest.json"


class BackupRefused(Exception):
    """This file cannot be restored here, or there is none to write; nothing was changed.

    Operators read it on a console, in English as all that commands say; no page shows it.
    """


@dataclass(frozen=True)
class Manifest:
    """`seq` and `hash` are the head of the ledger as it stands in the dump; `migrations`
    the steps that its tables have taken ("leads.0001_initial"); `files` the sha256 of each
    file beside this one."""

    made_at: str
    vendor: str
    database: str
    seq: int
    hash: str
    migrations: list[str]
    files: dict[str, str]
    python: str = field(default_factory=platform.python_version)
    django: str = field(default_factory=django.get_version)
    format: int = FORMAT

    def text(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"

    @classmethod
    def read(cls, text: str) -> "Manifest":
        """Raises BackupRefused for what is no manifest of ours."""
        try:
            said: dict[str, Any] = json.loads(text)
            made = cls(**said)
        except (ValueError, TypeError) as error:
            raise BackupRefused(f"its {NAME} cannot be read: {error}") from error
        if made.format != FORMAT:
            raise BackupRefused(f"its format is {made.format}; this release reads {FORMAT}")
        return made


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
