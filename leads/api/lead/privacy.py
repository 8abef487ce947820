"""What a person agreed to, and what is held of them: noted, told, erased.

Telling and erasing take no key: their answer holds a person, or says that nobody is held.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from django.http import HttpResponse
from ninja import Field, Router, Schema

from leads.actions.privacy import asking, consents, erasing, telling
from leads.api.ground import KEYED, READING, WRITING, acts, reads, write
from leads.api.lead.around import LEAD, find
from leads.api.people import PersonOut
from leads.models import Consent, Lead, PrivacyRequest
from portal import wallclock
from portal.accounts.api import TokenRequest
from portal.accounts.models import Role
from portal.rest import Answer, Instant, Line, Problem, Word

router = Router(tags=["privacy"])
MOST = 200


class ConsentIn(Schema):
    """What the person said: to what, whether, where and when. `note`: the words they saw."""

    given: bool
    purpose: Word = Field("contact", max_length=60)
    source: Word = Field(min_length=1, max_length=80)
    said_at: Instant | None = None
    note: Line = Field("", max_length=200)


class ConsentOut(Schema):
    purpose: str
    given: bool
    source: str
    said_at: datetime
    recorded_at: datetime
    by: PersonOut | None
    note: str


class ConsentList(Schema):
    items: Sequence[ConsentOut]


class AskedIn(Schema):
    """That the person asks to be told (`export`), or to be erased (`erasure`)."""

    kind: Literal["export", "erasure"]
    asked_at: Instant | None = None
    reason: Line = ""


class EraseIn(Schema):
    """The person's name, as one types it on the page, and why."""

    name: Word = Field(max_length=200)
    reason: Line = Field(min_length=1)


class PrivacyOut(Schema):
    """A request, and what was told or erased: rows by place."""

    id: int
    lead: int
    kind: str
    asked_at: datetime
    done_at: datetime | None
    counts: dict[str, int]


class ToldOut(Schema):
    """All that is held of the person, by place, and the ledger's entries about them."""

    made_at: str
    leads: list[int]
    places: dict[str, Any]
    ledger: list[Any]


@router.get(f"{LEAD}/consents", auth=reads, response={200: ConsentList, **READING})
def lead_consents(request: TokenRequest, lead_id: int) -> ConsentList:
    """What the person said of consent, the latest first."""
    rows = find(request, lead_id).consents.select_related("by__team")
    return ConsentList(items=[_consent(row) for row in rows[:MOST]])


@router.post(
    f"{LEAD}/consents", auth=acts, response={201: ConsentOut, **WRITING}, openapi_extra=KEYED
)
def state_consent(request: TokenRequest, lead_id: int, body: ConsentIn) -> HttpResponse:
    """Note that the person agreed, or took consent back."""
    lead = find(request, lead_id)

    def act(at: datetime) -> Answer:
        said = consents.state(lead_id=lead.pk, by=request.auth.user, at=at, **body.model_dump())
        return Answer(_consent(said), 201, lead=lead.pk)

    return write(request, act)


@router.post(
    f"{LEAD}/privacy/asked",
    auth=acts,
    response={201: PrivacyOut, **WRITING},
    openapi_extra=KEYED,
)
def privacy_asked(request: TokenRequest, lead_id: int, body: AskedIn) -> HttpResponse:
    """Note what the person asks of their data: by operations, answered within 30 days."""
    lead = _for_operations(request, lead_id)

    def act(at: datetime) -> Answer:
        noted = asking.note(lead_id=lead.pk, by=request.auth.user, at=at, **body.model_dump())
        return Answer(_request(noted), 201, lead=lead.pk)

    return write(request, act)


@router.post(f"{LEAD}/privacy/export", auth=acts, response={200: ToldOut, **WRITING})
def export_person(request: TokenRequest, lead_id: int) -> Any:
    """All that is held of the person: for operations. That it was told is kept."""
    lead = _for_operations(request, lead_id)
    return telling.export(lead_id=lead.pk, by=request.auth.user, at=wallclock.now())


@router.post(f"{LEAD}/privacy/erase", auth=acts, response={200: PrivacyOut, **WRITING})
def erase_person(request: TokenRequest, lead_id: int, body: EraseIn) -> PrivacyOut:
    """Erase the person, all their leads with it: for operations, who send the name."""
    lead = _for_operations(request, lead_id)
    if body.name.casefold() != lead.name.strip().casefold():
        raise Problem(
            422, "This is not the name of the person.", kind="invalid",
            errors=[("body.name", "another name than the lead's")],
        )  # fmt: skip
    done = erasing.erase(
        lead_id=lead.pk, by=request.auth.user, at=wallclock.now(), reason=body.reason
    )
    return _request(done)


def _for_operations(request: TokenRequest, lead_id: int) -> Lead:
    """The lead, for operations; as on the page, there is nothing here for others."""
    if request.auth.user.role != Role.OPERATIONS:
        raise Problem(404, "There is nothing at this address.")
    return find(request, lead_id)


def _consent(row: Consent) -> ConsentOut:
    plain = ("purpose", "given", "source", "said_at", "recorded_at", "note")
    return ConsentOut(by=PersonOut.of(row.by), **{name: getattr(row, name) for name in plain})


def _request(row: PrivacyRequest) -> PrivacyOut:
    plain = ("kind", "asked_at", "done_at", "counts")
    return PrivacyOut(
        id=row.pk, lead=row.lead_id, **{name: getattr(row, name) for name in plain}
    )
