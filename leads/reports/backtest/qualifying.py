"""Criteria of a text on every lead of a time: who would have met them, beside another text."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from leads.core.backtest import NEVER, Flags, Microseconds
from leads.core.trials.moments import Happened, Known, met
from leads.models import Attestation, Lead, Touch
from leads.models.lead import ERASED, LeadQuerySet
from sla.core.criteria import Attested, FieldIs, Node, TouchedWithin, leaves
from sla.core.terms import Terms
from sla.core.terms.parts import Stage
from sla.core.workingtime import microseconds
from sla.models import Version

MOST = 20_000
"""Leads that one look at a page reads; the newest, where there are more."""
CAME = Coalesce("arrived_at", "received_at")
WHICH = ("met", "before", "lost", "gained")


@dataclass(frozen=True)
class Qualified:
    """One stage on the leads of a time: when each first met its criteria, NEVER if it did not.

    `before` is the same under the text compared with; None where that has no criteria for
    the stage. All in the order of `leads`, which are their numbers, ascending.
    """

    stage: Stage
    leads: Microseconds
    now: Microseconds
    before: Microseconds | None

    def of(self, which: str) -> Flags:
        """The leads that a count is of: one of WHICH."""
        now = self.now != NEVER
        before = np.zeros_like(now) if self.before is None else self.before != NEVER
        found: dict[str, Flags] = {
            "met": now,
            "before": before,
            "lost": before & ~now,
            "gained": now & ~before,
        }
        return found[which]

    def number(self, which: str) -> int:
        return int(np.count_nonzero(self.of(which)))


@dataclass(frozen=True)
class Audience:
    """Every stage with criteria on the leads that came in a time: `read` of `found`, of
    which `imported` are claims from elsewhere."""

    agreement: int
    stages: tuple[Qualified, ...]
    read: int
    found: int
    imported: int

    @property
    def cut(self) -> bool:
        return self.found > self.read

    def of(self, stage: str) -> Qualified | None:
        return next((one for one in self.stages if one.stage.key == stage), None)


def came(agreement_id: int, since: datetime, until: datetime) -> LeadQuerySet:
    """Leads of an agreement that came in [since, until); doubles and erased ones are none."""
    there = Lead.objects.filter(agreement=agreement_id, merged_into=None)
    there = there.exclude(email_key__startswith=ERASED)
    return there.filter(GreaterThanOrEqual(CAME, since), LessThan(CAME, until))


def qualifying(
    version: Version, base: Version | None, since: datetime, until: datetime
) -> Audience:
    """Who of the leads that came in [since, until) met the criteria of each stage by `until`.

    A lead qualifies if the criteria were met at some instant from its coming on. What is
    known of its fields is as of now; touches and confirmed facts count from when they were.
    """
    new, old = version.parsed, base.parsed if base else None
    pairs = [(stage, tree, _before(old, stage)) for stage, tree in new.criteria()]
    there, found = _newest(came(version.agreement_id, since, until))
    trees = [tree for _stage, *both in pairs for tree in both if tree is not None]
    leads = list(_known(there, trees, until))
    numbers = np.array([pk for pk, _known, _imported in leads], np.int64)
    known = [one for _pk, one, _imported in leads]
    asked = {tree: _firsts(tree, known) for tree in dict.fromkeys(trees)}
    stages = tuple(
        Qualified(stage, numbers, asked[now], None if before is None else asked[before])
        for stage, now, before in pairs
    )
    return Audience(
        version.agreement_id, stages, len(leads), found, sum(row[2] for row in leads)
    )


def _before(old: Terms | None, stage: Stage) -> Node | None:
    """The criteria of the same stage in the text before, or of one that it replaces."""
    if old is None:
        return None
    trees = {one.key: tree for one, tree in old.criteria()}
    return next((trees[key] for key in (stage.key, *stage.replaces) if key in trees), None)


def _newest(there: LeadQuerySet) -> tuple[LeadQuerySet, int]:
    found = there.count()
    if found > MOST:
        oldest = there.order_by(CAME.desc()).values_list(CAME, flat=True)[MOST - 1]
        there = there.filter(GreaterThanOrEqual(CAME, oldest))
    return there, found


def _firsts(tree: Node, known: Sequence[Known]) -> Microseconds:
    spans = (met(tree, one) for one in known)
    return np.array([some[0][0] if some else NEVER for some in spans], np.int64)


def _known(
    there: LeadQuerySet, trees: Sequence[Node], until: datetime
) -> Iterator[tuple[int, Known, bool]]:
    """What the criteria ask of each lead, in order of their numbers; three statements."""
    asked = [leaf for tree in trees for leaf in leaves(tree)]
    names = sorted({leaf.field for leaf in asked if isinstance(leaf, FieldIs)})
    touches, facts = _touches(there, asked, until), _facts(there, asked, until)
    paths = list(dict.fromkeys(_path(name) for name in names))
    rows = there.order_by("pk").values_list("pk", CAME, "imported", *paths)
    places = {path: number for number, path in enumerate(paths, 3)}
    last = microseconds(until)
    for row in rows.iterator():
        fields = {name: _value(name, row[places[_path(name)]]) for name in names}
        known = Known(
            microseconds(row[1]), last, fields, touches.get(row[0], ()), facts.get(row[0])
        )
        yield row[0], known, row[2]


def _path(name: str) -> str:
    owner, _dot, field = name.partition(".")
    return (
        "attributes"
        if owner == "attributes"
        else field
        if owner == "lead"
        else name.replace(".", "__")
    )


def _value(name: str, column: object) -> object:
    if name.startswith("attributes.") and isinstance(column, dict):
        return column.get(name.removeprefix("attributes."))
    return column


def _touches(
    there: LeadQuerySet, asked: Sequence[object], until: datetime
) -> dict[int, list[Happened]]:
    kinds = {kind for leaf in asked if isinstance(leaf, TouchedWithin) for kind in leaf.kinds}
    found: dict[int, list[Happened]] = defaultdict(list)
    if not kinds:
        return found
    rows = Touch.objects.filter(
        lead__in=there.values("pk"), kind__in=kinds, undone_at=None, occurred_at__lt=until
    ).order_by("occurred_at", "pk")
    told = rows.values_list("lead", "occurred_at", "kind", "department", "direction")
    for lead, at, kind, department, direction in told.iterator():
        found[lead].append(Happened(microseconds(at), kind, str(department), direction))
    return found


def _facts(
    there: LeadQuerySet, asked: Sequence[object], until: datetime
) -> dict[int, dict[str, int]]:
    facts = {leaf.fact for leaf in asked if isinstance(leaf, Attested)}
    found: dict[int, dict[str, int]] = defaultdict(dict)
    if not facts:
        return found
    rows = Attestation.objects.filter(
        lead__in=there.values("pk"), fact__in=facts, withdrawn_at=None, at__lt=until
    )
    for lead, fact, at in rows.values_list("lead", "fact", "at"):
        found[lead][fact] = microseconds(at)
    return found
