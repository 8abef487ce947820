"""A table as XLSX, packed while its rows are read: texts are texts and never formulas."""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils.timezone import localtime

MOST_ROWS = 1_048_576  # that a sheet has
LONGEST = 32_767  # characters in a cell
_EXACT = 2**53
_BLOCK = 64 * 1024  # bytes that are sent together
_DAY = 86_400
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)  # day 0 of spreadsheets
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_FORM = "application/vnd.openxmlformats-officedocument.spreadsheetml"

PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_FORM}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_FORM}.styles+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml"'
        f' ContentType="{_FORM}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2"'
        f' Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Concord" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
}
_OPEN = (
    f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><sheetData>"
)
_CLOSE = "</sheetData></worksheet>"
# The cell styles: 0 plain, 1 a date, 2 the header; from 3 on an instant, one for each distance
# from UTC, which stands behind the time: a cell itself holds no zone.
_PLAIN, _DATE, _HEADER, _INSTANTS = range(4)
_FORMATS = 164  # the first number that a format of ours may have


def _styles(zones: Iterable[str]) -> str:
    formats = ["yyyy\\-mm\\-dd", *(f'yyyy\\-mm\\-dd\\ hh:mm:ss\\ "{one}"' for one in zones)]
    numbered = [(_FORMATS + n, quoteattr(code)) for n, code in enumerate(formats)]
    kept = "".join(f'<numFmt numFmtId="{n}" formatCode={code}/>' for n, code in numbered)
    cells = [f'<xf numFmtId="{n}" applyNumberFormat="1"/>' for n, _code in numbered]
    cells.insert(1, '<xf fontId="1" applyFont="1"/>')
    return (
        f'<styleSheet xmlns="{_MAIN}"><numFmts count="{len(numbered)}">{kept}</numFmts>'
        '<fonts count="2"><font/><font><b/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border>'
        f'</borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        f'<cellXfs count="{len(cells) + 1}"><xf/>{"".join(cells)}</cellXfs></styleSheet>'
    )


class _Pipe:
    """What is written into it waits until it is taken; it cannot be sought in."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def write(self, some: bytes) -> int:
        self.waiting += some
        return len(some)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        taken, self.waiting = bytes(self.waiting), bytearray()
        return taken


def packed(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """The workbook in blocks of bytes. What no sheet has room for is said in its last row."""
    pipe, zones = _Pipe(), dict[str, int]()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # writes only
        for name, text in PARTS.items():
            archive.writestr(name, _HEAD + text)
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(_OPEN.encode())
            for some in _rows(header, rows, zones):
                sheet.write(some.encode())
                if len(pipe.waiting) > _BLOCK:
                    yield pipe.take()
            sheet.write(_CLOSE.encode())
        archive.writestr("xl/styles.xml", _HEAD + _styles(zones))  # last: the zones are known
    yield pipe.take()


def _rows(
    header: Sequence[str], rows: Iterable[Sequence[Any]], zones: dict[str, int]
) -> Iterator[str]:
    yield f"<row>{''.join(_text(name, _HEADER) for name in header)}</row>"
    for number, row in enumerate(rows, start=2):
        if number == MOST_ROWS:
            yield f"<row>{_text('A sheet has no more rows; the CSV has all.', _PLAIN)}</row>"
            return
        yield f"<row>{''.join(_cell(value, zones) for value in row)}</row>"


def _cell(value: Any, zones: dict[str, int]) -> str:
    """A cell. An instant is local, in the style of its zone, which `zones` learns."""
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float) and abs(value) < _EXACT:
        return f"<c><v>{value}</v></c>"
    if isinstance(value, datetime):
        local = localtime(value)
        style = zones.setdefault(local.isoformat()[-6:], _INSTANTS + len(zones))
        days = (local.replace(tzinfo=UTC) - _EPOCH).total_seconds() / _DAY
        return f'<c s="{style}"><v>{days:.9f}</v></c>'
    if isinstance(value, date):
        return f'<c s="{_DATE}"><v>{(value - _EPOCH.date()).days}</v></c>'
    return _text(str(value), _PLAIN)


def _text(text: str, style: int) -> str:
    kept = escape(_NO_XML.sub("", text)[:LONGEST])
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{kept}</t></is></c>'
