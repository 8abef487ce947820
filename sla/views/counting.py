"""The live count of the editor: how many of today's leads the criteria of a stage let in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.look.words import count
from portal.reader.language import say
from sla import ports
from sla.core import scopes
from sla.core.criteria import Node
from sla.core.criteria.nodes import read
from sla.core.diff import words
from sla.core.terms import TermsError, parse_criteria
from sla.forms.criteria.tree import GROUPS
from sla.forms.editor import PartForm
from sla.forms.parts.journey import entered
from sla.forms.scope import ROOT, ScopeForm

MOST_STAGES, MOST_CONDITIONS = 2, 40


@dataclass(frozen=True)
class StageCount:
    """The count of one stage, in the words around its numbers."""

    total: int
    meeting: int
    words: str
    change: str

    @property
    def share(self) -> float:
        return self.meeting / self.total if self.total else 0.0


def counted(form: PartForm, at: datetime) -> None:
    """Put the counts into the form's page: of the stages that are unfolded or else changed.

    Criteria that cannot be read yet are not counted.
    """
    before = {one["key"]: one for one in (form.around.base or {}).get("journey", ())}
    rows = list(enumerate(form.said["journey"]))
    shown = [(n, one) for n, one in rows if form.page.unfolded(f"journey-{n}") or one["open_"]]
    changed = [(n, one) for n, one in rows if before and _changed(form, n, one, before)]
    for index, stage in (shown or changed)[:MOST_STAGES]:
        old = before.get(stage["was_"] or stage["key"], {}).get("criteria")
        _count(form, f"journey-{index}-criteria", stage, old, at)


def scope_counted(form: ScopeForm, before: dict[str, Any] | None, at: datetime) -> None:
    """The same for the scope of an agreement, against the one that is there."""
    try:
        raw = form.scope
    except ValueError:
        return
    if raw is None:
        return
    form.spoken = words("", scopes.sentence(raw, say))
    tree = form.said["scope"]["criteria"]
    conditions = dict(list(_conditions(tree, raw, ROOT))[:MOST_CONDITIONS])
    found = ports.audience(read(raw), at, _known(before), list(conditions.values()))
    if found is None:
        return
    form.page.meets |= dict(zip(conditions, found.parts, strict=True))
    said = ""
    if before is not None and raw != before:
        said = _(
            "%(lost)s of those it asks for now would no longer be, %(gained)s are new."
        ) % {
            "lost": count(found.lost),
            "gained": count(found.gained),
        }
    meets = _("meet these criteria. An agreement that is tried before may take some of them.")
    form.page.counts.append(StageCount(found.total, found.meeting, meets, said))


def _changed(form: PartForm, index: int, stage: dict[str, Any], before: dict[str, Any]) -> bool:
    old = before.get(stage["was_"] or stage["key"], {}).get("criteria")
    now = entered(form, stage["criteria"], f"journey-{index}-criteria")
    return bool(now != old)


def _count(
    form: PartForm, path: str, stage: dict[str, Any], old: dict[str, Any] | None, at: datetime
) -> None:
    raw = entered(form, stage["criteria"], path)
    if raw is None:
        return
    conditions = dict(list(_conditions(stage["criteria"], raw, path))[:MOST_CONDITIONS])
    before = _known(old)
    found = ports.audience(read(raw), at, before, list(conditions.values()))
    if found is None:
        return
    form.page.meets |= dict(zip(conditions, found.parts, strict=True))
    said = _change(stage["name"], found) if before is not None and raw != old else ""
    words = _("would be %(stage)s by these criteria.") % {"stage": stage["name"]}
    form.page.counts.append(StageCount(found.total, found.meeting, words, said))


def _known(raw: dict[str, Any] | None) -> Node | None:
    """The criteria in force, which were parsed when they were signed."""
    try:
        return parse_criteria(raw) if raw else None
    except TermsError:
        return None


def _conditions(said: dict[str, Any], raw: Any, path: str) -> Iterator[tuple[str, Node]]:
    """The conditions of a tree by the path of their fields."""
    if said["what"] not in GROUPS:
        yield path, read(raw)
        return
    inner = raw[said["what"]]
    if said["what"] == "not":
        inner = [inner] if len(said["parts"]) == 1 else inner["any"]
    for n, (one, part) in enumerate(zip(said["parts"], inner, strict=True)):
        yield from _conditions(one, part, f"{path}-parts-{n}")


def _change(stage: str, found: ports.Audience) -> str:
    lost = ngettext(
        "%(n)s that is %(stage)s by the text in force would no longer be.",
        "%(n)s that are %(stage)s by the text in force would no longer be.",
        found.lost,
    ) % {"n": count(found.lost), "stage": stage}
    gained = ngettext("%(n)s would be new.", "%(n)s would be new.", found.gained) % {
        "n": count(found.gained)
    }
    none_lost = _("None of those who are %(stage)s now would drop out.") % {"stage": stage}
    none_new = _("None would be new.")
    return f"{lost if found.lost else none_lost} {gained if found.gained else none_new}"
