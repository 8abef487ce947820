"""What the tests of agreements share: drafts, proposals, signatures, and an hour of them."""

from datetime import datetime, timedelta
from typing import Any

from sla.actions import drafting, review, signing
from sla.models import Agreement, Signature, Version
from tests.factories import (
    MONDAY_NINE,
    make_signatory,
    make_team,
    make_terms,
    make_user,
)

NINE = MONDAY_NINE
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EDITED = "We answer quicker than anybody."


def a_company() -> None:
    """Every team of the classic agreement with its people, so that no clock is unowned, and
    both signatories."""
    make_signatory("marketing"), make_signatory("sales")
    for key in ("demand-generation", "inside-sales", "outside-sales"):
        team = make_team(key)
        if not team.members.exists():
            make_user(team=team)


def an_agreement() -> Agreement:
    found, _ = Agreement.objects.get_or_create(
        is_default=True, defaults={"key": "inbound", "name": "Inbound leads"}
    )
    return found


def a_draft(*, at: datetime = NINE, terms: dict[str, Any] | None = None, by=None) -> Version:
    a_company()
    return drafting.draft(
        agreement_id=an_agreement().pk,
        terms=terms or make_terms(),
        by=by or make_signatory("marketing"),
        at=at,
    )


def a_proposal(*, at: datetime = NINE, effective_from: datetime | None = None, **fields: Any):
    version = a_draft(at=at, **fields)
    by = version.created_by
    assert by is not None
    return review.propose(version_id=version.pk, by=by, at=at, effective_from=effective_from)


def sign(version: Version, department: str, *, at: datetime = NINE, **fields: Any) -> Signature:
    fields = {
        "by": make_signatory(department),
        "digest": version.digest,
        "authenticated_at": at,
        "method": Signature.Method.PASSWORD_TOTP,
        "acknowledged": [w.code for w in signing.grave_warnings(version)],
    } | fields
    return signing.sign(version_id=version.pk, at=at, **fields)


def a_signed_version(*, at: datetime = NINE, **fields: Any) -> Version:
    version = a_proposal(at=at, **fields)
    sign(version, "marketing", at=at)
    sign(version, "sales", at=at)
    version.refresh_from_db()
    return version


def edited(version: Version) -> dict[str, Any]:
    return version.terms | {"preamble": EDITED}
