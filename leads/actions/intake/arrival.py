"""What comes in about a person, from any door, made clean before anything looks at it."""

import re
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from leads.core import identity, text

Scalar = str | int | bool
ATTRIBUTE = 500  # characters of a text
GREATEST = 2**53 - 1  # beyond it JSON readers disagree about integers
MOST_EMPLOYEES = 2_147_483_647

_KEY = re.compile("[a-z][a-z0-9_]{0,59}")
LENGTHS = {
    "name": 200,
    "email": 254,
    "phone": 40,
    "job_title": 200,
    "country": 80,
    "company_name": 200,
    "company_country": 80,
    "company_industry": 120,
    "source": 80,
    "system": 80,
    "campaign": 200,
    "segment": 80,
    "set_by": 80,
    "consent_purpose": 60,
    "consent_source": 80,
}


class Arrival(NamedTuple):
    """A person as a form, a system or a file tells of them; empty is not known.

    `system` names whose id `external_id` is, and `set_by` who vouches for the values; both
    are by default the source. `touch` is the kind of touch by which the person came
    ("form", "demo_request"), if it was one. `occurred_at` is the source's own time: kept as
    a claim. `imported` marks history: nobody is told. `customer`: the company is said to be a
    customer by now. `consent` is said for `consent_purpose`
    (else to be contacted) at `consent_at`, through `consent_source` (else `set_by`).
    `mailbox` is the key of `email` in what is clean; it is nobody's to say.
    """

    name: str = ""
    email: str = ""
    phone: str = ""
    job_title: str = ""
    country: str = ""
    company_name: str = ""
    company_domain: str = ""
    company_country: str = ""
    company_employees: int | None = None
    company_industry: str = ""
    source: str = ""
    system: str = ""
    external_id: str = ""
    campaign: str = ""
    segment: str = ""
    consent: bool | None = None
    consent_purpose: str = ""
    consent_source: str = ""
    consent_at: datetime | None = None
    score: int | None = None
    attributes: Mapping[str, Scalar | None] = MappingProxyType({})
    touch: str = ""
    set_by: str = ""
    occurred_at: datetime | None = None
    imported: bool = False
    customer: bool = False
    mailbox: str = ""

    @property
    def email_key(self) -> str:
        return self.mailbox or identity.mail(self.email).key

    @property
    def phone_key(self) -> str:
        """The number in E.164: two leads of one number are suspected, never merged."""
        return identity.phone(self.phone, self.country or self.company_country)

    @property
    def has_a_name(self) -> bool:
        """Whether anything says who this is."""
        return bool(self.name or self.email or self.external_id or self.phone)


def cleaned(arrival: Arrival) -> Arrival:
    """`arrival` as it may be stored and compared exactly. Cleaning again changes nothing."""
    return clean(arrival._asdict())


def clean(said: Mapping[str, Any]) -> Arrival:
    """`cleaned` of an arrival that has these values, and none for the other fields."""
    kept = dict(said)
    for name, length in LENGTHS.items():
        if written := kept.get(name):
            kept[name] = text.line(written, length)
    mail = identity.mail(kept.get("email", ""))
    host = identity.company_domain(identity.domain(kept.get("company_domain", "")))
    kept["company_domain"] = host or identity.company_domain(mail.domain)
    kept["email"], kept["mailbox"] = mail
    kept["system"] = kept.get("system") or kept.get("source", "")
    kept["set_by"] = kept.get("set_by") or kept["system"] or "portal"
    kept["external_id"] = identity.external_id(kept["system"], kept.get("external_id", ""))
    employees, score = kept.get("company_employees"), kept.get("score")
    kept["company_employees"] = _between(employees, 0, MOST_EMPLOYEES)
    kept["score"] = _between(score, -MOST_EMPLOYEES, MOST_EMPLOYEES)
    kept["attributes"] = dict(_attributes(kept.get("attributes", {})))
    return Arrival(**kept)


def attribute_key(written: str) -> str:
    """The key of an attribute for a column or field called `written`.

    >>> attribute_key("What is your current occupation")
    'what_is_your_current_occupation'
    """
    plain = re.sub(r"[^a-z0-9]+", "_", text.line(written).lower()).strip("_")
    return plain[:60].strip("_") if plain[:1].isalpha() else f"a_{plain}"[:60].strip("_")


def _attributes(written: Mapping[str, Scalar | None]) -> list[tuple[str, Scalar]]:
    """Known attributes under proper keys: texts as clean lines, numbers of 53 bits."""
    known = []
    for key, value in written.items():
        kept = text.line(value, ATTRIBUTE) if isinstance(value, str) else value
        if kept is None or kept == "":
            continue
        if isinstance(kept, int) and abs(kept) > GREATEST:
            kept = str(kept)[:ATTRIBUTE]
        known.append((key if _KEY.fullmatch(key) else attribute_key(key), kept))
    return known


def _between(number: int | None, least: int, most: int) -> int | None:
    return number if number is not None and least <= number <= most else None
