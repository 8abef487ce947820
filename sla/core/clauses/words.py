"""The words that the clauses share: parties, people, channels, kinds of lead, dates."""

import re
from collections.abc import Mapping
from datetime import date

from sla.core.criteria.sentences import listed, quoted
from sla.core.durations import Duration, in_words
from sla.core.facts import field_of
from sla.core.terms.document import Terms
from sla.core.terms.parts import Party, Person, Role, Side, Telling

ROLES = {
    "acting_owner": "the acting owner",
    "other_owner": "the other owner",
    "manager": "the manager",
    "steward": "the steward",
    "heads": "both heads",
}
CHANNELS = {
    "in_app": "in the portal",
    "mail": "by mail",
    "slack": "on Slack",
    "teams": "on Teams",
    "webhook": "by webhook",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WORD = re.compile("[a-z0-9]+(_[a-z0-9]+)*")


def name(key: str) -> str:
    """A key as people say it: both_sides is "both sides"."""
    return key.replace("_", " ").replace("-", " ")


def party(who: Party) -> str:
    return "Marketing and Sales" if who == "both" else who.capitalize()


def side(one: Side) -> str:
    """A department, with its team where one is named: Sales (inside sales)."""
    department = party(one.department)
    return department if one.team is None else f"{department} ({name(one.team)})"


def stage(terms: Terms, key: str) -> str:
    """The name of a stage; its key where a draft names a stage that is not there."""
    return next((one.name for one in terms.journey if one.key == key), key)


def at_stage(name: str) -> str:
    """To complete "a person is …": comparing; at the stage “customer”."""
    return name if name.split()[0].endswith("ing") else f"at the stage “{name}”"


def to_stage(name: str) -> str:
    """To complete "a person reaches …": comparing; the stage “customer”."""
    return name if name.split()[0].endswith("ing") else f"the stage “{name}”"


def working(duration: Duration) -> str:
    """A length of working time that says what it is: 4 hours of working time."""
    said = in_words(duration)
    return f"{said} of working time" if duration.time else said


def kind_of_lead(segment: str) -> str:
    """demo_request as demo request; what is not written as a key, in quotation marks."""
    return segment.replace("_", " ") if _WORD.fullmatch(segment) else f"“{segment}”"


def field(name: str) -> str:
    known = field_of(name)
    return known.label if known else f"“{name}”"


def elapsed(duration: Duration) -> str:
    return in_words(duration, of_work=False)


def percent(share: int) -> str:
    return f"{share}\u00a0%"


def key(one: str) -> str:
    """A key as it is read: `call_back` is “call back”; no two keys are read alike."""
    return one.replace("_", " ")


def day(one: date, *, year: bool = True) -> str:
    said = f"{one.day}\u00a0{_MONTHS[one.month - 1]}"
    return f"{said}\u00a0{one.year}" if year else said


def told(telling: Telling) -> str:
    """Who is told and how: "the manager (gathered hourly) is told by mail"."""
    who = listed([_person(one, telling.digest) for one in telling.whom], "and")
    several = len(telling.whom) > 1 or telling.whom == ("heads",)
    how = listed([CHANNELS[channel] for channel in telling.channels], "and")
    return f"{who} {'are' if several else 'is'} told {how}"


def _person(one: Role | Person, digest: Mapping[Role, str]) -> str:
    if isinstance(one, Person):
        return one.person
    said = ROLES[one]
    return f"{said} (gathered {digest[one]})" if one in digest else said


def sentence(text: str) -> str:
    """The text with a capital at its beginning and a full stop at its end."""
    return f"{text[:1].upper()}{text[1:]}."


__all__ = [
    "at_stage",
    "day",
    "elapsed",
    "field",
    "in_words",
    "kind_of_lead",
    "listed",
    "party",
    "percent",
    "quoted",
    "sentence",
    "side",
    "stage",
    "to_stage",
    "told",
    "working",
]
