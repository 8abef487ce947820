"""A list as a file: its columns are said once, and its page's own address answers with the
file, so that page and file have the same filters and the same readers."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse

from portal.spreadsheet.leaving import KINDS, Kind, table

FILE = "file"  # what an address asks for a file with: `?file=csv`
PAGES = ("after", "before", "back", "come", FILE)  # the place in a list, no filter
CHUNK = 1_000  # rows that are read together

Row = TypeVar("Row")
Column = tuple[Any, Callable[[Any], Any]]


def asked(request: HttpRequest) -> Kind | None:
    """The kind of file that an address asks for; None: it asks for the page."""
    kind = request.GET.get(FILE, "") if request.method in {"GET", "HEAD"} else ""
    return kind if kind in KINDS else None  # type: ignore[return-value]  # the keys are the kinds


def listed(
    kind: Kind, name: str, columns: Sequence[Column], rows: Iterable[Any]
) -> StreamingHttpResponse:
    """The rows as a file: a column is its heading and what a row says under it.

    A queryset is read as the file is sent, never whole; its related rows come with each
    thousand. `rows` are in the order of the page, and not cut to it.
    """
    says = [value for _heading, value in columns]

    def each() -> Iterator[list[Any]]:
        for row in read(rows):
            yield [value(row) for value in says]

    return table(kind, name, [str(heading) for heading, _value in columns], each())


def read(rows: Iterable[Row]) -> Iterator[Row]:
    """The rows one after the other; of a queryset never more than a thousand at once."""
    return iter(rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else rows)


def together(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows by the thousand, for what is looked up for many at once."""
    one_by_one = read(rows)
    while some := list(islice(one_by_one, CHUNK)):
        yield some


def address(request: HttpRequest, kind: str) -> str:
    """The query that asks for what a page shows, over all its pages, as a file."""
    query = request.GET.copy()
    for name in PAGES:
        query.pop(name, None)
    query[FILE] = kind
    return f"?{query.urlencode()}"
