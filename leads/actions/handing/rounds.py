"""A round of a handoff: what an offer needs, and how each offer of it begins."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from leads.actions import clocks
from leads.actions.alerting import notices
from leads.actions.handing.transitions import handoffs_of
from leads.actions.journeys import stages
from leads.actions.journeys.facts import facts_of
from leads.actions.owning import hosts, routing
from leads.actions.sweeping import timers
from leads.core.guards import Guard, Situation
from leads.core.words import reasons
from leads.errors import CriteriaUnmet, PackageIncomplete
from leads.models import Clock, Handoff, Lead, Timer
from portal.accounts.models import Team, User
from portal.bulk.prepared import Prepared
from portal.errors import DomainError
from portal.ledger import known
from portal.reader.language import say
from sla.core import durations, workingtime
from sla.core.criteria import FieldIs, Outcome, evaluate, sentence
from sla.core.facts import Facts, field_of
from sla.core.terms import Handoff as Kind
from sla.core.workingtime import WorkingCalendar
from sla.models import Version


@dataclass(frozen=True, slots=True)
class Offer:
    """What stands in an offer at an instant: evidence for the stage, gaps in the package."""

    outcome: Outcome
    missing: tuple[str, ...]

    @property
    def unmet(self) -> tuple[str, ...]:
        return stages.unmet(self.outcome)

    def situation(self, base: Situation) -> Situation:
        """`base` with what the guards of a round look at."""
        return replace(base, missing=self.missing, unmet=self.unmet)

    def refusal(self, guard: Guard) -> DomainError | None:
        """The error for the two guards of a round, naming what is missing."""
        if guard == Guard.PACKAGE:
            said = _("The package lacks %(parts)s.") % {
                "parts": ", ".join(labels(self.missing))
            }
            return PackageIncomplete(said, missing=self.missing)
        if guard == Guard.CRITERIA:
            seen = [one for one in self.outcome.evidence if one.key in self.unmet]
            wanted = [sentence(one.leaf, say) for one in seen]
            said = _("The criteria are not met: %(criteria)s.") % {
                "criteria": "; ".join(wanted)
            }
            return CriteriaUnmet(said, unmet=self.unmet)
        return None


def look(
    lead: Lead, version: Version, kind: str, at: datetime, facts: Facts | None = None
) -> Offer:
    """See what an offer of `kind` would carry now. Raises KeyError for an unknown kind.

    `facts` of the lead as of `at`, where the caller has read them.
    """
    agreed, facts = version.parsed.handoff(kind), facts or facts_of(lead, at)
    outcome = stages.outcome_of(lead, version.parsed.stage(agreed.to_stage), at, facts)
    return Offer(outcome, missing_parts(lead, agreed, at, facts))


def missing_parts(
    lead: Lead, agreed: Kind, at: datetime, facts: Facts | None = None
) -> tuple[str, ...]:
    """The fields of the package that nobody has filled in, in the order of the terms."""
    facts = facts or facts_of(lead, at)
    return tuple(name for name in agreed.package if not evaluate(_present(name), facts, at).met)


def fill(lead: Lead, at: datetime) -> None:
    """Stop `complete_package` of the lead's handoffs that lack nothing any more: an inner
    step for whenever facts change. What was missing stays frozen with the offer."""
    if not handoffs_of(lead):
        return
    waiting = Handoff.objects.filter(
        lead=lead, clocks__kind="complete_package", clocks__stopped_at=None
    )
    for handoff in waiting.select_related("version").distinct():
        agreed = handoff.version.parsed.handoff(handoff.kind)
        if not missing_parts(lead, agreed, at):
            owed = handoff.clocks.unstopped().filter(kind="complete_package")
            clocks.stop(owed, at=at)


def labels(names: tuple[str, ...]) -> list[str]:
    """The parts of a package in words: "the phone number"."""
    known = [(field_of(name), name) for name in names]
    return [say(field.label) if field else name for field, name in known]


def begin(handoff: Handoff, offered: Offer, *, at: datetime) -> None:
    """Set what a new round carries on the locked handoff; the caller's move saves it."""
    handoff.offered_at = at
    handoff.accepted_at = None
    handoff.evidence = offered.outcome.as_json()
    handoff.gaps = list(offered.missing)


def start(handoff: Handoff, *, at: datetime) -> None:
    """Start the clocks of an offer that was just made, set its expiry, tell the receiver."""
    clocks.start_for(handoff, "offer", at)
    _set_expiry(handoff, at)
    notices.offered(handoff, at)


def receiver_for(handoff: Handoff, at: datetime) -> User | None:
    """Who gets the next round: who had the last one, else somebody chosen anew."""
    if handoff.receiver is not None and handoff.receiver.is_active:
        routing.take_turn_again(handoff.lead, handoff.receiver_team, handoff.receiver)
        return handoff.receiver
    member, why = choose(handoff.lead, handoff.receiver_team, at)
    handoff.why = why
    return member


def choose(lead: Lead, team: Team, at: datetime) -> tuple[User | None, list[str]]:
    """Let the team's rules choose a receiver, whose turn is spent; and say why.

    Who has a meeting with the lead to come gets it: their turn was spent when it was booked.
    """
    meeting = hosts.meeting_to_come(lead, team, at)
    if meeting is not None:
        return meeting.host, [reasons.HOSTS % {"host": meeting.host}]
    choice = routing.pick(team, lead, at)
    who = choice.member_id
    if who is None:
        return None, list(choice.lines)
    person = known.once(("person", who), lambda: _PERSON.first(who))
    return person, list(choice.lines)


_PERSON = Prepared(lambda who: User.objects.filter(pk=who), int)


def take_the_seat_over(handoff: Handoff, before: User | None, *, at: datetime) -> None:
    """Seat a receiver who was chosen anew, if the one before had the department's seat."""
    team, receiver = handoff.receiver_team, handoff.receiver
    current = routing.seat_of(handoff.lead, team.department_id)
    if receiver != before and current.member_id in {None, before.pk if before else None}:
        routing.seat(
            handoff.lead, team.department_id, team=team, member=receiver, at=at,
            why=handoff.why,
        )  # fmt: skip


def _present(name: str) -> FieldIs:
    field = field_of(name)
    kind = field.type if field else "text"
    return FieldIs(key=name, field=name, op="present", value=None, type=kind)


def _set_expiry(handoff: Handoff, at: datetime) -> None:
    after = handoff.version.parsed.handoff(handoff.kind).expires_after
    if after is None:
        return
    calendar = _calendar(handoff)
    timers.set_timer(
        Timer.Kind.HANDOFF_EXPIRES,
        at=workingtime.add(calendar, at, durations.working(after, calendar)),
        lead=handoff.lead,
        handoff=handoff,
        round=handoff.round,
    )


def _calendar(handoff: Handoff) -> WorkingCalendar:
    """That of the round's accept clock; without one the receiving team's, else the first."""
    terms = handoff.version.parsed
    accept = _ACCEPT.first(handoff.pk)
    its_own = accept is not None and accept.round == handoff.round
    key: Any = accept.calendar if accept and its_own else handoff.receiver_team.calendar
    return terms.calendar(key if key in terms.calendars else next(iter(terms.calendars)))


def _accept_clocks(handoff: int) -> "QuerySet[Clock, Clock]":
    """The accept clock of the latest round that has one. The round is no value of the
    question: a column of small integers takes no mark on PostgreSQL."""
    rows = Clock.objects.filter(handoff=handoff, kind="accept")
    return rows.order_by("-round", "-pk")[:1]


_ACCEPT = Prepared(_accept_clocks, int)
