"""What the columns of a file most likely mean: by the exports of common systems, then by
their names. A person looks at it and changes it."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from leads.core.files.records import header_name

_ENOUGH = 3  # columns of a preset that a header must have
_NAMES = {
    "external_id": "id|record id|lead id|contact id|prospect id|external id|uuid|mql id"
    "|lead number",
    "name": "name|full name|lead name|contact|contact name|contact person|kontakt",
    "first_name": "first name|firstname|given name|vorname|forename",
    "last_name": "last name|lastname|surname|family name|nachname",
    "email": "email|e mail|email address|mail|business email|work email",
    "phone": "phone|phone number|telephone|tel|telefon|mobile|mobile phone",
    "job_title": "job title|title|position|role|jobtitle",
    "country": "country|country region|land",
    "company_name": "company|company name|organization|organisation|account|account name|firma",
    "company_domain": "website|domain|company domain|company website|url",
    "company_employees": "employees|number of employees|company size|staff|headcount",
    "company_industry": "industry|branch|branche|business segment",
    "source": "source|lead source|original source",
    "segment": "segment|lead origin|origin|lead type",
    "campaign": "campaign|utm campaign|landing page|landing page id",
    "score": "score|lead score|hubspot score",
    "consent": "consent|opt in|newsletter",
    "owner": "owner|lead owner|contact owner|account owner|owner email|assigned to|sales rep",
    "stage": "stage|lifecycle stage|lead stage|lifecyclestage",
    "arrived": "created|create date|created date|created at|creation date|first contact date"
    "|date created|received|lead date|first seen|seen|erstellt am",
    "won": "won|won date|won time|close won date",
    "lost": "lost|lost date|lost time",
}  # fmt: skip
_BY_NAME = {name: to for to, names in _NAMES.items() for name in names.split("|")}
_MOMENTS = ("arrived", "won", "lost")


@dataclass(frozen=True)
class Suggestion:
    """What a column may mean: `to` as a mapping writes it ("" is nothing), and because of
    what (a preset's name, or "" for the column's own)."""

    to: str
    because: str = ""


@cache
def presets() -> Mapping[str, Any]:
    """The exports that are known: {"hubspot": {"name", "source", "columns", "stages"}}."""
    text = resources.files(__package__).joinpath("presets.json").read_text(encoding="utf-8")
    known: dict[str, Any] = json.loads(text)
    return known


def preset_of(header: Sequence[str]) -> str:
    """The key of the export that the header most looks like; "" for none."""
    names = {header_name(name) for name in header}

    def alike(key: str) -> int:
        columns = {**presets()[key]["columns"], **presets()[key]["stages"]}
        return sum(header_name(column) in names for column in columns)

    best = max(presets(), key=alike)
    return best if alike(best) >= _ENOUGH else ""


def suggest(
    columns: Sequence[Mapping[str, Any]], preset: str, stages: Mapping[str, str]
) -> list[Suggestion]:
    """A meaning for each column, as `columns.looked_at` tells of them; none is given twice.

    `stages`: from old and new words, in lower case, to the keys of stages.
    """
    taken: set[str] = set()
    found = []
    for column in columns:
        one = _by_preset(column, preset, stages) or _by_name(column)
        fits = column["type"] == "date" or not _is_moment(one.to) or not column["filled"]
        if one.to in taken or not fits:
            one = Suggestion("")
        taken.add(one.to)
        found.append(one)
    return found


def _by_preset(
    column: Mapping[str, Any], preset: str, stages: Mapping[str, str]
) -> Suggestion | None:
    if preset not in presets():
        return None
    known, name = presets()[preset], header_name(column["name"])
    for written, to in known["columns"].items():
        if header_name(written) == name:
            return Suggestion(to, known["name"])
    for written, word in known["stages"].items():
        if header_name(written) == name and word.casefold() in stages:
            return Suggestion(f"entered.{stages[word.casefold()]}", known["name"])
    return None


def _by_name(column: Mapping[str, Any]) -> Suggestion:
    plain = re.sub(r"[^a-z0-9]+", " ", header_name(column["name"])).strip()
    return Suggestion(_BY_NAME.get(plain, ""))


def _is_moment(to: str) -> bool:
    return to in _MOMENTS or to.startswith("entered.")
