"""The first rows of a file as they would be read, and the worst ones as they stand."""

from collections.abc import Iterator
from itertools import islice
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _

from leads.actions.imports.running import open_file
from leads.actions.imports.source import Source
from leads.core.files.cells import Read
from leads.core.files.records import Refusal
from leads.forms.imports import WORDS
from leads.models import Upload

FIRST = 5
WORST = 12
_WIDE = 8  # columns that a preview shows
DAMAGE = {
    "range": _("a range became a date"),
    "zeros": _("zeros at the front are lost"),
    "rounded": _("a long number was rounded"),
    "error": _("a formula failed"),
    "blank": _("a word that means nothing"),
}


class Line(NamedTuple):
    """One row of a preview: its line in the file, its cells, and what is wrong with it."""

    line: int
    cells: list[str]
    why: str = ""


def previews(upload: Upload) -> dict[str, Any]:
    """What the page of a dry run shows of the file itself."""
    source = open_file(upload.path, upload.mapping)
    targets = list(source.mapping.targets)[:_WIDE]
    harmed = list(_harmed(upload, set(source.mapping.columns)))
    wanted = {line: f"{column}: {why}" if column else why
              for line, column, why in upload.rehearsal["worst"]}  # fmt: skip
    for harm in harmed:
        said = f"{harm['column']}: {harm['words']}"
        wanted.setdefault(harm["line"], f"{said} ({harm['value']})")
    chosen = dict(sorted(wanted.items())[:WORST])
    return {
        "decided": source.decided,
        "header": [_meaning(target.to) for target in targets],
        "columns": [target.column for target in targets],
        "first": [_read(one, [t.to for t in targets]) for one in _first(source)],
        "worst": list(_worst(source, [t.column for t in targets], chosen)),
        "harmed": harmed,
        "counts": upload.rehearsal["counts"],
        "held": sum(upload.rehearsal["back"].values()),
    }


def _meaning(to: str) -> str:
    """A target in a person's words."""
    return str(WORDS.get(to, to.rpartition(".")[2].replace("_", " ")))


def _first(source: Source) -> list[Read]:
    """The first records that can be read."""
    return list(islice(source.values(), FIRST))


def _read(one: Read, targets: list[str]) -> Line:
    shown = []
    for to in targets:
        moment = one.moments.get(to)
        value = f"{moment.at:%Y-%m-%d %H:%M} UTC" if moment else one.values.get(to, "")
        shown.append(str(value)[:60])
    return Line(one.line, shown)


def _worst(source: Source, columns: list[str], wanted: dict[int, str]) -> Iterator[Line]:
    """The rows of these lines as they stand, each with what is wrong."""
    places = [source.places[column] for column in columns]
    last = max(wanted, default=0)
    for record in source.records(keep=True):
        if record.line > last:
            return
        if record.line in wanted:
            fields = list(record.fields)
            whole = not isinstance(record, Refusal)
            cells = [fields[place][:60] if whole else "" for place in places]
            if not whole and cells:
                cells[0] = " | ".join(fields)[:80]
            yield Line(record.line, cells, wanted[record.line])


def _harmed(upload: Upload, mapped: set[str]) -> Iterator[dict[str, Any]]:
    """Damage in the columns that are taken, and how many cells of each there are."""
    for column in upload.found["columns"]:
        for harm in column["damage"] if column["name"] in mapped else ():
            yield harm | {"column": column["name"], "words": DAMAGE[harm["kind"]]}
