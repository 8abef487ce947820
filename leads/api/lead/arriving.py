"""Leads are brought in: one, or many with a result for each."""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError as NotValid
from django.core.validators import validate_email
from django.http import HttpResponse
from ninja import Field, Schema
from pydantic import AfterValidator, ValidationError

from leads.actions import intake
from leads.actions.intake import Arrival
from leads.api.ground import KEYED, WRITING, brings, write
from leads.api.lead.listing import router
from leads.api.lead.schemas import LeadOut, shown
from leads.api.refusing import problem_of
from portal import rest, wallclock
from portal.accounts.api import TokenRequest
from portal.accounts.models import ApiToken
from portal.errors import DomainError
from portal.rest import Answer, Instant, Line, Problem, Refusal, Word
from sla.core.facts import TOUCH_KINDS

MOST = 100
Outcome = Literal["new", "updated", "duplicate", "touch", "closed_at_intake"]
Value = bool | int | Line | None


def _address(written: str) -> str:
    if written:
        try:
            validate_email(written)
        except NotValid:
            raise ValueError("this is no mail address") from None
    return written


def _kind(written: str) -> str:
    if written and written not in TOUCH_KINDS:
        raise ValueError(f"there is no such kind of touch; there are {', '.join(TOUCH_KINDS)}")
    return written


class LeadIn(Schema):
    """What is known of a person; what is left out stays unknown.

    `touch`: by what they came, such as `form` or `demo_request`. `system` and `external_id`
    are another system's own name for them; operations' tokens alone may send them, and then
    what is told again counts. `occurred_at` is kept as a claim and moves no clock.
    """

    name: Word = Field("", max_length=200)
    email: Annotated[Word, AfterValidator(_address)] = Field("", max_length=254)
    phone: Word = Field("", max_length=40)
    job_title: Line = Field("", max_length=200)
    country: Word = Field("", max_length=80)
    company_name: Line = Field("", max_length=200)
    company_domain: Line = Field("", max_length=253)
    company_country: Word = Field("", max_length=80)
    company_employees: int | None = Field(None, ge=0, le=2_147_483_647)
    company_industry: Line = Field("", max_length=120)
    source: Word = Field("api", max_length=80)
    campaign: Line = Field("", max_length=200)
    segment: Word = Field("", max_length=80)
    consent: bool | None = None
    consent_purpose: Word = Field("", max_length=60)
    consent_source: Word = Field("", max_length=80)
    consent_at: Instant | None = None
    score: int | None = Field(None, ge=-2_147_483_647, le=2_147_483_647)
    attributes: dict[Word, Value] = Field(default_factory=dict, max_length=100)
    touch: Annotated[Word, AfterValidator(_kind)] = ""
    system: Word = Field("", max_length=80)
    external_id: Line = Field("", max_length=120)
    occurred_at: Instant | None = None


class ArrivedOut(Schema):
    """The lead that it became, or was found to be, and what that made of it."""

    outcome: Outcome
    lead: LeadOut


class _Described:
    """Anything at all, described as a lead: what does not fit is told of its own item."""

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return handler(LeadIn.__pydantic_core_schema__)


class LeadsIn(Schema):
    """Up to a hundred leads; each is taken in, or refused, for itself."""

    items: list[Annotated[Any, _Described()]] = Field(min_length=1, max_length=MOST)


class LeadResult(Schema):
    """What became of one of many. `again`: it was done before under the same key."""

    status: int
    again: bool = False
    done: ArrivedOut | None = None
    problem: Refusal | None = None


class LeadResults(Schema):
    items: Sequence[LeadResult]


@router.post(
    "/leads",
    auth=brings,
    response={200: ArrivedOut, 201: ArrivedOut, **WRITING},
    openapi_extra=KEYED,
)
def bring_lead(request: TokenRequest, body: LeadIn) -> HttpResponse:
    """Bring a lead in, or tell more of one that is known: 201 for a new one, else 200.

    Whom the portal knows already is found and not doubled: by the system's own id, then by
    mail address.
    """
    _require_own(request.auth, body)
    return write(request, lambda at: _receive(request, body, at))


@router.post(
    "/leads/bulk", auth=brings, response={200: LeadResults, **WRITING}, openapi_extra=KEYED
)
def bring_leads(request: TokenRequest, body: LeadsIn) -> LeadResults:
    """Bring many in: each in its own transaction, with its own result, in this order.

    The `Idempotency-Key` counts for each item at its place.
    """
    key = rest.key_of(request)
    return LeadResults(
        items=[
            _one(request, item, f"{key}#{n}" if key else "")
            for n, item in enumerate(body.items)
        ]
    )


def _one(request: TokenRequest, item: Any, key: str) -> LeadResult:
    try:
        told = LeadIn.model_validate(item)
        _require_own(request.auth, told)
        at = wallclock.now()
        done = rest.once(
            request,
            lambda: _receive(request, told, at),
            at=at,
            key=key,
            asked=rest.rendered(told),
        )
    except ValidationError as error:
        return _refused(unfit(error))
    except Problem as problem:
        return _refused(problem)
    except DomainError as error:
        return _refused(problem_of(error))
    said = ArrivedOut.model_validate(json.loads(done.body))
    return LeadResult(status=done.status, again=done.again, done=said)


def unfit(error: ValidationError) -> Problem:
    """What does not fit in one item, field by field."""
    faults = [(".".join(map(str, one["loc"])) or "item", one["msg"]) for one in error.errors()]
    return Problem(422, "Some fields do not fit.", kind="invalid", errors=faults)


def _refused(problem: Problem) -> LeadResult:
    return LeadResult(status=problem.status, problem=Refusal(**problem.body))


def _require_own(token: ApiToken, told: LeadIn) -> None:
    """Names that other systems give are told by operations: they make a lead learn anew."""
    if told.external_id and token.department_id is not None:
        raise Problem(
            403,
            "Ids of other systems come with a token of operations.",
            kind="not-yours",
            errors=[("body.external_id", "only with a token of operations")],
        )


def _receive(request: TokenRequest, told: LeadIn, at: datetime) -> Answer:
    user = request.auth.user
    said = told.model_dump()
    arrival = Arrival(set_by=str(user), **said)
    received = intake.receive(arrival=arrival, at=at, by=user)
    pk = received.lead.pk
    value = ArrivedOut(outcome=received.outcome, lead=shown(pk, user, at))
    is_new = received.outcome in {"new", "closed_at_intake"}
    where = f"/api/v1/leads/{pk}" if is_new else ""
    return Answer(value, 201 if is_new else 200, lead=pk, location=where)
