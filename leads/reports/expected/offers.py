"""Offers that a text would have made by itself, had it been in force: from what is known of
each lead, and what Sales did with it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from leads.actions.journeys.facts import with_fields_of
from leads.models import Assignment, Attestation, Claim, Lead, Touch
from portal.accounts.models import Team
from sla.core.criteria import evaluate
from sla.core.facts import Facts, Value
from sla.core.facts import Touch as TouchFact
from sla.core.terms import Terms
from sla.core.terms.parts import Handoff as Kind
from sla.models import Version

MOST = 1_000
"""Leads that are looked at; the newest, where there are more."""


@dataclass(frozen=True)
class Expected:
    """An offer as it would have been: of which lead, when, to whom, and when Sales first
    tried to reach the person (None: not yet)."""

    lead: Lead
    kind: Kind
    at: datetime
    team: Team | None
    owner_id: int | None
    done: datetime | None


def arrived(version: Version, since: datetime, until: datetime) -> QuerySet[Lead]:
    """The leads of an agreement that arrived in [since, until), the newest first; of what a
    file brought, by when it says they arrived."""
    mine = Q(agreement=version.agreement_id)
    if version.agreement.is_default:
        mine |= Q(agreement=None)  # it came before there was any agreement
    when = Coalesce("arrived_at", "received_at")
    leads = Lead.objects.filter(mine, merged_into=None).annotate(came=when)
    return leads.filter(came__gte=since, came__lt=until).order_by("-came", "-pk")


def offers(version: Version, leads: Sequence[Lead], at: datetime) -> Iterator[Expected]:
    """The automatic offers that these leads would have got by `at`, as far as is known.

    Values of fields are those of now; touches and facts count from when they happened.
    """
    terms, ids = version.parsed, [lead.pk for lead in leads]
    told, attested, seats = _touches(ids, at), _attested(ids, at), _seats(ids)
    tried = _tried(told, ids, at)
    for lead in leads:
        if lead.company is not None and lead.company.status != "prospect":
            continue
        made = tuple(map(_fact, told[lead.pk]))
        facts = with_fields_of(lead, Facts(touches=made, attested=attested[lead.pk]))
        came = lead.arrived_at or lead.received_at
        for kind in terms.handoffs:
            begins = _begins(lead, kind, terms, facts, came, at)
            if kind.offer == "automatic" and begins is not None:
                team, owner_id = seats.get((lead.pk, kind.receiver.department), (None, None))
                done = next((one for one in tried[lead.pk] if one >= begins), None)
                yield Expected(lead, kind, begins, team, owner_id, done)


def _begins(
    lead: Lead, kind: Kind, terms: Terms, facts: Facts, came: datetime, at: datetime
) -> datetime | None:
    """When the lead first met what the offer asks for; None if it does not by `at`."""
    told = [touch.at for touch in facts.touches]
    told += [said.set_at for said in facts.attested.values() if said.set_at is not None]
    for instant in sorted({came, *(one for one in told if came <= one <= at)}):
        if _stands(lead, kind, terms, facts, instant) and _meets(
            terms, kind.to_stage, facts, instant
        ):
            return instant
    return None


def _stands(lead: Lead, kind: Kind, terms: Terms, facts: Facts, at: datetime) -> bool:
    return lead.stage == kind.from_stage or _meets(terms, kind.from_stage, facts, at)


def _meets(terms: Terms, stage: str, facts: Facts, at: datetime) -> bool:
    criteria = terms.stage(stage).criteria
    return criteria is not None and evaluate(criteria, facts, at).met


def _touches(ids: Sequence[int], at: datetime) -> dict[int, list[Touch]]:
    rows = Touch.objects.filter(lead__in=ids, undone_at=None, occurred_at__lte=at)
    found: dict[int, list[Touch]] = defaultdict(list)
    for one in rows.order_by("occurred_at", "pk"):
        found[one.lead_id].append(one)
    return found


def _fact(one: Touch) -> TouchFact:
    return TouchFact(one.kind, one.department_id, one.direction, one.occurred_at, "")


def _attested(ids: Sequence[int], at: datetime) -> dict[int, dict[str, Value]]:
    rows = Attestation.objects.filter(lead__in=ids, withdrawn_at=None, at__lte=at)
    found: dict[int, dict[str, Value]] = defaultdict(dict)
    for one in rows:
        found[one.lead_id][one.fact] = Value(value=True, set_by="", set_at=one.at)
    return found


def _tried(
    told: Mapping[int, Sequence[Touch]], ids: Sequence[int], at: datetime
) -> dict[int, list[datetime]]:
    """When Sales tried to reach the person, or a file says that it did, in order."""
    claims = Claim.objects.filter(lead__in=ids, kind=Claim.Kind.FIRST_ATTEMPT, at__lte=at)
    found: dict[int, list[datetime]] = defaultdict(list)
    for lead_id, made in told.items():
        found[lead_id] += [
            one.occurred_at for one in made if one.is_attempt and one.department_id == "sales"
        ]
    for lead_id, instant in claims.values_list("lead_id", "at"):
        found[lead_id].append(instant)
    return defaultdict(list, {lead_id: sorted(instants) for lead_id, instants in found.items()})


def _seats(ids: Sequence[int]) -> dict[tuple[int, str], tuple[Team, int | None]]:
    rows = Assignment.objects.filter(lead__in=ids, until=None).select_related("team")
    return {(one.lead_id, one.department_id): (one.team, one.member_id) for one in rows}
