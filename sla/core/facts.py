"""What criteria may ask about a lead: the fields, the kinds of touch, and one lead's facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

FieldType = Literal["text", "integer", "boolean", "date"]
Direction = Literal["inbound", "outbound", "two_way"]


@dataclass(frozen=True, slots=True)
class Field:
    """A fact about a lead by its name in the terms, with the words that a sentence uses."""

    name: str
    type: FieldType
    label: str


@dataclass(frozen=True, slots=True)
class TouchKind:
    """A kind of touch. `done` completes the sentence "they …"."""

    key: str
    label: str
    done: str


FIELDS: Mapping[str, Field] = {
    one.name: one
    for one in (
        Field("lead.segment", "text", "the kind of lead"),
        Field("lead.source", "text", "the source"),
        Field("lead.campaign", "text", "the campaign"),
        Field("lead.job_title", "text", "the job title"),
        Field("lead.email", "text", "the mail address"),
        Field("lead.phone", "text", "the phone number"),
        Field("lead.country", "text", "the person’s country"),
        Field("lead.score", "integer", "the score"),
        Field("lead.consent", "boolean", "consent to be contacted"),
        Field("company.name", "text", "the company’s name"),
        Field("company.domain", "text", "the company’s domain"),
        Field("company.country", "text", "the company’s country"),
        Field("company.employees", "integer", "the company’s number of employees"),
        Field("company.industry", "text", "the company’s industry"),
        Field("company.status", "text", "the company’s standing with us"),
    )
}

TOUCH_KINDS: Mapping[str, TouchKind] = {
    key: TouchKind(key, label, done)
    for key, label, done in (
        ("ad", "advertisement", "saw an advertisement"),
        ("page", "page read", "read a page"),
        ("content", "content", "read a piece of content"),
        ("webinar", "webinar", "attended a webinar"),
        ("event", "event", "came to an event"),
        ("mail", "mail", "exchanged a mail"),
        ("personal_mail", "personal mail", "exchanged a personal mail"),
        ("call", "call", "had a call"),
        ("voicemail", "voicemail", "had a voicemail"),
        ("meeting", "meeting", "had a meeting"),
        ("case_study", "case study", "got a case study"),
        ("comparison", "comparison", "got a comparison"),
        ("reference", "customer reference", "had a customer reference"),
        ("chat", "chat", "had a chat"),
        ("form", "form", "filled in a form"),
        ("demo_request", "demo request", "asked for a demo"),
        ("trial", "trial", "started a trial"),
        ("note", "note", "had a note written"),
    )
}

ATTEMPTS = frozenset({"call", "voicemail", "personal_mail"})
"""Kinds that are an attempt when outbound or two-way; a booked meeting always is one."""

CONTACTS = frozenset({"call", "personal_mail", "meeting", "chat", "event", "reference"})
"""Kinds in which two people may speak with each other."""

MATERIALS = ("case_study", "comparison", "reference")
"""What Sales may ask of Marketing late in the journey; each is a kind of touch."""


def is_attempt(kind: str, direction: str) -> bool:
    """Whether a person tried to reach the lead. Automatic replies are kind `mail`: never."""
    return kind == "meeting" or (kind in ATTEMPTS and direction != "inbound")


def is_contact(kind: str, direction: str) -> bool:
    """Whether both sides spoke."""
    return kind in CONTACTS and direction == "two_way"


def field_of(name: str, attribute_type: FieldType | None = None) -> Field | None:
    """Return the field called `name`; None if there is none.

    `attributes.KEY` has the type that the criterion gives it.
    """
    if name.startswith("attributes."):
        label = name.removeprefix("attributes.").replace("_", " ")
        return Field(name, attribute_type or "text", f"“{label}”")
    return FIELDS.get(name)


@dataclass(frozen=True, slots=True)
class Value:
    """What is known, who set it (a person, a form, a system) and when."""

    value: str | int | bool | None
    set_by: str = ""
    set_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """Something that happened between a department and the lead, at its counted instant."""

    kind: str
    department: str
    direction: str
    at: datetime
    set_by: str = ""


@dataclass(frozen=True)
class Facts:
    """All that is known of one lead. Fields by name; `attested` by the fact's key.

    A text that is empty, a value of another type than its field's, and a field that is
    not there at all are one thing: missing.
    """

    fields: Mapping[str, Value] = field(default_factory=dict)
    touches: tuple[Touch, ...] = ()
    attested: Mapping[str, Value] = field(default_factory=dict)
