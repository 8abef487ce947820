"""Records of a CSV file, one at a time, each with the line it begins on, good or refused.

The `csv` module, asked to be strict, decides what a record is. Around it: a limit to every
size, and a way on after a fault. When quotes do not pair up, only the line on which the
faulty record began is refused, and reading goes on with the next line; so one stray quote
never swallows the rows after it, and every row is accounted for.
"""

import codecs
import csv
import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from io import BufferedReader, StringIO
from itertools import chain
from typing import IO, Any, NamedTuple

from leads.core.files import blocks

MOST_COLUMNS = 200
LONGEST_FIELD = 32 * 1024  # characters
LONGEST_RECORD = 512 * 1024  # characters
DELIMITERS = (",", ";", "\t", "|")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PACKED = ((b"PK\x03\x04", "a ZIP or spreadsheet file"), (b"\x1f\x8b", "a gzip file"))
_BLOCK = 1 << 20  # bytes
_SOME = 1 << 16  # characters that are taken apart at once


class UnreadableFile(ValueError):
    """The file as a whole cannot be read as CSV; the message says why."""


class Record(NamedTuple):
    """One record: the line it begins on (the header's is 1), and its fields."""

    line: int
    fields: list[str]


# What `Record._make` does, without a call of Python for each of a million.
_record: Callable[[Iterable[Any]], Record] = partial(tuple.__new__, Record)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that is not taken: where it is, which column is wrong ("" for all), why;
    and what stands there, where a reader was asked to keep that of broken records."""

    line: int
    column: str
    reason: str
    fields: tuple[str, ...] = ()


def encoding_of(file: IO[bytes]) -> str:
    """The encoding of a whole file, read once in blocks: by its byte order mark, else UTF-8
    if every byte of it is, else Windows-1252.

    Raises UnreadableFile for packed files, for NUL bytes outside UTF-16, and for bytes
    that none of these encodings has.
    """
    first = file.read(_BLOCK)
    for mark, what in _PACKED:
        if first.startswith(mark):
            raise UnreadableFile(f"this is {what}: export it as CSV")
    for mark, name in _BOMS:
        if first.startswith(mark):
            return name
    possible: dict[str, codecs.IncrementalDecoder] = {
        "utf-8": codecs.getincrementaldecoder("utf-8")(),
        "cp1252": codecs.getincrementaldecoder("cp1252")(),
    }
    for block in _blocks(first, file):
        if b"\x00" in block:
            raise UnreadableFile("it has NUL bytes: save it as UTF-8, or as UTF-16 with a mark")
        possible = {name: one for name, one in possible.items() if _decodes(one, block)}
    if "utf-8" in possible and not _decodes(possible["utf-8"], b"", final=True):
        del possible["utf-8"]
    if not possible:
        raise UnreadableFile("it is neither UTF-8 nor Windows-1252: say its encoding")
    return next(iter(possible))


def digest_of(file: BufferedReader) -> str:
    """The SHA-256 of the file, in hex digits."""
    return hashlib.file_digest(file, "sha256").hexdigest()


def delimiter_of(lines: Iterable[str], wanted: Sequence[str] = ()) -> str:
    """The delimiter under which the header has most of the `wanted` columns, the records
    have as many fields as the header, and there are most columns; in this order.

    `lines` are the first lines of the file, with their ends.
    """
    sample = list(lines)
    names = {header_name(name) for name in wanted}
    return max(DELIMITERS, key=lambda sign: _fit(sample, sign, names))


def header_name(written: str) -> str:
    """A column's name as it is looked for: without case, white space and a stray mark."""
    return " ".join(written.replace("\ufeff", "").split()).casefold()


def records(
    stream: IO[str], delimiter: str, *, keep: bool = False
) -> Iterator[Record | Refusal]:
    """Yield every record of a text stream opened with newline="", the header first.

    Blank lines are no records. A record with another number of fields than the header is
    a Refusal; with `keep` it says what stands there. Raises UnreadableFile if there is no
    header or it has too many columns.
    """
    return chain.from_iterable(_in_blocks(_Lines(stream), delimiter, keep))


def _in_blocks(
    lines: "_Lines", delimiter: str, keep: bool
) -> Iterator[Iterable[Record | Refusal]]:
    width = 0
    while block := lines.block(_SOME if width else 1):
        if width and (found := _many(block, lines, delimiter, width, keep)) is not None:
            yield found
            continue
        lines.give_back(block)
        for record in _parsed(lines, delimiter, keep):
            width = width or _width(record)
            yield [record if isinstance(record, Refusal) else _checked(record, width, keep)]
    if not width:
        raise UnreadableFile("it has no header")


def _many(
    block: str, lines: "_Lines", delimiter: str, width: int, keep: bool
) -> Iterable[Record | Refusal] | None:
    """The records of whole lines that stand on their own; None if they need a closer look."""
    plain, first = blocks.lines_of(block), lines.number + 1
    if plain is not None:
        found = blocks.parted(plain, first, delimiter, LONGEST_FIELD)
        count = len(plain)
    else:
        ended = _ended(block)
        found = blocks.quoted(ended, first, delimiter)
        count = len(ended)
    if found is None or len(block) > LONGEST_RECORD:
        return None
    lines.number += count
    some = list(map(_record, zip(*found, strict=True)))
    if plain is not None and set(map(len, found[1])) == {width}:
        return some
    return [_checked(record, width, keep) for record in some]


def _ended(block: str) -> list[str]:
    """Its lines, with their ends, as a text stream opened with newline="" has them."""
    return StringIO(block, newline="").readlines()


class _Lines:
    """Physical lines, with those of the current record kept so that they can be read anew."""

    def __init__(self, stream: IO[str]) -> None:
        self.stream, self.number = stream, 0
        self.again: deque[str] = deque()
        self.taken: list[str] = []
        self.size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.again.popleft() if self.again else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        self.size += len(line)
        if self.size > LONGEST_RECORD:
            raise csv.Error(f"longer than {LONGEST_RECORD // 1024} KiB")
        return line

    def block(self, size: int) -> str:
        """Text of about `size` characters up to the end of a line; "" after the last one."""
        text = self.stream.read(size)
        return text + self._read() if text else text

    def give_back(self, block: str) -> None:
        """Lines of `block` are the next ones again."""
        self.again.extend(_ended(block))

    def _read(self) -> str:
        """The next line; of an endless one the beginning, its rest is thrown away."""
        line = self.stream.readline(LONGEST_RECORD + 2)
        if len(line) > LONGEST_RECORD and not line.endswith(("\n", "\r")):
            while (rest := self.stream.readline(_BLOCK)) and not rest.endswith(("\n", "\r")):
                pass
        return line

    @property
    def began(self) -> int:
        """The line on which the current record began."""
        return self.number - len(self.taken) + 1

    def next_record(self) -> None:
        self.taken, self.size = [], 0

    def back_to_second_line(self) -> None:
        """Give back all lines of the current record but its first."""
        self.again.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1
        self.next_record()


def _parsed(lines: _Lines, delimiter: str, keep: bool) -> Iterator[Record | Refusal]:
    """Records one by one, at least until nothing is left of what was given back."""
    while lines.again:
        reader = csv.reader(lines, delimiter=delimiter, strict=True)
        try:
            for fields in reader:
                if fields:
                    yield Record(lines.began, fields)
                lines.next_record()
                if not lines.again:
                    break
        except csv.Error as error:
            line, reason = lines.began, _in_words(error)
            text = (lines.taken[0].rstrip("\r\n")[:LONGEST_FIELD],) if keep else ()
            lines.back_to_second_line()
            yield Refusal(line, "", reason, text)


def _in_words(error: csv.Error) -> str:
    said = str(error)
    if "unexpected end of data" in said:
        return "a quotation mark is never closed"
    if "expected after" in said:
        return "a quotation mark stands in the middle of a field"
    if "field larger" in said:
        return f"a field is longer than {LONGEST_FIELD // 1024} KiB"
    return said


def _width(record: Record | Refusal) -> int:
    if isinstance(record, Refusal):
        raise UnreadableFile(f"its header cannot be read: {record.reason}")
    if len(record.fields) > MOST_COLUMNS:
        raise UnreadableFile(f"it has {len(record.fields)} columns, {MOST_COLUMNS} at most")
    return len(record.fields)


def _checked(record: Record, width: int, keep: bool) -> Record | Refusal:
    if len(record.fields) != width:
        said = f"has {len(record.fields)} fields, the header has {width}"
        return Refusal(record.line, "", said, tuple(record.fields) if keep else ())
    if max(map(len, record.fields)) > LONGEST_FIELD:
        return Refusal(record.line, "", f"a field is longer than {LONGEST_FIELD // 1024} KiB")
    return record


def _blocks(first: bytes, file: IO[bytes]) -> Iterator[bytes]:
    yield first
    while block := file.read(_BLOCK):
        yield block


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _fit(sample: list[str], delimiter: str, wanted: set[str]) -> tuple[int, int, int]:
    found = _first(sample, delimiter)
    if not found:
        return 0, 0, 0
    header = {header_name(name) for name in found[0]}
    alike = sum(1 for fields in found if len(fields) == len(found[0]))
    return len(header & wanted), alike if len(found[0]) > 1 else 0, len(found[0])


def _first(sample: list[str], delimiter: str) -> list[list[str]]:
    found: list[list[str]] = []
    with suppress(csv.Error):  # the sample may end inside a record
        found.extend(filter(None, csv.reader(sample, delimiter=delimiter, strict=True)))
    return found
