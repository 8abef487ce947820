"""Agreements as the API says them: plain values, names as on the pages and in DOMAIN."""

from datetime import datetime
from typing import Any, Literal

from ninja import Field, Schema

from portal.rest import Instant
from sla.core.diff import Change
from sla.core.merge import GONE, Conflict
from sla.models import Agreement, Signature, Version


class AgreementOut(Schema):
    """The standing contract; `in_force` is the number of the version that governs now."""

    id: int
    key: str
    name: str
    is_default: bool
    archived: bool
    in_force: int | None

    @classmethod
    def of(cls, agreement: Agreement, at: datetime) -> "AgreementOut":
        current = Version.objects.in_force(agreement.pk, at)
        return cls(
            id=agreement.pk,
            key=agreement.key,
            name=agreement.name,
            is_default=agreement.is_default,
            archived=agreement.archived_at is not None,
            in_force=current.number if current else None,
        )


class VersionOut(Schema):
    """One numbered text. `digest` is of the terms as they stand; `needs`, who signs yet."""

    agreement: str
    number: int
    revision: int
    state: Version.State
    in_force: bool
    digest: str
    save: int
    needs: list[str]
    reason: str
    created_by: str | None
    created_at: datetime
    saved_at: datetime
    proposed_by: str | None
    proposed_at: datetime | None
    requested_from: datetime | None
    signed_at: datetime | None
    effective_from: datetime | None
    ended_at: datetime | None
    ended_reason: str


class SignatureOut(Schema):
    """Who signed which revision, how they proved themselves, over which digest."""

    department: str
    signer: str
    title: str
    revision: int
    counts: bool
    digest: str
    statement: str
    method: str
    authenticated_at: datetime
    signed_at: datetime

    @classmethod
    def of(cls, signature: Signature, version: Version) -> "SignatureOut":
        return cls(
            department=signature.department_id,
            signer=signature.signer_name,
            title=signature.signer_title,
            revision=signature.revision,
            counts=signature.revision == version.revision,
            digest=signature.digest,
            statement=signature.statement,
            method=signature.method,
            authenticated_at=signature.authenticated_at,
            signed_at=signature.signed_at,
        )


class ChangeOut(Schema):
    """One sentence that is other than it was; "" where it is new, or gone."""

    part: str
    number: str
    path: str
    old: str
    new: str

    @classmethod
    def of(cls, change: Change) -> "ChangeOut":
        return cls(
            part=change.part,
            number=change.number,
            path=change.path,
            old=change.old,
            new=change.new,
        )


class AgreementPage(Schema):
    items: list[AgreementOut]
    next: str | None


class VersionPage(Schema):
    items: list[VersionOut]
    next: str | None


class SignatureList(Schema):
    items: list[SignatureOut]


class Changes(Schema):
    """What leads from one version's terms to another's, in the order of the clauses."""

    old: int
    new: int
    items: list[ChangeOut]


class DraftIn(Schema):
    """A new draft: whole terms, or a template, or a copy of a version; exactly one of them."""

    terms: dict[str, Any] | None = None
    template: Literal["classic", "empty"] | None = None
    copy_of: int | None = Field(None, ge=1, le=2**31)
    reason: str = Field("", max_length=1_000)


class ProposeIn(Schema):
    """When it should begin; nothing: with the second signature."""

    effective_from: Instant | None = None


def conflict(found: Conflict) -> dict[str, Any]:
    """A part that two saves changed; a side that has no such part is left out."""
    values = {"base": found.base, "theirs": found.theirs, "mine": found.mine}
    present = {name: value for name, value in values.items() if value is not GONE}
    return {"path": found.path, **present}
