"""A waiver that is asked for: who gives a lead asks who would receive it to let it pass."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.actions.handing import handoffs, refusals, rounds
from leads.actions.handing.transitions import lock_lead
from leads.actions.links import lead_link
from leads.actions.owning import routing
from leads.core import text
from leads.core.guards import Guard
from leads.core.handoff import Move, first_refusal
from leads.errors import NotYours, WaiverNotNeeded, WaiverSettled
from leads.models import Handoff, Lead
from leads.models.marks import WaiverRequest
from portal import ledger
from portal.accounts.models import User
from portal.accounts.permissions import may_act_for
from portal.notifications import outbox
from portal.reader.language import Phrase

CHANNELS = ("in_app", "mail")


@ledger.recorded
def ask(*, lead_id: int, kind: str, why: str, by: User, at: datetime) -> WaiverRequest:
    """Ask the receiving side of the handoff `kind` to waive what is not met, with a reason.

    By the giving side. Raises NotYours; WaiverNotNeeded where nothing but the criteria
    would not have to be waived; WaiverSettled if it waits already; what an offer refuses
    apart from its criteria, as PackageIncomplete or LeadIsHeld.
    """
    lead = lock_lead(lead_id)
    version = handoffs.version_of(lead, at)
    agreed = handoffs.agreed_of(version, kind)
    wanted = handoffs.build(lead, version, agreed, automatic=False, at=at)
    if not may_act_for(by, wanted.giver_id, wanted.giver_team, at):
        raise NotYours(_("Who has the lead now asks for a waiver, or who stands in."))
    offered = rounds.look(lead, version, kind, at)
    situation = offered.situation(handoffs.situation_of(lead, version, agreed, by, None))
    guard = first_refusal(None, Move.OFFER, situation)
    if guard is None:
        raise WaiverNotNeeded(_("All criteria are met: it can be offered now."))
    if guard != Guard.CRITERIA:
        raise offered.refusal(guard) or refusals.refusal(guard)
    if lead.waiver_requests.waiting().filter(handoff_kind=kind).exists():
        raise WaiverSettled(_("It is asked for already, and waits for an answer."))
    unmet = [one.sentence for one in offered.outcome.evidence if one.key in offered.unmet]
    request = WaiverRequest.objects.create(
        lead=lead, handoff_kind=kind, team=wanted.receiver_team, unmet=unmet,
        why=text.line(why, 300), asked_by=by, asked_at=at,
    )  # fmt: skip
    _record(ledger.Kind.WAIVER_ASKED, request, by, at, {"why": request.why})
    title = Phrase("%(who)s asks you to waive what is not met: %(lead)s")
    _tell(request, "asked", _who_may(lead, wanted), title, by, at)
    return request


@ledger.recorded
def refuse(*, request_id: int, note: str, by: User, at: datetime) -> WaiverRequest:
    """Say that it is not waived, and why: by who may waive. Raises NotYours, WaiverSettled."""
    found = WaiverRequest.objects.select_related("team__department", "asked_by")
    lead = lock_lead(found.values_list("lead_id", flat=True).get(pk=request_id))
    request = found.select_for_update(no_key=True, of=("self",)).get(pk=request_id)
    request.lead = lead
    if request.answered_at is not None:
        raise WaiverSettled(_("This is answered already. Nothing of yours was lost."))
    if not handoffs.may_waive(_as_offered(request, at), by, at):
        raise NotYours(_("Only who would receive the lead may answer, or stands in."))
    request.answer, request.note = WaiverRequest.Answer.REFUSED, text.line(note, 300)
    request.answered_by, request.answered_at = by, at
    request.save(update_fields=["answer", "note", "answered_by", "answered_at"])
    _record(ledger.Kind.WAIVER_REFUSED, request, by, at, {"note": request.note})
    _tell(
        request, "refused", request.asked_by, Phrase("%(who)s does not waive: %(lead)s"), by, at
    )
    return request


def _as_offered(request: WaiverRequest, at: datetime) -> Handoff:
    """The handoff that is meant, in memory, as it would be offered now."""
    version = handoffs.version_of(request.lead, at)
    agreed = handoffs.agreed_of(version, request.handoff_kind)
    return handoffs.build(request.lead, version, agreed, automatic=False, at=at)


def _who_may(lead: Lead, wanted: Handoff) -> User | None:
    """Who would waive: the receiving seat's owner; inside one department its manager."""
    team = wanted.receiver_team
    if wanted.giver_team.department_id == team.department_id:
        return team.manager or team.department.head
    seat = routing.seat_of(lead, team.department_id)
    return seat.member or team.steward or team.manager


def _record(
    kind: str, request: WaiverRequest, by: User, at: datetime, said: dict[str, str]
) -> None:
    ledger.append(
        kind,
        subject=("waiver", request.pk),
        lead=request.lead_id,
        at=at,
        by=by,
        department=by.department_id,
        team=request.team.key,
        clear={"handoff": request.handoff_kind, "unmet": len(request.unmet)},
        committed=said,
    )


def _tell(
    request: WaiverRequest, what: str, to: User | None, title: Phrase, by: User, at: datetime
) -> None:
    if to is None or to == by:
        return
    outbox.tell(
        about=f"waiver:{request.pk}:{what}",
        to=[to],
        channels=CHANNELS,
        title=title % {"who": by, "lead": request.lead},
        text=request.note or request.why,
        link=lead_link(request.lead_id),
        at=at,
    )
