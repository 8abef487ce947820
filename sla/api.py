"""The API of agreements: read everything, draft and propose. No token signs or declines."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Status

from portal import wallclock
from portal.accounts.api import Token, TokenRequest
from portal.accounts.models import Scope
from portal.rest import GREATEST, MOST_ROWS, Problem, Refusal, json_only, page, tagged
from sla.actions import drafting, review
from sla.core import terms as core
from sla.core.diff import compare
from sla.errors import DraftChanged
from sla.models import Agreement, Version
from sla.schemas import (
    AgreementOut,
    AgreementPage,
    ChangeOut,
    Changes,
    DraftIn,
    ProposeIn,
    SignatureList,
    SignatureOut,
    VersionOut,
    VersionPage,
    conflict,
)

reads, drafts = Token(Scope.READ), Token(Scope.DRAFT)
router = Router(tags=["agreements"])
VERSION = "/agreements/{slug:key}/versions/{int:number}"
After = Annotated[int | None, Query(None, ge=0, le=GREATEST)]
Limit = Annotated[int, Query(50, ge=1, le=MOST_ROWS)]
READING: dict[Any, Any] = {401: Refusal, 403: Refusal, 404: Refusal, 422: Refusal}
WRITING: dict[Any, Any] = {400: Refusal, **READING, 409: Refusal, 415: Refusal}
DOCUMENT = {"content": {"application/json": {"schema": {"type": "object"}}}}


@router.get("/schemas/terms", auth=reads, openapi_extra={"responses": {200: DOCUMENT}})
def terms_schema(request: TokenRequest) -> HttpResponse:
    """The JSON Schema that terms have to fit; also at /agreements/terms.schema.json."""
    return _document(request, core.schema(), "application/schema+json")


@router.get("/agreements", auth=reads, response={200: AgreementPage, **READING})
def agreements(request: TokenRequest, after: After = None, limit: Limit = 50) -> AgreementPage:
    """The agreements, oldest first, with the version that is in force."""
    rows, following = page(request, Agreement.objects.all(), by="pk", after=after, limit=limit)
    at = wallclock.now()
    return AgreementPage(items=[AgreementOut.of(row, at) for row in rows], next=following)


@router.get("/agreements/{slug:key}", auth=reads, response={200: AgreementOut, **READING})
def agreement(request: TokenRequest, key: str) -> AgreementOut:
    """One agreement."""
    return AgreementOut.of(_agreement(key), wallclock.now())


@router.get(
    "/agreements/{slug:key}/versions", auth=reads, response={200: VersionPage, **READING}
)
def versions(
    request: TokenRequest, key: str, after: After = None, limit: Limit = 50
) -> VersionPage:
    """Its versions, oldest first, drafts included."""
    known = _known().filter(agreement=_agreement(key))
    rows, following = page(request, known, by="number", after=after, limit=limit)
    return VersionPage(items=[_version(row) for row in rows], next=following)


@router.post(
    "/agreements/{slug:key}/versions", auth=drafts, response={201: VersionOut, **WRITING}
)
def create_draft(
    request: TokenRequest, response: HttpResponse, key: str, body: DraftIn
) -> Status[Any]:
    """Start a draft from whole terms, from a template, or from another version."""
    agreement = _agreement(key)
    version = drafting.draft(
        agreement_id=agreement.pk,
        terms=_terms(agreement, body),
        by=request.auth.user,
        at=wallclock.now(),
        reason=body.reason,
        token=request.auth.pk,
    )
    response.headers["Location"] = f"{request.path}/{version.number}"
    return Status(201, _version(version))


@router.get(VERSION, auth=reads, response={200: VersionOut, **READING})
def version(request: TokenRequest, key: str, number: int) -> VersionOut:
    """One version, without its terms."""
    return _version(_find(key, number))


@router.get(f"{VERSION}/terms", auth=reads, openapi_extra={"responses": {200: DOCUMENT}})
def terms(request: TokenRequest, key: str, number: int) -> HttpResponse:
    """The terms in their canonical form: the bytes that the digest is of.

    The ETag is what saving a draft wants in `If-Match`.
    """
    found = _find(key, number)
    return _document(request, found.terms, "application/json", _tag(found))


@router.put(
    f"{VERSION}/terms",
    auth=drafts,
    response={200: VersionOut, **WRITING, 412: Refusal, 428: Refusal},
    openapi_extra={
        "requestBody": {"required": True, **DOCUMENT},
        "parameters": [
            {"name": "If-Match", "in": "header", "required": True, "schema": {"type": "string"}}
        ],
    },
)
def save_draft(
    request: TokenRequest, response: HttpResponse, key: str, number: int
) -> VersionOut:
    """Save whole terms over a draft that was read with the ETag given in `If-Match`.

    If somebody saved in between, nothing is saved: 412, with the difference.
    """
    found = _find(key, number)
    body = json_only(request)
    given = request.headers.get("If-Match")
    if given is None:
        raise Problem(428, "Send the ETag of the terms that you read in If-Match.")
    if given != _tag(found):
        raise _changed(found, core.loads(body))
    try:
        saved = drafting.save(
            version_id=found.pk,
            terms=core.loads(body),
            by=request.auth.user,
            at=wallclock.now(),
            seen_save=_save_of(found),
            merging=False,
            token=request.auth.pk,
        )
    except DraftChanged as error:
        raise _differs(error) from error
    response.headers["ETag"] = _tag(saved)
    return _version(saved)


@router.post(f"{VERSION}/propose", auth=drafts, response={200: VersionOut, **WRITING})
def propose(
    request: TokenRequest, key: str, number: int, body: ProposeIn | None = None
) -> VersionOut:
    """Freeze a draft and ask both departments to sign it, in the portal."""
    begins = body.effective_from if body else None
    return _version(
        review.propose(
            version_id=_find(key, number).pk,
            by=request.auth.user,
            at=wallclock.now(),
            effective_from=begins,
            token=request.auth.pk,
        )
    )


@router.get(f"{VERSION}/signatures", auth=reads, response={200: SignatureList, **READING})
def signatures(request: TokenRequest, key: str, number: int) -> SignatureList:
    """Every signature it got, those over earlier revisions too, which count no more."""
    found = _find(key, number)
    made = found.signatures.order_by("signed_at", "pk")
    return SignatureList(items=[SignatureOut.of(one, found) for one in made])


@router.get(f"{VERSION}/changes", auth=reads, response={200: Changes, **READING})
def changes(
    request: TokenRequest,
    key: str,
    number: int,
    against: Annotated[int, Query(..., ge=1, le=GREATEST)],
) -> Changes:
    """What leads from the version `against` to this one, in whole sentences."""
    old, new = _find(key, against), _find(key, number)
    found = compare(old.terms, new.terms)
    return Changes(
        old=old.number, new=new.number, items=[ChangeOut.of(change) for change in found]
    )


def _agreement(key: str) -> Agreement:
    return get_object_or_404(Agreement, key=key)


def _known() -> Any:
    people = Version.objects.select_related("agreement", "created_by", "proposed_by")
    return people.prefetch_related("signatures")


def _find(key: str, number: int) -> Version:
    found: Version = get_object_or_404(_known(), agreement__key=key, number=number)
    return found


def _terms(agreement: Agreement, body: DraftIn) -> dict[str, Any]:
    given = [one for one in (body.terms, body.template, body.copy_of) if one is not None]
    if len(given) != 1:
        raise Problem(422, "Give exactly one of terms, template and copy_of.")
    if body.terms is not None:
        return body.terms
    if body.template is not None:
        return core.template(body.template)
    copied: dict[str, Any] = _find(agreement.key, body.copy_of or 0).terms
    return copied


def _version(version: Version) -> VersionOut:
    current = Version.objects.in_force(version.agreement_id, wallclock.now())
    return VersionOut(
        agreement=version.agreement.key,
        number=version.number,
        revision=version.revision,
        state=Version.State(version.state),
        in_force=current is not None and current.pk == version.pk,
        digest=version.digest or core.digest(version.terms),
        save=_save_of(version),
        needs=version.needs if version.state == Version.State.PROPOSED else [],
        reason=version.reason,
        created_by=version.created_by.name if version.created_by else None,
        created_at=version.created_at,
        saved_at=version.saved_at,
        proposed_by=version.proposed_by.name if version.proposed_by else None,
        proposed_at=version.proposed_at,
        requested_from=version.requested_from,
        signed_at=version.signed_at,
        effective_from=version.effective_from,
        ended_at=version.ended_at,
        ended_reason=version.ended_reason,
    )


def _save_of(version: Version) -> int:
    return version.saves.values_list("number", flat=True).first() or 0


def _tag(version: Version) -> str:
    """Names the text and the save, so that a text which came back is still another state."""
    return f'"{core.digest(version.terms)}.{_save_of(version)}"'


def _document(request: HttpRequest, value: Any, kind: str, tag: str = "") -> HttpResponse:
    response = HttpResponse(core.canonical(value), content_type=kind)
    if tag:
        response.headers["ETag"] = tag
    return tagged(request, response)


def _changed(version: Version, mine: Any) -> Problem:
    drafting.check(mine)
    said = "Somebody saved this draft after you read it. Nothing was saved."
    return _differs(DraftChanged(said, compare(mine, version.terms)))


def _differs(error: DraftChanged) -> Problem:
    more = {
        "changes": [ChangeOut.of(change).dict() for change in error.changes],
        "conflicts": [conflict(one) for one in error.conflicts],
    }
    return Problem(412, str(error), kind="draft-changed", more=more)
