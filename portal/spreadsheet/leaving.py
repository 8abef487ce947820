"""The response that carries a table away, streamed while the rows are read."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from django.http import StreamingHttpResponse
from django.utils import timezone, translation

from portal.spreadsheet.separated import lines
from portal.spreadsheet.workbook import packed

Kind = Literal["csv", "xlsx"]
KINDS: dict[str, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table(
    kind: Kind, name: str, header: Sequence[str], rows: Iterable[Sequence[Any]]
) -> StreamingHttpResponse:
    """The rows as a file `name.kind` to keep: `rows` is read while the file is sent.

    A cell is a text, a number, a bool, a date, an aware datetime, or None. `name` is ours,
    in plain ASCII letters.
    """
    body: Iterator[bytes] = (packed if kind == "xlsx" else lines)(header, rows)
    response = StreamingHttpResponse(_as_asked(body), content_type=KINDS[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _as_asked(body: Iterator[bytes]) -> Iterator[bytes]:
    """The blocks in the language and the time zone of who asked: they are made after the
    middleware that chose both has gone."""
    language, zone = translation.get_language(), timezone.get_current_timezone()

    def blocks() -> Iterator[bytes]:
        block: bytes | None = b""
        while block is not None:
            with translation.override(language), timezone.override(zone):
                block = next(body, None)
            if block:
                yield block

    return blocks()
