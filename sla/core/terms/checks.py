"""What the schema cannot say: that the parts of the terms fit together."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from sla.core import criteria
from sla.core.calendar import CalendarFault
from sla.core.criteria import keys
from sla.core.criteria.checks import Place
from sla.core.facts import field_of
from sla.core.saying import Said
from sla.core.saying import gettext_noop as _
from sla.core.terms.document import Terms
from sla.core.terms.parts import Commitment, Handoff
from sla.core.terms.promises import ladder_faults, obligation_faults
from sla.core.terms.schema import Fault, dotted
from sla.core.workingtime import WorkingCalendar

_DEPARTMENT_WORDS = frozenset(["mal", "mql", "sal", "sql", "sqo", "sdr", "bdr", "isr", "ae"])
_DEPARTMENT = _("{name} names a department; a stage is named in the customer’s words")


def faults_of(terms: Terms, raw: dict[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with a document that has the schema's shape; `raw` is its JSON."""
    yield from _repeated_keys(terms)
    yield from _calendars(terms)
    yield from _stages(terms)
    yield from _criteria(terms, raw)
    for index, handoff in enumerate(terms.handoffs):
        for part, reason in _handoff(terms, handoff):
            yield Fault(f"handoffs[{index}].{part}", reason)
    yield from obligation_faults(terms)
    yield from ladder_faults(terms)
    for index, commitment in enumerate(terms.commitments):
        for part, reason in _commitment(terms, commitment):
            yield Fault(f"commitments[{index}].{part}", reason)
    yield from _benchmarks(terms)
    yield from _return_reasons(terms)
    if terms.governance.zone not in _zones():
        yield Fault(
            "governance.zone",
            Said(_("there is no time zone {zone}"), zone=terms.governance.zone),
        )


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def criterion_faults(raw: Any, path: Place) -> Iterator[Fault]:
    """Yield the faults of one criteria tree that has the schema's shape."""
    for where, reason in criteria.faults(raw, path):
        yield Fault(dotted(where), reason)


def carries_department(name: str) -> bool:
    """Whether a stage's name names a department, so that it shows only one side's view.

    >>> carries_department("Sales ready"), carries_department("comparing")
    (True, False)
    """
    words = re.findall(r"\w+", name.casefold())
    return any(w in _DEPARTMENT_WORDS or w.startswith(("sales", "marketing")) for w in words)


def _repeated_keys(terms: Terms) -> Iterator[Fault]:
    yield from _repeated("clauses", (one.key for one in terms.clauses))
    yield from _repeated("journey", (one.key for one in terms.journey))
    yield from _repeated("journey", (one.name.casefold() for one in terms.journey), "name")
    yield from _repeated("handoffs", (one.key for one in terms.handoffs))
    yield from _repeated("obligations", (one.key for one in terms.obligations))
    sources = (one.source for one in terms.trusted_sources)
    yield from _repeated("trusted_sources", sources, "source")
    yield from _repeated("commitments", (one.key for one in terms.commitments))
    yield from _repeated("benchmarks", (one.key for one in terms.benchmarks))
    yield from _repeated("return_reasons", (one.key for one in terms.return_reasons))


def _repeated(path: str, said: Iterable[str], part: str = "key") -> Iterator[Fault]:
    seen: set[str] = set()
    for index, one in enumerate(said):
        if one in seen:
            yield Fault(f"{path}[{index}].{part}", Said(_("{one} is there already"), one=one))
        seen.add(one)


def _calendars(terms: Terms) -> Iterator[Fault]:
    if not terms.calendars:
        yield Fault("calendars", Said(_("there must be at least one")))
    for key, raw in terms.raw_calendars.items():
        path = f"calendars.{key}"
        for day in raw.get("closed_names", {}).keys() - set(raw.get("closed", ())):
            yield Fault(f"{path}.closed_names.{day}", Said(_("is none of the closed dates")))
        try:
            calendar = WorkingCalendar.from_json(raw)
        except CalendarFault as error:
            yield Fault(f"{path}.{error.path}" if error.path else path, error.reason)
            continue
        if not calendar.days_a_week:
            yield Fault(
                f"{path}.weekly", Said(_("must open on a weekday; single dates run out"))
            )


def _stages(terms: Terms) -> Iterator[Fault]:
    if len(terms.journey) < 2:
        yield Fault("journey", Said(_("must have at least two stages")))
    present = {stage.key for stage in terms.journey}
    for index, stage in enumerate(terms.journey):
        if carries_department(stage.name):
            yield Fault(f"journey[{index}].name", Said(_DEPARTMENT, name=stage.name))
        for n, old in enumerate(stage.replaces):
            if old in present:
                yield Fault(
                    f"journey[{index}].replaces[{n}]",
                    Said(_("{old} is still a stage"), old=old),
                )


def _criteria(terms: Terms, raw: dict[str, Any]) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, stage in enumerate(terms.journey):
        if stage.criteria is None:
            continue
        path: Place = ["journey", index, "criteria"]
        yield from criterion_faults(raw["journey"][index]["criteria"], path)
        for key in keys(stage.criteria):
            if key in seen:
                yield Fault(
                    dotted(path), Said(_("the criterion {key} is there already"), key=key)
                )
            seen.add(key)


def _handoff(terms: Terms, handoff: Handoff) -> Iterator[tuple[str, str]]:
    stages = {stage.key: stage for stage in terms.journey}
    for part, key in (("from_stage", handoff.from_stage), ("to_stage", handoff.to_stage)):
        if key not in stages:
            yield part, Said(_("there is no stage {key}"), key=key)
    if handoff.from_stage == handoff.to_stage:
        yield "to_stage", Said(_("must be another stage than the one it comes from"))
    if handoff.giver == handoff.receiver:
        yield "receiver", Said(_("must be another team than the giver"))
    target = stages.get(handoff.to_stage)
    if handoff.offer == "automatic" and target is not None and target.criteria is None:
        yield (
            "offer",
            Said(_("cannot be automatic: the stage {key} has no criteria"), key=target.key),
        )
    for n, name in enumerate(handoff.package):
        if field_of(name) is None:
            yield f"package[{n}]", Said(_("there is no field {name}"), name=name)


def _commitment(terms: Terms, owed: Commitment) -> Iterator[tuple[str, str]]:
    kept = owed.measure == "obligation_kept"
    subject, other = ("obligation", "stage") if kept else ("stage", "obligation")
    key = getattr(owed, subject)
    listed = terms.obligations if kept else terms.journey
    if key is None:
        yield subject, Said(_("is needed for {measure}"), measure=owed.measure)
    elif key not in {one.key for one in listed}:
        yield subject, Said(_("there is no {subject} {key}"), subject=subject, key=key)
    if getattr(owed, other) is not None:
        yield other, Said(_("has no meaning for {measure}"), measure=owed.measure)
    if (owed.count is None) == (owed.percent is None):
        yield "count", Said(_("is needed, or a percent, not both"))
    elif owed.percent is not None and not kept:
        yield "percent", Said(_("has no meaning for {measure}"), measure=owed.measure)
    if owed.once_per is not None and owed.measure != "stage_entries":
        yield "once_per", Said(_("has no meaning for {measure}"), measure=owed.measure)


def _benchmarks(terms: Terms) -> Iterator[Fault]:
    order = [stage.key for stage in terms.journey]
    for index, one in enumerate(terms.benchmarks):
        path, known = f"benchmarks[{index}]", True
        for part, key in (("from_stage", one.from_stage), ("to_stage", one.to_stage)):
            if key not in order:
                known = False
                yield Fault(f"{path}.{part}", Said(_("there is no stage {key}"), key=key))
        if known and order.index(one.from_stage) >= order.index(one.to_stage):
            yield Fault(
                f"{path}.to_stage",
                Said(
                    _("{to_stage} must come after {from_stage}"),
                    to_stage=one.to_stage,
                    from_stage=one.from_stage,
                ),
            )


def _return_reasons(terms: Terms) -> Iterator[Fault]:
    criteria_keys = {key for _stage, tree in terms.criteria() for key in keys(tree)}
    cadence = any(owed.kind == "cadence" for owed in terms.obligations)
    for index, reason in enumerate(terms.return_reasons):
        path = f"return_reasons[{index}]"
        if reason.disputes is not None and reason.disputes not in criteria_keys:
            yield Fault(
                f"{path}.disputes",
                Said(_("there is no criterion {disputes}"), disputes=reason.disputes),
            )
        if reason.after_cadence and not cadence:
            yield Fault(f"{path}.after_cadence", Said(_("needs an obligation of kind cadence")))
