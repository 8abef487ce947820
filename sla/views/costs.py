"""What a change of the text would have cost, in words beside the sentence that changes."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.look.words import count
from sla.core.backtest import Backtest, Stage, Tried
from sla.core.diff import Change, compare_terms
from sla.models import Version


def kept(version: Version) -> Backtest | None:
    """The backtest that is attached to a proposal."""
    return Backtest.from_json(version.backtest) if version.backtest else None


def with_kept_costs(version: Version, base: Version | None) -> list[Change]:
    """The redline of a version, with what its attached backtest says of each change."""
    found = compare_terms(base.parsed, version.parsed) if base else []
    return with_costs(found, kept(version))


def with_costs(found: Sequence[Change], tried: Backtest | None) -> list[Change]:
    """The changes, the first of each obligation with what it would have cost."""
    waiting = {row.obligation: cost(row) for row in tried.rows} if tried else {}
    targets = [change for change in found if change.path.endswith("/targets")]
    first = {_obligation(change): change.path for change in (*reversed(found), *targets)}
    if tried is not None:
        told = {_clause(change): change.path for change in reversed(found)}
        found = [
            replace(change, cost=_own(change, tried))
            if told[_clause(change)] == change.path
            else change
            for change in found
        ]
    return [
        replace(change, cost=waiting.get(_obligation(change), "") or change.cost)
        if first[_obligation(change)] == change.path
        else change
        for change in found
    ]


def _clause(change: Change) -> str:
    """A calendar is one clause however many of its lines change; else each line is one."""
    is_calendar = change.path.startswith("calendars/")
    return "/".join(change.path.split("/")[:2]) if is_calendar else change.path


def _own(change: Change, tried: Backtest) -> str:
    """What a change of criteria or of a calendar does by itself; "" for any other."""
    kind, _slash, rest = change.path.partition("/")
    key, _slash, part = rest.partition("/")
    if kind == "journey" and part == "criteria":
        stage = next((one for one in tried.stages if one.stage == key), None)
        return _qualified(stage) if stage else ""
    found = tried.clause(f"{kind}/{key}") if kind == "calendars" else None
    if found is None or not (found.newly or found.spared):
        return ""
    said = _("By itself: %(newly)s newly late, %(spared)s no longer late.")
    return said % {"newly": count(found.newly), "spared": count(found.spared)}


def _qualified(stage: Stage) -> str:
    said = _("%(met)s of %(n)s leads would have met it.")
    if stage.before is not None:
        said = _("%(met)s of %(n)s leads met it; %(lost)s no longer, %(gained)s newly.")
    return said % {
        "met": count(stage.met), "n": count(stage.leads), "lost": count(stage.lost),
        "gained": count(stage.gained),
    }  # fmt: skip


def cost(row: Tried) -> str:
    """What a changed promise would have cost, in a sentence or two."""
    if not row.n:
        return _("No past handoff tells what this would have cost.")
    said = [_late(row)]
    if row.few:
        said.append(_("Few data: it says little."))
    if row.unseen:
        said.append(
            ngettext(
                "Of %(n)s more nobody measured this.", "Of %(n)s more nobody measured this.",
                row.unseen,
            )
            % {"n": count(row.unseen)}
        )  # fmt: skip
    return " ".join(said)


def _late(row: Tried) -> str:
    numbers = {
        "newly": count(row.newly), "spared": count(row.spared), "late": count(row.late),
        "before": count(row.before), "n": count(row.n),
    }  # fmt: skip
    if row.before is None:
        return _("%(late)s of %(n)s would have been late.") % numbers
    if row.newly and row.spared:
        said = _("%(newly)s more late, %(spared)s fewer: %(late)s of %(n)s, not %(before)s.")
    elif row.newly:
        said = _("%(newly)s more late: %(late)s of %(n)s, not %(before)s.")
    elif row.spared:
        said = _("%(spared)s fewer late: %(late)s of %(n)s, not %(before)s.")
    else:
        said = _("As many late as before: %(late)s of %(n)s.")
    return said % numbers


def _obligation(change: Change) -> str:
    """The key of the obligation that a change is about; "" if it is about none."""
    kind, _slash, rest = change.path.partition("/")
    return rest.partition("/")[0] if kind == "obligations" else ""
