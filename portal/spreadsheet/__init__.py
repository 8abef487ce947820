"""Tables that leave the portal: CSV and XLSX, written row by row, safe against formulas."""

from portal.spreadsheet.formulas import guarded
from portal.spreadsheet.leaving import KINDS, Kind, table

__all__ = ["KINDS", "Kind", "guarded", "table"]
