"""A workbook (XLSX) as the CSV file that the import reads: its first sheet, row by row.

Row n becomes line n, so that what is said of a line can be found in the sheet. Nothing is
unpacked beyond a limit, nothing of it is run, and no entity of its XML is expanded.
"""

import csv
import struct
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path
from typing import IO, Any
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from leads.core.files.records import LONGEST_FIELD, MOST_COLUMNS
from leads.errors import FileRefused

MOST_UNPACKED = 100 << 20  # bytes
MOST_TIMES = 100  # unpacked against packed
MOST_PARTS = 500
MOST_ROWS = 200_000
MOST_CELLS = 4_000_000
_SMALL = 1 << 20  # bytes below which no ratio is asked
# All that the reader is known to raise about a workbook that is none, or is broken.
_BROKEN = (
    BadZipFile, InvalidFileException, ParseError, zlib.error, struct.error, KeyError,
    ValueError, TypeError, IndexError, AttributeError, EOFError, NotImplementedError,
    OverflowError, RuntimeError, AssertionError,
)  # fmt: skip


def is_workbook(first: bytes) -> bool:
    """Whether a file that begins so is a ZIP, which workbooks are."""
    return first.startswith(b"PK\x03\x04")


def is_old_workbook(first: bytes) -> bool:
    """Whether it is an XLS, or a workbook with a password: both are of another kind."""
    return first.startswith(b"\xd0\xcf\x11\xe0")


def write_csv(source: Path, target: Path) -> dict[str, Any]:
    """Write the first sheet as CSV; return its name and how many other sheets there are.

    Raises FileRefused, with the reason for a person, if it is no workbook, or too large.
    """
    try:
        with ZipFile(source) as archive:
            _require_harmless(archive)
        with source.open("rb") as file:
            return _write(file, target)
    except _BROKEN as error:
        raise FileRefused(_("This is no workbook that can be read. Save it as CSV.")) from error


def _require_harmless(archive: ZipFile) -> None:
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if "xl/workbook.xml" not in archive.namelist():
        raise FileRefused(_("This is a ZIP file. Unpack it, and bring the CSV inside."))
    if unpacked > MOST_UNPACKED or len(parts) > MOST_PARTS:
        raise FileRefused(_("The workbook is too large. Save the sheet as CSV."))
    if unpacked > max(MOST_TIMES * packed, _SMALL):
        raise FileRefused(_("The workbook unpacks to over a hundred times its size."))
    for part in parts:
        with archive.open(part) as file:
            if b"<!DOCTYPE" in file.read(4096).replace(b"\x00", b""):
                raise FileRefused(_("The workbook declares entities, which none has to."))


def _write(source: IO[bytes], target: Path) -> dict[str, Any]:
    book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
    try:
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what it says of its size is a claim
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for row in _rows(sheet.iter_rows(values_only=True)):
                if row:
                    writer.writerow(row)
                else:
                    file.write("\n")
        return {"sheet": str(sheet.title)[:100], "others": len(book.worksheets) - 1}
    finally:
        book.close()


def _rows(found: Iterator[tuple[Any, ...]]) -> Iterator[list[str]]:
    """The rows as texts, as wide as the header, which is the first that is not empty."""
    width = cells = 0
    for number, row in enumerate(found, start=1):
        cells += len(row)
        if number > MOST_ROWS or cells > MOST_CELLS:
            raise FileRefused(_("The sheet has too many rows. Save it as CSV, which may."))
        texts = [_text(value) for value in row]
        while texts and not texts[-1]:
            texts.pop()
        if len(texts) > MOST_COLUMNS:
            said = _("The sheet has %(n)d columns; %(most)d are read at most.")
            raise FileRefused(said % {"n": len(texts), "most": MOST_COLUMNS})
        width = width or len(texts)
        yield texts + [""] * (width - len(texts)) if texts else []


def _text(value: Any) -> str:
    """A cell as it would be typed: whole numbers without a point, days without a time."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else f"{value:.15g}"
    if isinstance(value, datetime):
        midnight = value.time() == time()
        return value.date().isoformat() if midnight else value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    return " ".join(str(value).splitlines())[: LONGEST_FIELD + 1]
