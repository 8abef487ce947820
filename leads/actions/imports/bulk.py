"""Many people whom nobody knows yet, taken in at once: the same rows as one by one,
written a thousand at a time, with one entry of the ledger for each lead."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from leads.actions.imports import history, writing
from leads.actions.imports.employers import employers_of
from leads.actions.imports.files.owners import Owners
from leads.actions.imports.history import Entered
from leads.actions.imports.incoming import Incoming
from leads.actions.imports.newcomers import entries
from leads.actions.imports.newcomers.rotation import Rotation, Turned
from leads.actions.imports.writing import Row
from leads.actions.intake import known, people
from leads.actions.journeys import agreements
from leads.actions.owning import routing
from leads.models import (
    Assignment,
    Claim,
    Consent,
    ImportRun,
    Lead,
    LeadSource,
    StageEntry,
    Turn,
)
from portal import ledger
from portal.accounts.models import Team, User
from sla.models import Agreement, Version


class Seat(NamedTuple):
    """A department's seat on a new lead; nobody's is the pool's."""

    team: Team
    member_id: int | None
    why: list[str]


@dataclass(slots=True)
class Newcomer:
    """All that one new lead comes with, before any of it is written."""

    told: Incoming
    lead: Lead
    why: str
    seats: list[Seat] = field(default_factory=list)
    entries: list[Entered] = field(default_factory=list)

    @property
    def back(self) -> str:
        """Why it stays back when the others go live, if so."""
        return known.stays_back(self.lead)


class Newcomers:
    """Takes in the new people of one chunk, in the order of the file, in one transaction."""

    def __init__(self, run: ImportRun, *, at: datetime, by: User | None, closes: bool) -> None:
        self.run, self.at, self.by, self.closes = run, at, by, closes
        self.agreements = list(Agreement.objects.in_order())
        self.versions: dict[int | None, Version | None] = {}
        self.sales: dict[int | None, tuple[Team, str]] = {}
        self.marketing: list[Team] = []
        self.rotations: dict[int, Rotation] = {}
        self.owners = Owners()
        self.first: dict[int | None, str | None] = {}
        self.whys: dict[tuple[str, ...], list[str]] = {}

    def take(self, arriving: list[Incoming]) -> list[Newcomer]:
        """Write them all: leads, ids, seats, turns, stages, claims, and the ledger.

        Raises NoTeam if a department has no team.
        """
        if not arriving:
            return []
        self.marketing = routing.teams_of("marketing")
        routing.lock_teams(self.marketing)
        employers = employers_of([one.arrival for one in arriving], at=self.at, by=self.by)
        shared: dict[people.Shape, Any] = {}
        leads = [
            people.build(one.arrival, employer, self.at, shared=shared)
            for one, employer in zip(arriving, employers, strict=True)
        ]
        writing.number(leads)
        made = [self._made(one, lead) for one, lead in zip(arriving, leads, strict=True)]
        self._write(made)
        ledger.append_many(entries.drafts(made, self.run, at=self.at, by=self.by))
        return made

    def _made(self, told: Incoming, lead: Lead) -> Newcomer:
        lead.agreement, why = agreements.governing(lead, self.at, self.agreements)
        refused = known.refusal(lead)
        if refused is not None:
            lead.closed_at, lead.closed_as = self.at, Lead.Closed.AT_INTAKE
            lead.closed_reason = refused.reason
        elif self.closes:
            history.close(lead, told)
        one = Newcomer(told, lead, why)
        if lead.closed_at is None:
            one.seats = [self._marketing_seat(lead, told), self._sales_seat(lead, told)]
        one.entries = history.entries(told, self.at) or self._first_stage(lead)
        lead.stage = one.entries[-1].stage if one.entries else ""
        return one

    def _marketing_seat(self, lead: Lead, told: Incoming) -> Seat:
        owned = self.owners.seat("marketing", told.owner)
        if owned is not None:
            return Seat(*owned)
        team = routing.fitting(self.marketing, lead)
        if self.owners.is_strange(told.owner):
            return Seat(team, *self.owners.steward(team, told.owner))
        if team.pk not in self.rotations:
            self.rotations[team.pk] = Rotation(team, self._version(lead), self.at)
        choice = self.rotations[team.pk].next(lead)
        return Seat(team, choice.member_id, self._why(*choice.lines))

    def _sales_seat(self, lead: Lead, told: Incoming) -> Seat:
        owned = self.owners.seat("sales", told.owner)
        if owned is not None:
            return Seat(*owned)
        if lead.agreement_id not in self.sales:
            self.sales[lead.agreement_id] = routing.sales_team(lead, self.at)
        team, why = self.sales[lead.agreement_id]
        return Seat(team, None, self._why(why))

    def _why(self, *lines: str) -> list[str]:
        """Reasons, which turns repeat from lead to lead: the same list for the same lines."""
        return self.whys.setdefault(lines, list(lines))

    def _first_stage(self, lead: Lead) -> list[Entered]:
        if lead.closed_at is not None:
            return []
        if lead.agreement_id not in self.first:
            version = self._version(lead)
            found = history.first_stage(version) if version is not None else None
            self.first[lead.agreement_id] = found
        stage = self.first[lead.agreement_id]
        return [history.first_entry(lead, stage, self.at)] if stage is not None else []

    def _version(self, lead: Lead) -> Version | None:
        if lead.agreement_id not in self.versions:
            self.versions[lead.agreement_id] = routing.version_for(lead, self.at)
        return self.versions[lead.agreement_id]

    def _write(self, made: list[Newcomer]) -> None:
        leads = [one.lead for one in made]
        writing.insert(leads)
        writing.remember(leads, "+", at=self.at, by=self.by)
        writing.insert_values(
            LeadSource, _SOURCE, (self._source(one) for one in made if _id(one))
        )
        writing.insert_values(
            Assignment, _SEAT, (row for one in made for row in self._seats(one))
        )
        turns = (turn for one in self.rotations.values() for turn in one.spent)
        writing.insert_values(Turn, Turned._fields, turns)
        entries = (row for one in made for row in self._stages(one))
        writing.insert_values(StageEntry, _STAGE, entries)
        writing.insert_values(
            Consent, _CONSENT, (self._consent(one) for one in made if _consents(one))
        )
        writing.insert_values(Claim, _CLAIM, (row for one in made for row in self._claims(one)))

    def _source(self, one: Newcomer) -> Row:
        return one.lead.pk, one.told.arrival.system, _id(one), self.at

    def _consent(self, one: Newcomer) -> Row:
        told = one.told.arrival
        return (
            one.lead.pk, told.consent_purpose or Consent.CONTACT, told.consent,
            told.consent_source or told.set_by, told.consent_at or told.occurred_at or self.at,
            self.at, self.by.pk if self.by else None, "",
        )  # fmt: skip

    def _seats(self, one: Newcomer) -> Iterator[Row]:
        for team, member_id, why in one.seats:
            yield one.lead.pk, team.department_id, team.pk, member_id, self.at, why

    def _stages(self, one: Newcomer) -> Iterator[Row]:
        by = self.by.pk if self.by else None
        for entry in one.entries:
            yield one.lead.pk, *entry, by, True, "", _NO_EVIDENCE

    def _claims(self, one: Newcomer) -> Iterator[Row]:
        for kind, moment in one.told.claims.items():
            yield one.lead.pk, self.run.pk, kind, moment.at


def _id(one: Newcomer) -> str:
    return one.told.arrival.external_id


def _consents(one: Newcomer) -> bool:
    return one.told.arrival.consent is not None


_NO_EVIDENCE: list[Any] = []  # no version judged what a file tells
# The columns of each kind of row above, in its order.
_SOURCE = ("lead_id", "source", "external_id", "seen_at")
_CONSENT = ("lead_id", "purpose", "given", "source", "said_at", "recorded_at", "by_id", "note")
_SEAT = ("lead_id", "department_id", "team_id", "member_id", "since", "why")
_STAGE = ("lead_id", *Entered._fields, "by_id", "imported", "waiver_reason", "evidence")
_CLAIM = ("lead_id", "run_id", "kind", "at")
