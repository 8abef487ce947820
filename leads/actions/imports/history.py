"""History that a file tells of a lead: kept as claims, marked imported; no clock runs."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple

from leads.actions.imports.incoming import Incoming
from leads.actions.journeys import stages
from leads.actions.owning import routing
from leads.actions.saving import save
from leads.models import Claim, ImportRun, Lead, StageEntry
from portal import ledger
from portal.accounts.models import User
from sla.models import Version


def add(
    lead: Lead, one: Incoming, *, run: ImportRun, at: datetime, by: User | None, closes: bool
) -> bool:
    """Add what `one` claims to a saved lead; False if all was known: an inner step."""
    told = len([*_stages(lead, one, at, by), *_claims(lead, one, run)])
    told += _stand(lead, one, at, by)
    if closes and one.closed is not None and lead.closed_at is None:
        close(lead, one)
        save(lead, "closed_at", "closed_as", at=at, by=by)
        told += 1
    if not told:
        return False
    ledger.append("imported", **claimed(lead, one), at=at, by=by)
    return True


def begin(lead: Lead, at: datetime, by: User | None) -> None:
    """Let an imported lead that is nowhere stand at the first stage since it arrived."""
    version = routing.version_for(lead, at)
    if version is None or lead.stage or lead.closed_at is not None:
        return
    first = first_entry(lead, first_stage(version), at)
    stages.enter(
        lead, first.stage, at=first.entered_at, by=by, version=None, imported=True,
        recorded_at=at,
    )  # fmt: skip


def close(lead: Lead, one: Incoming) -> None:
    """Close the lead as it is said to have been; the caller saves it."""
    if one.closed is not None:
        lead.closed_as, lead.closed_at = one.closed


def claimed(lead: Lead, one: Incoming) -> dict[str, Any]:
    """What the ledger says of a lead's imported history."""
    return {
        "subject": ("lead", lead.pk),
        "clear": {
            "claims": {kind: moment.at for kind, moment in one.claims.items()},
            "stages": [[stage, entered_at] for entered_at, stage in one.stages],
        },
    }


class Entered(NamedTuple):
    """An entry into a stage, marked imported, before it is written. No version judged it,
    so it has no evidence."""

    stage: str
    from_stage: str
    entered_at: datetime


def entries(one: Incoming, at: datetime) -> list[Entered]:
    """The stages that `one` claims of a new lead, in order of time; where it stands now, if
    that is another one, since the import."""
    if not (one.stages or one.stands):
        return []
    told = list(one.stages)
    if one.stands and one.stands not in [stage for _, stage in told[-1:]]:
        told.append((at, one.stands))
    before = ["", *(stage for _, stage in told)]
    return [
        Entered(stage, came_from, entered_at)
        for (entered_at, stage), came_from in zip(told, before, strict=False)
    ]


def first_stage(version: Version) -> str:
    return version.parsed.journey[0].key


def first_entry(lead: Lead, stage: str, at: datetime) -> Entered:
    """The entry into the first `stage`, for a lead that no claim puts anywhere."""
    return Entered(stage, "", lead.arrived_at or at)


def _stages(lead: Lead, one: Incoming, at: datetime, by: User | None) -> Iterator[StageEntry]:
    if not one.stages:
        return
    known = set(lead.stage_entries.filter(imported=True).values_list("entered_at", "stage"))
    for entered_at, stage in one.stages:
        if (entered_at, stage) not in known:
            yield stages.enter(
                lead, stage, at=entered_at, by=by, version=None, imported=True, recorded_at=at
            )


def moves(lead: Lead, one: Incoming) -> bool:
    """Whether the lead is said to stand elsewhere; once it is live, no file moves it."""
    return bool(one.stands) and lead.held and lead.stage != one.stands


def _stand(lead: Lead, one: Incoming, at: datetime, by: User | None) -> bool:
    if not moves(lead, one) or lead.closed_at is not None:
        return False
    stages.enter(
        lead, one.stands, at=at, by=by, version=None, imported=True, recorded_at=at
    )  # fmt: skip
    return True


def _claims(lead: Lead, one: Incoming, run: ImportRun) -> list[Claim]:
    if not one.claims:
        return []
    known = set(lead.claims.values_list("kind", flat=True))
    return Claim.objects.bulk_create(
        Claim(lead=lead, run=run, kind=kind, at=moment.at)
        for kind, moment in one.claims.items()
        if kind not in known
    )
