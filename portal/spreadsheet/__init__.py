"""Tables that leave the portal: CSV and XLSX, written row by row, safe against formulas."""

from portal.spreadsheet.formulas import guarded
from portal.spreadsheet.leaving import KINDS, Kind, table
from portal.spreadsheet.listing import Column, address, asked, listed, read, together

__all__ = [
    "KINDS",
    "Column",
    "Kind",
    "address",
    "asked",
    "guarded",
    "listed",
    "read",
    "table",
    "together",
]
