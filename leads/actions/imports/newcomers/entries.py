"""What the ledger says of new leads of a file: of each its arrival, agreement, seats, stages
and claims in a single entry, since all of it is of one instant.

The same as `people.arrived` says of one lead, with the rest beside it; written part by part,
as most parts are alike with many leads, and each is spelt out once.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leads.models import ImportRun
from portal import ledger
from portal.accounts.models import User
from portal.ledger.chain import Canonical, alike, canonical, form, text

if TYPE_CHECKING:
    from leads.actions.imports.bulk import Newcomer

# From what stands in an entry to the lead's column.
_COLUMNS = {name: name for name in ("campaign", "closed_as", "imported", "segment", "source")}
_COLUMNS |= {"agreement": "agreement_id", "previous": "previous_id"}
_CLEAR = form(*_COLUMNS, "claims", "run", "seats", "stages")
_PERSON = form("attributes", "company", "email", "name", "phone")


_ARRIVED = ledger.Kind.LEAD_ARRIVED.value


class _Spelt(dict[tuple[Any, ...], Canonical]):
    """The canonical text of what is asked for, made once."""

    def __missing__(self, value: tuple[Any, ...]) -> Canonical:
        self[value] = said = Canonical(canonical(value))
        return said


def drafts(
    made: Iterable["Newcomer"], run: ImportRun, *, at: datetime, by: User | None
) -> Iterator[ledger.Draft]:
    """The entry of each new lead, which has its key, in their order."""
    spelt = _Spelt()
    for one in made:
        pk = one.lead.pk
        yield ledger.Draft(
            kind=_ARRIVED,
            at=at,
            subject=("lead", pk),
            lead=pk,
            actor=by.pk if by else None,
            department="",
            team="",
            clear=_clear(one, run.pk, spelt),
            committed={
                "person": _person(one),
                "why": spelt[(one.why, *[tuple(seat.why) for seat in one.seats])],
            },
        )


def _clear(one: "Newcomer", run: int, spelt: _Spelt) -> Canonical:
    row = vars(one.lead)
    texts = {name: alike(row[column]) for name, column in _COLUMNS.items()}
    texts["run"] = alike(run)
    texts["claims"] = spelt[tuple([(kind, said.at) for kind, said in one.told.claims.items()])]
    texts["seats"] = spelt[tuple([(t.department_id, t.key, who) for t, who, _ in one.seats])]
    texts["stages"] = spelt[tuple([(new.stage, new.entered_at) for new in one.entries])]
    return _CLEAR(texts)


def _person(one: "Newcomer") -> Canonical:
    row, company = vars(one.lead), one.lead.company
    texts = {name: text(row[name]) for name in ("email", "name", "phone")}
    texts["attributes"] = canonical(row["attributes"])
    texts["company"] = alike(company.name if company is not None else "")
    return _PERSON(texts)
