"""A sealed figure beside what it is now: which rows came or went, and which entries say why."""

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from leads.models import Seal
from leads.reports.period import LENGTHS, Filters, Period
from leads.reports.scorecard.rows import Asked, rows
from leads.reports.seals.figures import Figure, figures
from portal.ledger.models import LedgerEntry

Why = Literal["went_on", "corrected", "unexplained"]
NAMED = 20  # rows and entries of a change that are named; how many there are is counted
# What changes a row of a closed period, and is not just time that went on.
CORRECTIONS = frozenset({
    "lead_merged", "lead_unmerged", "handoff_undo", "touch_taken_back", "clock_reopened",
    "imported", "erased", "lead_updated",
})  # fmt: skip
TELLING = (
    "stage_", "handoff_", "touch_", "contribution_", "lead_merged", "lead_unmerged",
    "lead_closed", "lead_updated", "imported", "waived", "erased", "meeting_",
)  # fmt: skip

_About = tuple[str, int, int | None]  # noun, its number, its lead


@dataclass(frozen=True)
class _Told:
    seq: int
    kind: str
    at: datetime


def period_of(seal: Seal) -> Period:
    length = next(one for one in LENGTHS if one == seal.length)
    zone = ZoneInfo(seal.version.parsed.governance.zone)
    return Period.around(seal.first, length, zone)


def document_of(seal: Seal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(seal.document)
    return found


def evidence_text(seal: Seal) -> str:
    return zlib.decompress(bytes(seal.evidence)).decode()


def changes(seal: Seal, at: datetime) -> list[dict[str, Any]]:
    """One for each figure that is another now, under the same version and definition.

    `why`: `went_on` if everything about its rows happened after the period, `corrected` if
    something of the period itself was changed, `unexplained` if no entry of the ledger says
    why a row is another: somebody wrote past the portal.
    """
    sealed_rows = json.loads(evidence_text(seal))["figures"]
    before = {one["key"]: one for one in document_of(seal)["figures"]}
    filters = Filters(period_of(seal))
    now = {one.key: one for one in figures(seal.version, filters, at)}
    asked = Asked(seal.version, filters, at)
    found = [
        _change(seal, key, before.get(key), now.get(key), set(sealed_rows.get(key, ())), asked)
        for key in dict.fromkeys([*before, *now])
    ]
    return _times_follow([one for one in found if one is not None])


def _change(
    seal: Seal,
    key: str,
    before: Mapping[str, Any] | None,
    now: Figure | None,
    sealed: set[int],
    asked: Asked,
) -> dict[str, Any] | None:
    value, present = before and before["value"], now and now.value
    rows_now = set(now.rows) if now is not None else set()
    gone, came = sorted(sealed - rows_now), sorted(rows_now - sealed)
    same_rule = before is None or now is None or before["definition"] == now.definition
    if (value or 0) == (present or 0) and not gone and not came and same_rule:
        return None
    told, silent = _told(seal, key, [*gone, *came], asked)
    return {
        "figure": key,
        "name": now.name if now is not None else before["name"] if before else key,
        "sealed": value,
        "now": present,
        "of": before and before["of"],
        "of_now": now.of if now is not None else None,
        "gone": gone[:NAMED], "n_gone": len(gone), "came": came[:NAMED], "n_came": len(came),
        "entries": [one.seq for one in told][:NAMED],
        "kinds": dict(Counter(one.kind for one in told).most_common(5)),
        "silent": silent[:NAMED],
        "why": _why(seal, told, silent, same_rule=same_rule),
    }  # fmt: skip


def _why(seal: Seal, told: list[_Told], silent: list[int], *, same_rule: bool) -> Why:
    if silent or not same_rule:
        return "unexplained"
    back = any(one.kind in CORRECTIONS or one.at < seal.ends_at for one in told)
    return "corrected" if back else "went_on"


def _times_follow(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A length of time has no rows of its own: it changes because the clocks did."""
    rank: dict[str, int] = {"went_on": 0, "corrected": 1, "unexplained": 2}
    worst = max((rank[one["why"]] for one in found if one["n_gone"] + one["n_came"]), default=0)
    words = list(rank)
    for one in found:
        if one["figure"].startswith("time:"):
            one["why"] = words[worst]
    return found


def _told(
    seal: Seal, key: str, changed: list[int], asked: Asked
) -> tuple[list[_Told], list[int]]:
    """The entries since the seal about these rows, and the rows that no entry is about."""
    told: dict[int, _Told] = {}
    silent = []
    for row, about in _owners(key, changed, asked):
        entries = list(_entries(seal, about))
        told |= {one.seq: one for one in entries}
        if not entries:
            silent.append(row)
    return [told[seq] for seq in sorted(told)], silent


def _owners(key: str, changed: list[int], asked: Asked) -> Iterator[tuple[int, _About]]:
    if not changed:
        return
    opened = rows(key, asked)
    found = opened.found.model._default_manager.in_bulk(changed)
    for pk in changed:
        row = found.get(pk)
        handoff = getattr(row, "handoff", None) if opened.noun == "moves" else None
        lead = getattr(handoff or row, "lead_id", None)
        yield pk, (opened.noun, pk, lead)


def _entries(seal: Seal, about: _About) -> Iterator[_Told]:
    noun, pk, lead = about
    newer = LedgerEntry.objects.filter(seq__gt=seal.head_seq).order_by("seq")
    if noun in {"clocks", "content"}:
        found = newer.filter(subject_type=noun.removesuffix("s"), subject_id=pk)
        telling: tuple[str, ...] = ("",)
    elif lead is None:
        return
    else:
        found, telling = newer.filter(lead_id=lead), TELLING
    for seq, kind, at in found.values_list("seq", "kind", "at"):
        if kind.startswith(telling):
            yield _Told(seq, kind, at)
