"""Every move of a handoff, one call each; `fix`, `dispute` and `answer-recycle` answer a
return. Each answers with the handoff as it then stands."""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from ninja import Router, Schema

from leads.actions import composing
from leads.api.ground import KEYED, MATCHED, WRITING, acts, under_lock, write
from leads.api.handing import schemas as sent
from leads.api.handing import values as filled
from leads.api.handing.reading import find, shown
from leads.api.handing.schemas import HandoffOut
from leads.api.handing.table import MOVES
from leads.api.lead.around import LEAD
from leads.api.lead.around import find as find_lead
from portal.accounts.api import TokenRequest
from portal.rest import Answer

router = Router(tags=["handoffs"])
ONE = "/handoffs/{int:handoff_id}"
NOTHING = sent.NothingIn()
WITH: dict[str, Any] = {
    "auth": acts,
    "response": {200: HandoffOut, **WRITING},
    "openapi_extra": MATCHED,
}


@router.post(
    f"{LEAD}/offers", auth=acts, response={201: HandoffOut, **WRITING}, openapi_extra=KEYED
)
def offer_lead(request: TokenRequest, lead_id: int, body: sent.OfferIn) -> HttpResponse:
    """Offer the lead to the other team. What package and criteria lack is named."""
    lead, user = find_lead(request, lead_id), request.auth.user

    def act(at: datetime) -> Answer:
        handoff = composing.offer(
            lead_id=lead.pk,
            kind=body.kind,
            by=user,
            at=at,
            waiver_reason=body.waiver_reason,
            values=filled.of_an_offer(lead, body.kind, body.values, at),
        )
        where = f"/api/v1/handoffs/{handoff.pk}"
        return Answer(shown(handoff.pk), 201, lead=lead.pk, location=where)

    return write(request, act)


@router.post(f"{ONE}/accept", **WITH)
def accept_handoff(request: TokenRequest, handoff_id: int) -> HttpResponse:
    """Take the lead on. A second one is told who was quicker: 409."""
    return _make(request, handoff_id, "accept", NOTHING)


@router.post(f"{ONE}/return", **WITH)
def return_handoff(request: TokenRequest, handoff_id: int, body: sent.ReturnIn) -> HttpResponse:
    """Give it back with one of the agreed reasons; the giver's clock starts."""
    return _make(request, handoff_id, "return", body)


@router.post(f"{ONE}/fix", **WITH)
def fix_handoff(
    request: TokenRequest, handoff_id: int, body: sent.FixIn | None = None
) -> HttpResponse:
    """Answer a return: what was wrong is put right, and it is offered again."""
    return _make(request, handoff_id, "fix", body or sent.FixIn())


@router.post(f"{ONE}/dispute", **WITH)
def dispute_handoff(
    request: TokenRequest, handoff_id: int, body: sent.DisputeIn
) -> HttpResponse:
    """Answer a return: it does not stand. Both managers decide, by a clock."""
    return _make(request, handoff_id, "dispute", body)


@router.post(f"{ONE}/answer-recycle", **WITH)
def answer_recycle_handoff(
    request: TokenRequest, handoff_id: int, body: sent.RecycleIn
) -> HttpResponse:
    """Answer a return: back to nurture until a day."""
    return _make(request, handoff_id, "answer-recycle", body)


@router.post(f"{ONE}/decide", **WITH)
def decide_handoff(request: TokenRequest, handoff_id: int, body: sent.DecideIn) -> HttpResponse:
    """One manager's word on a dispute, beside the word of the other."""
    return _make(request, handoff_id, "decide", body)


@router.post(f"{ONE}/package", **WITH)
def complete_package(
    request: TokenRequest, handoff_id: int, body: sent.PackageIn
) -> HttpResponse:
    """Fill in what the receiver was promised to find and did not."""
    return _make(request, handoff_id, "package", body)


@router.post(f"{ONE}/complete", **WITH)
def complete_handoff(
    request: TokenRequest, handoff_id: int, body: sent.CompleteIn | None = None
) -> HttpResponse:
    """Say that the receiver's work is done: moved on, or won."""
    return _make(request, handoff_id, "complete", body or sent.CompleteIn())


@router.post(f"{ONE}/still-talking", **WITH)
def still_talking(
    request: TokenRequest, handoff_id: int, body: sent.TalkingIn | None = None
) -> HttpResponse:
    """Say that the talks go on; it stays accepted."""
    return _make(request, handoff_id, "still-talking", body or sent.TalkingIn())


@router.post(f"{ONE}/close", **WITH)
def close_handoff(request: TokenRequest, handoff_id: int, body: sent.CloseIn) -> HttpResponse:
    """Close the lead for good: disqualified, or lost."""
    return _make(request, handoff_id, "close", body)


@router.post(f"{ONE}/recycle", **WITH)
def recycle_handoff(
    request: TokenRequest, handoff_id: int, body: sent.RecycleIn
) -> HttpResponse:
    """Put an accepted lead back to nurture until a day."""
    return _make(request, handoff_id, "recycle", body)


@router.post(f"{ONE}/withdraw", **WITH)
def withdraw_handoff(request: TokenRequest, handoff_id: int) -> HttpResponse:
    """Take an offer back that nobody answered."""
    return _make(request, handoff_id, "withdraw", NOTHING)


@router.post(f"{ONE}/reassign", **WITH)
def reassign_handoff(
    request: TokenRequest, handoff_id: int, body: sent.ReassignIn
) -> HttpResponse:
    """Give it to another member of the team that has it; no clock restarts."""
    return _make(request, handoff_id, "reassign", body)


@router.post(f"{ONE}/undo", **WITH)
def undo_handoff(request: TokenRequest, handoff_id: int) -> HttpResponse:
    """Take your own last move back, within 30 s: the same clocks run on."""
    return _make(request, handoff_id, "undo", NOTHING)


def _make(request: TokenRequest, handoff_id: int, move: str, body: Schema) -> HttpResponse:
    handoff, user = find(request, handoff_id), request.auth.user

    def act(at: datetime) -> Answer:
        MOVES[move].act(handoff.pk, body, user, at)
        return Answer(shown(handoff.pk), lead=handoff.lead_id)

    seen = under_lock(handoff.lead_id, lambda: shown(handoff.pk))
    return write(request, act, seen)
