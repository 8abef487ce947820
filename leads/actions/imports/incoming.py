"""A record of a file on its way in: who it tells of, and what is said to have happened."""

import re
from datetime import datetime
from typing import Any, NamedTuple

from leads.actions.intake import Arrival, clean
from leads.core.files.cells import Read
from leads.core.files.dates import Moment
from leads.models import Claim

ENTERED = "entered."
CLOSING = {Claim.Kind.WON: "won", Claim.Kind.LOST: "lost"}


class Incoming(NamedTuple):
    """One record: the line it begins on, the person, the claims of history.

    `stages`: when which stage is said to have been entered, in order of time. `stands`: the
    stage where the lead is said to stand now, nobody knows since when. `owner`: who owns it
    in the other system, by address or name.
    """

    line: int
    arrival: Arrival
    stages: tuple[tuple[datetime, str], ...]
    claims: dict[str, Moment]
    stands: str = ""
    owner: str = ""

    @property
    def closed(self) -> tuple[str, datetime] | None:
        """As what and when the lead is said to have been closed."""
        for kind, closed_as in CLOSING.items() if self.claims else ():
            if kind in self.claims:
                return closed_as, self.claims[kind].at
        return None


def incoming(
    read: Read, system: str, stands: str = "", customers: frozenset[str] = frozenset()
) -> Incoming:
    """The record as an arrival of imported history. Its ids are those of `system`; at the
    stages `customers` somebody is a customer."""
    values, moments = read.values, read.moments
    arrived = moments.get("arrived")
    name = values.get("name") or " ".join(
        str(values[part]) for part in ("first_name", "last_name") if part in values
    )
    said: dict[str, Any] = {"source": system}
    said |= {field: values[field] for field in _FIELDS if field in values}
    if "email" in said:
        said["email"] = first_address(str(said["email"]))
    attributes = {
        to.removeprefix("attributes."): value
        for to, value in values.items()
        if to.startswith("attributes.")
    }
    said |= {
        "name": str(name),
        "attributes": attributes,
        "system": system,
        "occurred_at": arrived.at if arrived else None,
        "consent_at": moments["consent_at"].at if "consent_at" in moments else None,
        "imported": True,
    }
    stages = sorted(
        (moment.at, to.removeprefix(ENTERED))
        for to, moment in moments.items()
        if to.startswith(ENTERED)
    )
    stood = stands or next((stage for _, stage in stages[-1:]), "")
    said["customer"] = stood in customers or Claim.Kind.WON in moments
    claims = {kind: moments[kind] for kind in CLAIMS if kind in moments}
    owner = str(values.get("owner", "")).strip().casefold()
    return Incoming(read.line, clean(said), tuple(stages), claims, stands, owner)


def first_address(written: str) -> str:
    """The first of several addresses that share a cell."""
    first = written.split(maxsplit=1)[0] if written.strip() else written
    if "," not in first and ";" not in first:
        return first
    return _SEVERAL.split(written.strip(), maxsplit=1)[0] or written


_SEVERAL = re.compile(r"[,;\s]+")
CLAIMS = tuple(Claim.Kind.values)
_FIELDS = (
    "email", "phone", "job_title", "country", "company_name", "company_domain",
    "company_country", "company_industry", "source", "external_id", "campaign", "segment",
    "score", "company_employees", "consent", "consent_purpose", "consent_source",
)  # fmt: skip
