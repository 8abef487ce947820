"""Columns kept in files of the data folder: every process maps the same ones into its memory.

They hold numbers, instants and keys of the agreement, nothing of a person, and can be
deleted at any time.
"""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from leads.core.trials.columns import NAMES, ROUND, Clocks, Columns, Pauses
from leads.reports.backtest.columns.tail import Place

FORM = 1
"""Another one where the columns are others: files of before are then left alone."""
PAUSES = ("begins", "ends", "reason", "nth")


def kept(agreement_id: int) -> tuple[Columns, Place] | None:
    """The newest columns of an agreement, and up to which entry of the ledger they hold."""
    for folder in folders(agreement_id):
        with suppress(OSError, ValueError, KeyError):  # deleted or half deleted meanwhile
            return _read(folder)
    return None


def keep(agreement_id: int, columns: Columns, place: Place) -> None:
    """Write them beside what there is, and take that away."""
    before = list(folders(agreement_id))
    _there().mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(dir=_there()))
    for name, array in _arrays(columns):
        np.save(folder / f"{name}.npy", array)
    told = {"form": FORM, "names": columns.names, "seq": place.seq, "hash": place.hash}
    (folder / "told.json").write_text(json.dumps(told))
    final = _there() / f"{agreement_id}-{place.seq:012}-{place.hash[:12]}"
    with suppress(OSError):  # another process wrote the same
        folder.rename(final)
    for old in (folder, *before):
        if old != final:
            take_away(old)


def take_away(folder: Path) -> None:
    """Who has mapped them keeps them."""
    shutil.rmtree(folder, ignore_errors=True)


def _there() -> Path:
    return Path(settings.DATA_DIR) / "columns"


def folders(agreement_id: int) -> Iterator[Path]:
    """Where its columns are, the newest first."""
    yield from sorted(_there().glob(f"{agreement_id}-*"), reverse=True)


def _arrays(columns: Columns) -> Iterator[tuple[str, Any]]:
    yield from ((f"round_{name}", getattr(columns, name)) for name in ROUND)
    yield from ((f"clock_{name}", getattr(columns.clocks, name)) for name in NAMES)
    yield from ((f"pause_{name}", getattr(columns.pauses, name)) for name in PAUSES)
    yield from (("events", columns.events), ("attempts", columns.attempts))


def _read(folder: Path) -> tuple[Columns, Place]:
    told = json.loads((folder / "told.json").read_text())
    if told["form"] != FORM:
        raise ValueError(told["form"])

    def some(prefix: str, names: tuple[str, ...]) -> dict[str, Any]:
        return {name: _array(folder / f"{prefix}_{name}.npy") for name in names}

    columns = Columns(
        **some("round", ROUND),
        events=_array(folder / "events.npy"),
        attempts=_array(folder / "attempts.npy"),
        clocks=Clocks(**some("clock", NAMES)),
        pauses=Pauses(**some("pause", PAUSES)),
        names=tuple(told["names"]),
        calendar_of={},
    )
    return columns, Place(told["seq"], told["hash"])


def _array(path: Path) -> Any:
    """As it lies in the file; one without rows cannot be mapped."""
    found = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.asarray(found)
