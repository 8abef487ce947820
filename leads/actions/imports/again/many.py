"""Records about leads that are known by their ids, many at once: what one by one would say
of them, with one reading of the leads and one statement for each kind of row.

Only where each record is about a lead of its own, and tells nothing but fields, attributes
and claims. What touches a company, an address, a stage or consent is taken one by one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leads.actions.handing.transitions import lock_leads
from leads.actions.imports import history, writing
from leads.actions.imports.again.meeting import claims_of, id_of, leads_of, stages_of
from leads.actions.imports.again.single import Again, too_early
from leads.actions.imports.files.memory import as_it_stands, newest_entries
from leads.actions.imports.incoming import Incoming
from leads.actions.imports.source import Source
from leads.actions.intake import companies, people
from leads.core.files.dates import Moment
from leads.models import Claim, ImportRun, Lead
from portal import bulk, ledger
from portal.accounts.models import User
from portal.ledger import Draft

_IDS = 500  # in one query; SQLite takes 999 variables
_CHANGED = (*people.FIELDS, "phone_key", "attributes", "provenance", "closed_at", "closed_as")
_CLAIM = ("lead_id", "run_id", "kind", "at")


@dataclass(slots=True)
class _Told:
    """One record, its locked lead, and what it changed there."""

    one: Incoming
    lead: Lead
    before: dict[str, Any]
    changed: list[str] = field(default_factory=list)
    claims: dict[str, Moment] = field(default_factory=dict)
    closed: bool = False

    @property
    def is_news(self) -> bool:
        return bool(self.changed or self.claims or self.closed)


class Many:
    """Takes the plain ones among the records of one chunk: an inner step."""

    def __init__(
        self, run: ImportRun, source: Source, *, at: datetime, by: User | None
    ) -> None:
        self.run, self.source, self.at, self.by = run, source, at, by

    def take(self, left: list[Incoming], others: list[Incoming]) -> dict[int, Again]:
        """What became of those of `left` that could be taken together, by line; `others`
        are all records of the chunk about somebody who is known."""
        found = _alone(left, others)
        locked: dict[int, Lead] = {}
        pks = sorted(found.values())
        for start in range(0, len(pks), _IDS):
            locked |= lock_leads(pks[start : start + _IDS])
        told = [
            self._told(one, locked[pk], entry)
            for one, pk, entry in self._with_entries(left, found)
            if self._is_plain(one, locked[pk])
        ]
        self._take_over(told)
        self._write([one for one in told if one.is_news])
        return {
            one.one.line: Again("updated" if one.is_news else "duplicate", one.lead.pk)
            ._replace(before=one.before if one.is_news else None)
            for one in told
        }  # fmt: skip

    def _with_entries(
        self, left: list[Incoming], found: dict[int, int]
    ) -> Iterator[tuple[Incoming, int, int]]:
        pks, newest = list(found.values()), dict[int, int]()
        for start in range(0, len(pks), _IDS):
            newest |= newest_entries(pks[start : start + _IDS])
        for one in left:
            if (pk := found.get(one.line)) is not None:
                yield one, pk, newest.get(pk, 0)

    def _is_plain(self, one: Incoming, lead: Lead) -> bool:
        """Whether it tells nothing that reaches beyond the lead's own row and its claims."""
        said = one.arrival
        if lead.merged_into_id is not None or lead.is_erased or said.consent is not None:
            return False
        if lead.company is None:
            of_company = bool(said.company_domain or said.company_name)
        else:
            of_company = bool(companies.news(lead.company, said))
        other_address = "email" in people.news(lead, said, overwrite=True)
        if of_company or other_address or history.moves(lead, one):
            return False
        return too_early(one, lead, self.source) is None

    def _told(self, one: Incoming, lead: Lead, entry: int) -> _Told:
        return _Told(one, lead, as_it_stands(lead, entry))

    def _take_over(self, told: list[_Told]) -> None:
        known = claims_of([one.lead.pk for one in told])
        for one in told:
            one.changed = people.take_plain(one.lead, one.one.arrival, self.at)
            new = one.one.claims.items()
            one.claims = {kind: at for kind, at in new if kind not in known[one.lead.pk]}
            closes = self.source.mapping.closes and one.one.closed is not None
            if closes and one.lead.closed_at is None:
                history.close(one.lead, one.one)
                one.closed = True

    def _write(self, told: list[_Told]) -> None:
        leads = [one.lead for one in told if one.changed or one.closed]
        bulk.update(Lead, _CHANGED, [(*_values(lead), lead.pk) for lead in leads])
        writing.remember(leads, "~", at=self.at, by=self.by)
        rows = (
            (one.lead.pk, self.run.pk, kind, moment.at)
            for one in told
            for kind, moment in one.claims.items()
        )
        writing.insert_values(Claim, _CLAIM, rows)
        ledger.append_many(entry for one in told for entry in self._entries(one))

    def _entries(self, told: _Told) -> Iterator[Draft]:
        if told.changed:
            said = people.updated(told.lead, told.one.arrival, told.changed)
            yield ledger.draft("lead_updated", **said, at=self.at, by=self.by)
        if told.claims or told.closed:
            said = history.claimed(told.lead, told.one)
            yield ledger.draft("imported", **said, at=self.at, by=self.by)


def _alone(left: list[Incoming], others: list[Incoming]) -> dict[int, int]:
    """From the line of a record to its lead, where nothing else of the chunk is about the
    same person, by whatever name."""
    leads, ids = leads_of(others), Counter(id_of(one) for one in others)
    addresses = Counter(one.arrival.email_key for one in others)
    persons = Counter(lead.pk for lead in leads.values())
    stages = stages_of([lead.pk for lead in leads.values()])
    found = {}
    for one in left:
        lead = leads.get(id_of(one))
        if lead is None or ids[id_of(one)] > 1 or persons[lead.pk] > 1:
            continue
        mine = {one.arrival.email_key, lead.email_key} - {""}
        own = 1 if one.arrival.email_key else 0
        shared = sum(addresses[key] for key in mine) > own
        if not shared and set(one.stages) <= stages[lead.pk]:
            found[one.line] = lead.pk
    return found


def _values(lead: Lead) -> Iterable[Any]:
    return (writing.stored(Lead, name, getattr(lead, name)) for name in _CHANGED)
