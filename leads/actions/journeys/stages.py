"""Entering a stage: the one place where a lead's place on the journey is written."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from leads.actions.journeys.facts import facts_of
from leads.actions.saving import save
from leads.models import Handoff, Lead, StageEntry
from portal import ledger
from portal.accounts.models import User
from portal.bulk.single import write
from sla.core.criteria import Outcome, evaluate
from sla.core.facts import Facts
from sla.core.terms import Stage, Terms
from sla.models import Version

NO_CRITERIA = Outcome(met=True, evidence=())


def outcome_of(lead: Lead, stage: Stage, at: datetime, facts: Facts | None = None) -> Outcome:
    """Whether `lead` meets the entry criteria of `stage`; a stage without any is met.

    Who asks for several stages at one instant reads the `facts` once.
    """
    if stage.criteria is None:
        return NO_CRITERIA
    return evaluate(stage.criteria, facts_of(lead, at) if facts is None else facts, at)


def standing(lead: Lead, terms: Terms) -> str:
    """The stage of `terms` where the lead stands: its own, or the one that replaces it.

    "" for a lead that stands nowhere on this journey.
    """
    for stage in terms.journey:
        if lead.stage == stage.key:
            return stage.key
    followers = (stage.key for stage in terms.journey if lead.stage in stage.replaces)
    return next(followers, "") if lead.stage else ""


def unmet(outcome: Outcome) -> tuple[str, ...]:
    """Keys of the criteria that stand in the way; none if the tree is met."""
    if outcome.met:
        return ()
    return tuple(one.key for one in outcome.evidence if one.met == one.negated)


def enter(
    lead: Lead,
    stage: str,
    *,
    at: datetime,
    by: User | None,
    version: Version | None,
    evidence: Iterable[dict[str, Any]] = (),
    handoff: Handoff | None = None,
    waived_by: User | None = None,
    waiver_reason: str = "",
    imported: bool = False,
    recorded_at: datetime | None = None,
) -> StageEntry:
    """Let the locked `lead` enter `stage`, with the evidence that was seen: an inner step.

    `evidence` is as `Outcome.as_json` gives it. A waiver has an entry of its own in the
    ledger. `recorded_at` is when it is written down, where history tells of `at`.
    """
    recorded_at = recorded_at or at
    entry = write(
        StageEntry(
            lead=lead, stage=stage, from_stage=lead.stage, entered_at=at, version=version,
            handoff=handoff, evidence=list(evidence), by=by, waived_by=waived_by,
            waiver_reason=waiver_reason, imported=imported,
        )
    )  # fmt: skip
    lead.stage = stage
    save(lead, "stage", at=recorded_at, by=by)
    ledger.append("stage_entered", **entered(entry), at=recorded_at, by=by)
    if waived_by is not None:
        reason = {"reason": waiver_reason}
        said = entered(entry) | {"committed": reason}
        ledger.append("waived", **said, at=recorded_at, by=waived_by)
    return entry


def entered(entry: StageEntry) -> dict[str, Any]:
    """What the ledger says of a saved entry."""
    return {
        "subject": ("stage_entry", entry.pk),
        "lead": entry.lead_id,
        "clear": {
            "stage": entry.stage,
            "from": entry.from_stage,
            "entered_at": entry.entered_at,
            "version": entry.version_id,
            "handoff": entry.handoff_id,
            "waived": entry.waived_by_id is not None,
            "imported": entry.imported,
        },
        "committed": {"evidence": entry.evidence} if entry.evidence else None,
    }
