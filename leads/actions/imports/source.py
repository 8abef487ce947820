"""A file on disk, looked at before anything of it is taken: what it is, and how to read it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from leads.core.files import dates, records
from leads.core.files.cells import Read, Reader
from leads.core.files.dates import Order, Undecided
from leads.core.files.mapping import Mapping, MappingError
from leads.core.files.records import Record, Refusal, UnreadableFile
from leads.errors import FileRefused

_SAMPLE = 200  # lines that the choice of a delimiter looks at
_AT_ONCE = 1_000  # records whose dates are looked at together


@dataclass(frozen=True)
class Source:
    """A file that can be read, with all that was found out about it.

    `decided` tells a person how the dates of each column are read.
    """

    path: Path
    sha256: str
    encoding: str
    delimiter: str
    mapping: Mapping
    places: dict[str, int]
    orders: dict[str, Order]
    decided: tuple[str, ...]

    def reader(self) -> Reader:
        return Reader(self.mapping, self.places, self.orders)

    def read(self, after: int = 0) -> Iterator[Record | Refusal]:
        """Every record of the file but its header and the first `after`."""
        return islice(self.records(), 1 + after, None)

    def values(self) -> Iterator[Read]:
        """The typed values of every record that can be read."""
        reader = self.reader()
        for record in self.read():
            one = record if isinstance(record, Refusal) else reader.read(record)
            if isinstance(one, Read):
                yield one

    def records(self, *, keep: bool = False) -> Iterator[Record | Refusal]:
        """Every record of the file as it stands, the header first."""
        return chain.from_iterable(self._opened(keep))

    def _opened(self, keep: bool) -> Iterator[Iterator[Record | Refusal]]:
        with _text(self.path, self.encoding) as stream:
            yield records.records(stream, self.delimiter, keep=keep)


def look(path: Path, mapping: Mapping) -> Source:
    """Find out how the file is to be read: it is walked through, nothing is kept of it.

    Raises FileRefused, with the reason for a person, if it is no CSV of these columns, or
    day and month of a date column cannot be told apart.
    """
    try:
        return _look(path, mapping)
    except (UnreadableFile, MappingError, Undecided) as error:
        raise FileRefused(str(error)) from error
    except UnicodeError as error:
        what = {"encoding": mapping.encoding, "error": error}
        said = (
            _("it is not %(encoding)s: %(error)s")
            if mapping.encoding
            else _("it is not text: %(error)s")
        )
        raise FileRefused(said % what) from error
    except OSError as error:
        raise FileRefused(": ".join([path.name, str(error.strerror)])) from error


def _look(path: Path, mapping: Mapping) -> Source:
    with path.open("rb") as file:
        encoding = records.encoding_of(file)
        file.seek(0)
        sha256 = records.digest_of(file)
    encoding = mapping.encoding or encoding
    with _text(path, encoding) as stream:
        sample = list(
            islice(iter(lambda: stream.readline(records.LONGEST_RECORD), ""), _SAMPLE)
        )
    delimiter = mapping.delimiter or records.delimiter_of(sample, mapping.columns)
    with _text(path, encoding) as stream:
        found = records.records(stream, delimiter)
        places = mapping.places(_header(next(found)))
        columns = _columns(mapping)
        if columns:
            _see(found, columns, places, mapping)
    orders = {column.name: column.decide() for column in columns}
    decided = tuple(column.words(orders[column.name]) for column in columns)
    return Source(path, sha256, encoding, delimiter, mapping, places, orders, decided)


def _text(path: Path, encoding: str) -> IO[str]:
    # Nothing is guessed by the platform: not the encoding, not the line ends.
    return path.open("r", encoding=encoding, newline="")


def _header(first: Record | Refusal) -> list[str]:
    if isinstance(first, Refusal):
        raise UnreadableFile(
            _("its header cannot be read: %(reason)s") % {"reason": first.reason}
        )
    return first.fields


def _columns(mapping: Mapping) -> list[dates.Column]:
    """The date columns whose order the mapping does not state."""
    names = [one.column for one in mapping.targets if one.is_moment and one.order is None]
    return [dates.Column(name) for name in dict.fromkeys(names)]


def _see(
    found: Iterator[Record | Refusal],
    columns: list[dates.Column],
    places: dict[str, int],
    mapping: Mapping,
) -> None:
    missing = {one.column: one.missing for one in mapping.targets}
    watched = [(column, places[column.name], missing[column.name]) for column in columns]
    while some := list(islice(found, _AT_ONCE)):
        records = [one for one in some if isinstance(one, Record)]
        lines = [line for line, _ in records]
        for column, place, blank in watched:
            column.see_all(lines, [fields[place] for _, fields in records], blank)
