from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.ledger.chain import exported
from portal.ledger.models import LedgerEntry


class Command(BaseCommand):
    help = "Write the ledger as JSON lines, for verify_chain.py and for archives."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.jsonl")

    def handle(self, *_: Any, file: Path, **options: Any) -> None:
        part = file.with_name(f"{file.name}.part")
        with part.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(f"{exported(link)}\n" for link in LedgerEntry.objects.links())
        part.replace(file)  # whoever sees FILE sees all of it
        self.stdout.write(f"{file}: written")
