"""Imports: files of leads, strictly read, every record accounted for, history kept apart."""

from leads.actions.imports.golive import go_live
from leads.actions.imports.running import import_file, read_json

__all__ = ["go_live", "import_file", "read_json"]
