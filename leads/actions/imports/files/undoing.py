"""An import taken back: its new leads are gone, its updates undone, as far as nobody touched
them since. What was touched stays as it is, and is named."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db.models import ProtectedError, Q

from leads.actions.handing.transitions import lock_leads
from leads.actions.imports.files.memory import put_back
from leads.actions.saving import save
from leads.models import (
    Assignment,
    Claim,
    Consent,
    ImportRun,
    ImportSlice,
    Lead,
    LeadSource,
    StageEntry,
    Turn,
)
from portal import ledger
from portal.jobs.kinds import Step
from portal.ledger.models import LedgerEntry

NAMED = 500  # leads that stay, of which the run keeps the numbers
_BEHIND = (LeadSource, Assignment, Turn, StageEntry, Claim, Consent)


@ledger.recorded
def step(run_id: int) -> Step:
    """Take back the last slice that is not taken back yet, in one transaction."""
    run = ImportRun.objects.select_for_update(no_key=True, of=("self",)).get(pk=run_id)
    told: dict[str, Any] = {"gone": 0, "restored": 0, "stayed": 0, "leads": []} | run.undone
    left = ImportSlice.objects.filter(run=run)
    if "next" in told:
        left = left.filter(position__lt=told["next"])
    some = left.order_by("-position").first()
    if some is None or run.undone_at is None:
        return Step(run.records, run.records, done=True, counts=_counts(told))
    stayed = _Slice(run, some, told, run.undone_at).take_back()
    told["stayed"] += len(stayed)
    told["leads"] = [*told["leads"], *stayed][:NAMED]
    told["next"] = some.position
    run.undone = told
    run.save(update_fields=["undone"])
    said = {"taken_back_from": some.position, "stayed": len(stayed)}
    ledger.append(
        "imported", at=run.undone_at, by=run.undone_by_id, subject=("import_run", run.pk),
        clear=said,
    )  # fmt: skip
    done = run.records - some.position
    return Step(done, run.records, done=False, counts=_counts(told))


class _Slice:
    """One slice of a run on its way back, its leads locked."""

    def __init__(
        self, run: ImportRun, some: ImportSlice, told: dict[str, Any], at: datetime
    ) -> None:
        self.run, self.some, self.told, self.at = run, some, told, at
        by_outcome: dict[str, list[int]] = {"new": [], "updated": [], "duplicate": []}
        for _, outcome, lead, *_rest in some.outcomes:
            if lead is not None:
                by_outcome[outcome].append(lead)
        self.new, self.same = by_outcome["new"], by_outcome["duplicate"]
        self.updated = [pk for pk in by_outcome["updated"] if pk not in self.new]

    def take_back(self) -> list[int]:
        """Returns the leads that stay as they are, because somebody touched them since."""
        there = Lead.objects.filter(pk__in=[*self.new, *self.updated])
        leads = lock_leads(list(there.values_list("pk", flat=True)))
        touched = self._touched(leads)
        gone = [pk for pk in self.new if pk in leads and pk not in touched]
        stayed = [pk for pk in leads if pk in touched]
        back = [pk for pk in self.updated if pk in leads and pk not in touched]
        lost = [pk for pk in back if str(pk) not in self.some.before]
        for pk in back:
            if pk not in lost:
                self._restore(leads[pk])
        self._forget_sources(back)
        kept = self._delete(gone)
        self.told["gone"] += len(gone) - len(kept)
        self.told["restored"] += len(back) - len(lost)
        return [*stayed, *lost, *kept]

    def _touched(self, leads: dict[int, Lead]) -> set[int]:
        """Leads of which the ledger tells anything that neither the import nor this did."""
        ours = Q(at=self.run.started_at, actor_id=self.run.by_id)
        back = Q(at=self.at, actor_id=self.run.undone_by_id, kind="imported")
        since = LedgerEntry.objects.filter(lead_id__in=list(leads)).exclude(ours | back)
        first = self._first_entry()
        told = since.filter(seq__gt=first).values_list("lead_id", flat=True)
        return {pk for pk in told if pk is not None}

    def _first_entry(self) -> int:
        entries = LedgerEntry.objects.about(("import_run", self.run.pk))
        return entries.values_list("seq", flat=True).first() or 0

    def _restore(self, lead: Lead) -> None:
        before = self.some.before[str(lead.pk)]
        fields = put_back(lead, before)
        Claim.objects.filter(lead=lead, run=self.run).delete()
        entries = StageEntry.objects.filter(lead=lead, imported=True, pk__gt=before["entry"])
        entries.delete()
        save(lead, *fields, at=self.at, by=self.run.undone_by)
        self._say(lead.pk, "restored")

    def _forget_sources(self, leads: list[int]) -> None:
        """Names that only this import knew for leads that were there before."""
        seen = LeadSource.objects.filter(seen_at=self.run.started_at)
        seen.filter(lead__in=[*leads, *self.same]).exclude(lead__in=self.new).delete()

    def _delete(self, leads: list[int]) -> list[int]:
        """Let new leads be gone; returns those that something else holds on to."""
        if self._went(leads):
            return []
        return [pk for pk in leads if not self._went([pk])]

    def _went(self, leads: list[int]) -> bool:
        """Delete all of them, or none if something holds on to one."""
        try:
            with ledger.savepoint():
                for model in _BEHIND:
                    model.objects.filter(lead__in=leads).delete()
                Lead.objects.filter(pk__in=leads).delete()
                Lead.history.filter(id__in=leads).delete()
                for pk in leads:
                    self._say(pk, "gone")
        except ProtectedError:
            return False
        return True

    def _say(self, pk: int, what: str) -> None:
        ledger.append(
            "imported", at=self.at, by=self.run.undone_by_id, subject=("lead", pk),
            clear={"run": self.run.pk, "taken_back": what},
        )  # fmt: skip


def _counts(told: dict[str, Any]) -> Counter[str]:
    return Counter({name: told[name] for name in ("gone", "restored", "stayed")})
