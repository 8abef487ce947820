"""Arrivals, touches, facts and stages in memory."""

from datetime import datetime
from typing import Any

from leads.actions.handing import rounds
from leads.actions.intake import Arrival, cleaned, companies, known, people
from leads.actions.journeys import agreements, attestations, journey, stages, touches
from leads.actions.links import lead_link
from leads.actions.privacy import consents
from leads.core import text
from leads.demo.bulk.pool import Pool
from leads.demo.bulk.world import Life, World
from leads.models import Attestation, Company, Consent, Handoff, Lead, StageEntry, Touch
from portal import ledger
from portal.accounts.models import User
from portal.bulk import made
from portal.notifications import outbox
from sla.core.criteria import Outcome, evaluate
from sla.core.facts import Touch as TouchFact
from sla.core.facts import is_attempt, is_contact
from sla.core.terms import Stage
from sla.models import Version


class Arriving:
    """A lead from its arrival on, up to where a handoff takes over."""

    def __init__(self, world: World, pool: Pool) -> None:
        self.world, self.pool = world, pool

    def receive(self, arrival: Arrival, at: datetime) -> tuple[Life, bool]:
        """As `intake.receive`; the second value says whether its facts may lead further."""
        clean = cleaned(arrival)
        company = self._company(clean, at)
        lead = people.build(clean, company, at)
        lead.agreement = self.world.agreement
        same = self.world.open_mail.get(lead.email_key)
        if same is not None:
            self.learn(same, clean, at)
            self.came(same, clean, clean.touch or "form", at)
            return same, True
        return self._new(lead, clean, at)

    def _new(self, lead: Lead, clean: Arrival, at: datetime) -> tuple[Life, bool]:
        lead.previous = self.world.closed_mail.get(lead.email_key)
        refused = known.refusal(lead)
        if refused is not None:
            lead.closed_at, lead.closed_as = at, Lead.Closed.AT_INTAKE
            lead.closed_reason = refused.reason
        life = Life(self.world.add(lead))
        self.world.rows.remember(lead, at, None, "+")
        self.world.lives[lead.pk] = life
        ledger.append("lead_arrived", **people.arrived(lead), at=at)
        self._consent(life, clean, at)
        why = f"{self.world.agreement.name}: the default"
        ledger.append("agreement_chosen", **agreements.chosen(lead, why), at=at)
        if refused is not None:
            self._tell_of_refused(lead, refused, at)
            return life, False
        self.world.open_mail[lead.email_key] = life
        self.pool.first_seats(life, at)
        self.begin(life, at)
        self.came(life, clean, clean.touch, at)
        return life, True

    def learn(self, life: Life, clean: Arrival, at: datetime, by: User | None = None) -> None:
        """As `people.learn`: fill in blanks, and follow the score."""
        lead = life.lead
        told = people.news(lead, clean, overwrite=False)
        for field, value in told.items():
            setattr(lead, field, value)
            lead.provenance[f"lead.{field}"] = companies.origin(clean, at)
        if told:
            life.known = None
            facts = {f"lead.{field}": value for field, value in sorted(told.items())}
            self.world.rows.remember(lead, at, by)
        self._consent(life, clean, at, by)
        if told:
            ledger.append(
                "lead_updated", at=at, by=by, subject=("lead", lead.pk),
                clear={"fields": list(facts), "source": clean.system},
                committed={"values": facts},
            )  # fmt: skip

    def _consent(
        self, life: Life, clean: Arrival, at: datetime, by: User | None = None
    ) -> None:
        """As `consents.of_arrival`."""
        if clean.consent is None or life.consented == clean.consent:
            return
        life.consented = clean.consent
        said = made(
            Consent,
            lead=life.lead, given=clean.consent, source=clean.consent_source or clean.set_by,
            said_at=clean.consent_at or clean.occurred_at or at, recorded_at=at, by=by,
        )  # fmt: skip
        consents.tell(self.world.add(said))

    def _company(self, clean: Arrival, at: datetime) -> Company | None:
        if not clean.company_domain:
            return None
        company = self.world.companies.get(clean.company_domain)
        if company is None:
            company = self.world.add(companies.new(clean, at))
            self.world.companies[clean.company_domain] = company
            self.world.rows.remember(company, at, None, "+")
        elif company._state.adding:
            companies.take(company, clean, at)
        return company

    def _tell_of_refused(self, lead: Lead, refused: known.Refused, at: datetime) -> None:
        company = lead.company
        if not refused.tells_owner or company is None or company.owner is None:
            return
        outbox.tell(
            about=f"lead:{lead.pk}:intake", to=[company.owner], channels=["in_app"],
            title=f"{lead} of {company} got in touch", link=lead_link(lead.pk), at=at,
        )  # fmt: skip

    # --- touches and facts

    def came(self, life: Life, clean: Arrival, kind: str, at: datetime) -> Touch:
        """As `touches.arrived`."""
        last = life.open()[-1] if life.open() else None
        return self.touch(
            life, at=at, handoff=last, department_id="marketing", kind=kind,
            direction="inbound", source=clean.source or touches.PORTAL,
        )  # fmt: skip

    def touch(self, life: Life, *, at: datetime, **said: Any) -> Touch:
        """As `touches._write`."""
        touch: Touch = self.world.add(
            made(Touch, lead=life.lead, occurred_at=at, recorded_at=at, **said)
        )
        touch.is_attempt = is_attempt(touch.kind, touch.direction)
        touch.is_contact = is_contact(touch.kind, touch.direction)
        life.touches.append(touch)
        life.known = None
        by = str(touch.by) if touch.by else touch.source
        life.seen.append(TouchFact(touch.kind, touch.department_id, touch.direction, at, by))
        ledger.append(
            "touch_logged", at=at, by=touch.by, subject=("touch", touch.pk),
            lead=life.lead.pk, department=touch.department_id,
            clear={
                "kind": touch.kind, "direction": touch.direction,
                "attempt": touch.is_attempt, "contact": touch.is_contact, "occurred_at": at,
                "trusted": False, "source": touch.source, "handoff": touch.handoff_id,
            },
            committed={"subject": touch.subject} if touch.subject else None,
        )  # fmt: skip
        return touch

    def attest(self, life: Life, fact: str, by: User, at: datetime) -> None:
        """As `attestations.attest`."""
        if fact in life.attested:
            return
        said = self.world.add(
            made(Attestation, lead=life.lead, fact=fact, by=by, at=at, note=text.line("", 300))
        )
        life.attested[fact] = said
        life.known = None
        attestations._record("attested", said, by=by, at=at)

    # --- stages

    def begin(self, life: Life, at: datetime) -> None:
        version = self.world.version(at)
        if version is None or life.lead.stage:
            return
        first = version.parsed.journey[0]
        evidence = self.outcome(life, first, at).as_json()
        self.enter(life, first.key, at=at, version=version, evidence=evidence)

    def follow(self, life: Life, at: datetime) -> Version | None:
        """As `journey.advance` up to its offers: enter what became true."""
        lead, version = life.lead, self.world.version(at)
        if lead.closed_at is not None or version is None:
            return None
        self.begin(life, at)
        for stage in list(journey._ahead(lead, version.parsed)):
            outcome = self.outcome(life, stage, at)
            if outcome.met and _is_news(life, stage, outcome):
                evidence = outcome.as_json()
                self.enter(life, stage.key, at=at, version=version, evidence=evidence)
        return version

    def outcome(self, life: Life, stage: Stage, at: datetime) -> Outcome:
        if stage.criteria is None:
            return stages.NO_CRITERIA
        return evaluate(stage.criteria, life.facts(), at)

    def look(self, life: Life, version: Version, kind: str, at: datetime) -> rounds.Offer:
        """As `rounds.look`."""
        agreed, facts = version.parsed.handoff(kind), life.facts()
        outcome = self.outcome(life, version.parsed.stage(agreed.to_stage), at)
        missing = (n for n in agreed.package if not evaluate(rounds._present(n), facts, at).met)
        return rounds.Offer(outcome, tuple(missing))

    def enter(
        self,
        life: Life,
        stage: str,
        *,
        at: datetime,
        version: Version,
        by: User | None = None,
        evidence: list[dict[str, Any]] | None = None,
        handoff: Handoff | None = None,
    ) -> None:
        """As `stages.enter`."""
        lead = life.lead
        entry: StageEntry = self.world.add(
            made(
                StageEntry,
                lead=lead, stage=stage, from_stage=lead.stage, entered_at=at, version=version,
                handoff=handoff, evidence=evidence or [], by=by,
            )
        )  # fmt: skip
        life.entries.append(entry)
        lead.stage = stage
        self.world.rows.remember(lead, at, by)
        ledger.append("stage_entered", **stages.entered(entry), at=at, by=by)


def _is_news(life: Life, stage: Stage, outcome: Outcome) -> bool:
    """As `journey._is_news`."""
    if not any(entry.stage == stage.key for entry in life.entries):
        return True
    left_at = life.entries[-1].entered_at
    return any(one.set_at is not None and one.set_at > left_at for one in outcome.evidence)
