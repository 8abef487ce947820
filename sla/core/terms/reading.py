"""From a JSON document that has the schema's shape to typed values. Nothing is checked here."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sla.core import durations
from sla.core.criteria import nodes
from sla.core.durations import Duration
from sla.core.facts import MATERIALS
from sla.core.terms.document import Terms
from sla.core.terms.parts import (
    Behind,
    Benchmark,
    Beyond,
    Calendar,
    ClockCalendar,
    Commitment,
    Governance,
    Handoff,
    Hours,
    LadderStep,
    Obligation,
    Pause,
    Person,
    Prose,
    ReturnReason,
    Role,
    Side,
    Stage,
    Target,
    Telling,
    TrustedSource,
)

Raw = Mapping[str, Any]


def read_terms(raw: Raw) -> Terms:
    """Return the document as typed values; optional parts that are absent are empty.

    Calendars and ladders come by key: the order of an object's keys is not in the canonical
    form that is signed (RFC 8785), so no text may depend on it. Databases reorder keys, too.
    """
    return Terms(
        title=raw["title"],
        preamble=raw.get("preamble", ""),
        clauses=tuple(Prose(c["key"], c["heading"], c["text"]) for c in raw.get("clauses", ())),
        calendars={key: _calendar(key, c) for key, c in sorted(raw["calendars"].items())},
        journey=tuple(map(_stage, raw["journey"])),
        handoffs=tuple(map(_handoff, raw["handoffs"])),
        obligations=tuple(map(_obligation, raw["obligations"])),
        ladders={key: tuple(map(_step, one)) for key, one in sorted(raw["ladders"].items())},
        trusted_sources=tuple(map(_trusted_source, raw.get("trusted_sources", ()))),
        commitments=tuple(map(_commitment, raw.get("commitments", ()))),
        benchmarks=tuple(map(_benchmark, raw.get("benchmarks", ()))),
        return_reasons=tuple(map(_return_reason, raw.get("return_reasons", ()))),
        governance=_governance(raw["governance"]),
        raw_calendars=raw["calendars"],
    )


def _duration(text: str | None) -> Duration | None:
    return None if text is None else durations.parse(text)


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _hours(raw: list[list[str]]) -> Hours:
    return tuple((opens, closes) for opens, closes in raw)


def _dated(raw: Mapping[str, list[list[str]]]) -> dict[date, Hours]:
    return {date.fromisoformat(day): _hours(hours) for day, hours in raw.items()}


def _calendar(key: str, raw: Raw) -> Calendar:
    return Calendar(
        key=key,
        name=raw["name"],
        zone=raw["zone"],
        weekly={day: _hours(hours) for day, hours in raw["weekly"].items()},
        closed=tuple(map(date.fromisoformat, raw.get("closed", ()))),
        closed_names={
            date.fromisoformat(day): name for day, name in raw.get("closed_names", {}).items()
        },
        special=_dated(raw.get("special", {})),
        breaks=_dated(raw.get("breaks", {})),
        day=durations.parse(raw["day"]).time,
        valid_through=_date(raw.get("valid_through")),
        tz_version=raw.get("tz_version", ""),
    )


def _stage(raw: Raw) -> Stage:
    tree, contributes = raw.get("criteria"), raw.get("contributes", {})
    return Stage(
        key=raw["key"],
        name=raw["name"],
        legacy=raw.get("legacy"),
        definition=raw.get("definition", ""),
        criteria=None if tree is None else nodes.read(tree),
        marketing=contributes.get("marketing", ""),
        sales=contributes.get("sales", ""),
        acts=raw["acts"],
        replaces=tuple(raw.get("replaces", ())),
    )


def _side(raw: Raw) -> Side:
    return Side(raw["department"], raw.get("team"))


def _handoff(raw: Raw) -> Handoff:
    return Handoff(
        key=raw["key"],
        name=raw["name"],
        from_stage=raw["from_stage"],
        to_stage=raw["to_stage"],
        giver=_side(raw["giver"]),
        receiver=_side(raw["receiver"]),
        offer=raw["offer"],
        package=tuple(raw.get("package", ())),
        expires_after=_duration(raw.get("expires_after")),
    )


def _target(raw: Raw) -> Target:
    beyond = raw.get("beyond")
    return Target(
        segment=raw.get("segment"),
        within=durations.parse(raw["within"]),
        beyond=beyond and Beyond(beyond["weekly"], durations.parse(beyond["within"])),
    )


def _pause(raw: Raw) -> Pause:
    return Pause(raw["reason"], raw["name"], durations.parse(raw["cap"]), raw.get("times", 1))


def _obligation(raw: Raw) -> Obligation:
    asked = raw["kind"] == "contribution"
    return Obligation(
        key=raw["key"],
        kind=raw["kind"],
        handoff=raw.get("handoff"),
        accountable=raw["accountable"],
        name=raw["name"],
        starts=raw["starts"],
        targets=tuple(map(_target, raw["targets"])),
        calendar=ClockCalendar(raw["calendar"].get("fixed"), raw["calendar"].get("team")),
        pauses=tuple(map(_pause, raw.get("pauses", ()))),
        attainment=raw.get("attainment"),
        ladder=raw["ladder"],
        attempts=raw.get("attempts"),
        default=raw.get("default"),
        materials=tuple(raw.get("materials", MATERIALS if asked else ())),
        from_stage=raw.get("from_stage"),
    )


def _telling(raw: Raw) -> Telling:
    return Telling(
        whom=tuple(map(_whom, raw["whom"])),
        channels=tuple(raw["channels"]),
        digest=raw.get("digest") or {},
    )


def _whom(raw: Any) -> Role | Person:
    role: Role | Person = Person(raw["person"]) if isinstance(raw, dict) else raw
    return role


def _step(raw: Raw) -> LadderStep:
    after = _duration(raw.get("after"))
    return LadderStep(raw["key"], raw.get("percent"), after, _telling(raw))


def _trusted_source(raw: Raw) -> TrustedSource:
    return TrustedSource(raw["source"], tuple(raw["kinds"]), durations.parse(raw["max_lag"]))


def _commitment(raw: Raw) -> Commitment:
    behind = raw.get("behind")
    return Commitment(
        key=raw["key"],
        department=raw["department"],
        name=raw["name"],
        measure=raw["measure"],
        stage=raw.get("stage"),
        obligation=raw.get("obligation"),
        period=raw["period"],
        count=raw.get("count"),
        percent=raw.get("percent"),
        once_per=_duration(raw.get("once_per")),
        behind=behind and Behind(behind["below"], _telling(behind)),
    )


def _benchmark(raw: Raw) -> Benchmark:
    return Benchmark(
        key=raw["key"],
        from_stage=raw["from_stage"],
        to_stage=raw["to_stage"],
        within=durations.parse(raw["within"]),
        segment=raw.get("segment"),
        source=raw.get("source"),
        percent=raw["percent"],
        confirmed=raw["confirmed"],
    )


def _return_reason(raw: Raw) -> ReturnReason:
    return ReturnReason(
        key=raw["key"],
        name=raw["name"],
        example=raw.get("example", ""),
        disputes=raw.get("disputes"),
        after_cadence=raw.get("after_cadence", False),
    )


def _governance(raw: Raw) -> Governance:
    signers = {"marketing": "signatory", "sales": "signatory", **raw.get("signed_by", {})}
    return Governance(
        review_on=date.fromisoformat(raw["review_on"]),
        outage_excuses=raw["outage_excuses"],
        review_breaches=raw["review_breaches"],
        cure_period=_duration(raw.get("cure_period")),
        seals=raw["seals"],
        passkey_required=raw.get("passkey_required", False),
        zone=raw.get("zone", "UTC"),
        signed_by=signers,
    )
