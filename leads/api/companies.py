"""Companies: found and read. Who they are comes in with their leads."""

from collections.abc import Sequence
from typing import Annotated, Literal

from django.db.models import Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema

from leads.api.ground import READING, After, Limit, Number, Words, reads
from leads.api.people import PersonOut
from leads.models import Company
from portal.accounts.api import TokenRequest
from portal.rest import page

router = Router(tags=["companies"])
Standing = Literal["prospect", "open_deal", "customer", "competitor", "own"]


class CompanyOut(Schema):
    """A company as the portal knows it. `owner`: who looks after it."""

    id: int
    name: str
    domain: str
    country: str
    employees: int | None
    industry: str
    status: Standing
    owner: PersonOut | None

    @classmethod
    def of(cls, row: Company) -> "CompanyOut":
        plain = ("name", "domain", "country", "employees", "industry", "status")
        return cls(
            id=row.pk,
            owner=PersonOut.of(row.owner),
            **{name: getattr(row, name) for name in plain},
        )


class CompanyPage(Schema):
    items: Sequence[CompanyOut]
    next: str | None


class Wanted(Schema):
    """Which companies. `q`: a part of the name, or the beginning of the domain."""

    q: Words = ""
    status: Standing | None = None
    owner: Number = None


@router.get("/companies", auth=reads, response={200: CompanyPage, **READING})
def companies(
    request: TokenRequest,
    wanted: Annotated[Wanted, Query()],
    after: After = None,
    limit: Limit = 50,
) -> CompanyPage:
    """Companies in the order of their numbers; their leads are at /leads?company=…"""
    found = _companies(request)
    if wanted.q:
        words = wanted.q.lower()
        found = found.filter(Q(name__icontains=wanted.q) | Q(domain__startswith=words))
    named = {"status": wanted.status, "owner": wanted.owner}
    found = found.filter(**{name: value for name, value in named.items() if value})
    rows, following = page(request, found, by="pk", after=after, limit=limit)
    return CompanyPage(items=[CompanyOut.of(row) for row in rows], next=following)


@router.get("/companies/{int:company_id}", auth=reads, response={200: CompanyOut, **READING})
def company(request: TokenRequest, company_id: int) -> CompanyOut:
    """One company."""
    return CompanyOut.of(get_object_or_404(_companies(request), pk=company_id))


def _companies(request: TokenRequest) -> "QuerySet[Company]":
    if not request.auth.user.reads_leads:
        raise Http404
    return Company.objects.select_related("owner__team")
