"""`manage.py import_leads FILE --mapping MAPPING.json`: leads from a CSV file."""

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from leads.actions import imports
from leads.core.files.records import Refusal
from leads.management.asking import add_who, who
from leads.models import ImportRun
from portal import wallclock
from portal.errors import DomainError

BEHIND = 10
"""How far an import stands back behind those who wait for a page (nice)."""


class Command(BaseCommand):
    help = (
        "Import leads from a CSV file as a mapping says (docs/import.md). Rejected records go "
        "to a report. Safe to repeat. What is new waits until it goes live."
    )

    def run_from_argv(self, argv: list[str]) -> None:
        """As a process of its own it steps back: a file of a million keeps both cores busy."""
        os.nice(BEHIND)
        super().run_from_argv(argv)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mapping", type=Path, required=True, help="a JSON file")
        parser.add_argument(
            "--rejects", type=Path, help="where the report goes; FILE.rejects.csv if not said"
        )
        add_who(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        rejects: Path = options["rejects"] or path.with_name(f"{path.name}.rejects.csv")
        try:
            mapping = imports.read_json(options["mapping"].read_text(encoding="utf-8"))
            with _report(rejects) as refuse:
                run = imports.import_file(
                    path=path,
                    mapping=mapping,
                    at=wallclock.now(),
                    by=who(options["email"]),
                    refuse=refuse,
                )
        except (DomainError, OSError, UnicodeError, OperationalError) as error:
            raise CommandError(str(error)) from error
        self._tell(run, rejects)

    def _tell(self, run: ImportRun, rejects: Path) -> None:
        delimiter = {"\t": "tab"}.get(run.found["delimiter"], run.found["delimiter"])
        self.stdout.write(f"{run.name}: {run.found['encoding']}, fields parted by {delimiter}")
        for line in run.found["dates"]:
            self.stdout.write(line)
        self.stdout.write(
            f"{run.records} records: {run.new} new, {run.updated} updated, "
            f"{run.duplicate} duplicate, {run.rejected} rejected"
        )
        if run.rejected:
            self.stdout.write(f"why: {rejects}")


@contextmanager
def _report(path: Path) -> Iterator[Any]:
    """A function that writes each refusal as a row: line, column, reason."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["line", "column", "reason"])

        def refuse(one: Refusal) -> None:
            rows.writerow([one.line, _harmless(one.column), _harmless(one.reason)])

        yield refuse


def _harmless(text: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
