"""What criteria may ask about a lead: the fields, the kinds of touch, and one lead's facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sla.core.saying import gettext_noop as _

FieldType = Literal["text", "integer", "boolean", "date"]
Direction = Literal["inbound", "outbound", "two_way"]


@dataclass(frozen=True, slots=True)
class Field:
    """A fact about a lead by its name in the terms, with the words that a sentence uses.

    Words that people chose, those of an attribute, are in no catalogue.
    """

    name: str
    type: FieldType
    label: str


@dataclass(frozen=True, slots=True)
class TouchKind:
    """A kind of touch. `done` completes the sentence "they …"."""

    key: str
    label: str
    done: str


_ARTICLES = ("the ", "der ", "die ", "das ")  # of the languages that the portal speaks


def bare(label: str) -> str:
    """The words of a field without their article, as a form says them: "job title"."""
    return next((label.removeprefix(one) for one in _ARTICLES if label.startswith(one)), label)


FIELDS: Mapping[str, Field] = {
    one.name: one
    for one in (
        Field("lead.segment", "text", _("the kind of lead")),
        Field("lead.source", "text", _("the source")),
        Field("lead.campaign", "text", _("the campaign")),
        Field("lead.job_title", "text", _("the job title")),
        Field("lead.email", "text", _("the mail address")),
        Field("lead.phone", "text", _("the phone number")),
        Field("lead.country", "text", _("the person’s country")),
        Field("lead.score", "integer", _("the score")),
        Field("lead.consent", "boolean", _("consent to be contacted")),
        Field("company.name", "text", _("the company’s name")),
        Field("company.domain", "text", _("the company’s domain")),
        Field("company.country", "text", _("the company’s country")),
        Field("company.employees", "integer", _("the company’s number of employees")),
        Field("company.industry", "text", _("the company’s industry")),
        Field("company.status", "text", _("the company’s standing with us")),
    )
}

TOUCH_KINDS: Mapping[str, TouchKind] = {
    key: TouchKind(key, label, done)
    for key, label, done in (
        ("ad", _("advertisement"), _("saw an advertisement")),
        ("page", _("page read"), _("read a page")),
        ("content", _("content"), _("read a piece of content")),
        ("webinar", _("webinar"), _("attended a webinar")),
        ("event", _("event"), _("came to an event")),
        ("mail", _("mail"), _("exchanged a mail")),
        (
            "personal_mail",
            _("personal mail"),
            _("exchanged a personal mail"),
        ),
        ("call", _("call"), _("had a call")),
        ("voicemail", _("voicemail"), _("had a voicemail")),
        ("meeting", _("meeting"), _("had a meeting")),
        ("case_study", _("case study"), _("got a case study")),
        ("comparison", _("comparison"), _("got a comparison")),
        (
            "reference",
            _("customer reference"),
            _("had a customer reference"),
        ),
        ("chat", _("chat"), _("had a chat")),
        ("form", _("form"), _("filled in a form")),
        ("demo_request", _("demo request"), _("asked for a demo")),
        ("trial", _("trial"), _("started a trial")),
        ("note", _("note"), _("had a note written")),
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
