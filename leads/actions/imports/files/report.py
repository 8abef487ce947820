"""What became of each record of an import, and the refused ones ready to be sent again."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.imports.running import open_file
from leads.core.files.records import Refusal
from leads.errors import FileRefused
from leads.models import ImportRun, ImportSlice

Row = tuple[int, str, int | None, str, str]  # line, outcome, lead, column, why
ADDED = ("refused: line", "refused: column", "refused: reason", "refused: as it stands")


def outcomes(run: ImportRun) -> Iterator[Row]:
    """Every record by its line, in the order of the file."""
    slices = ImportSlice.objects.filter(run=run).order_by("position")
    for some in slices.values_list("outcomes", flat=True).iterator(chunk_size=20):
        for row in some:
            yield tuple(row)


def first_refused(run: ImportRun, most: int) -> list[Row]:
    """The first records that were refused."""
    found: list[Row] = []
    for row in outcomes(run):
        if row[1] == "rejected":
            found.append(row)
        if len(found) == most:
            break
    return found


def refused_again(run: ImportRun) -> tuple[list[str], Iterator[list[Any]]]:
    """The header, and the refused records with their reasons behind: to mend and send again.

    What was added is ignored then, as columns are found by name. Raises FileRefused if the
    file is not kept any more.
    """
    upload = run.upload
    if upload is None or upload.removed_at is not None:
        raise FileRefused(_("The file is not kept any more."))
    source = open_file(upload.path, run.mapping)
    found = source.records(keep=True)
    first = next(found)
    header = [] if isinstance(first, Refusal) else first.fields
    return [*header, *ADDED], _refused(run, found, len(header))


def _refused(run: ImportRun, found: Iterator[Any], width: int) -> Iterator[list[Any]]:
    for record, (line, outcome, _lead, column, why) in zip(found, outcomes(run), strict=False):
        if outcome != "rejected":
            continue
        fields, rest = list(record.fields), ""
        if isinstance(record, Refusal) and len(fields) != width:
            fields, rest = [], " | ".join(fields)
        yield [*fields, *[""] * (width - len(fields)), line, column, why, rest]
