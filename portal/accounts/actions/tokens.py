"""API tokens: made and revoked by their owner, each with its entry in the ledger."""

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from portal import ledger
from portal.accounts.errors import MayNotHoldTokens, TooManyTokens
from portal.accounts.models import ApiToken, Scope, User
from portal.accounts.models.token import SEEN_EVERY, digest_of, may_hold

MOST = 20
LONGEST = timedelta(days=366)


@ledger.recorded
def make(
    *, by: User, name: str, scopes: Collection[Scope], expires_at: datetime, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token for `by`; return it and its secret, which is known nowhere afterwards.

    It ends at `expires_at`, a year from `at` at the latest. Raises MayNotHoldTokens and
    TooManyTokens.
    """
    if not may_hold(by):
        raise MayNotHoldTokens("Tokens are for both departments and for operations.")
    if ApiToken.objects.owned_by(by).usable(at).count() >= MOST:
        raise TooManyTokens(f"You have {MOST} tokens that can be used. Revoke one first.")
    prefix = secrets.token_hex(4)
    secret = f"concord_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        user=by,
        department_id=by.department_id,
        name=name,
        prefix=prefix,
        digest=digest_of(secret),
        scopes=sorted(scopes),
        created_at=at,
        expires_at=min(expires_at, at + LONGEST),
    )
    _record("token_made", token, by=by, at=at)
    return token, secret


@ledger.recorded
def revoke(*, token_id: int, by: User, at: datetime) -> ApiToken:
    """End a token of one's own from `at` on; one that ended before stays as it was."""
    token = ApiToken.objects.owned_by(by).select_for_update(no_key=True).get(pk=token_id)
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record("token_revoked", token, by=by, at=at)
    return token


def seen(token: ApiToken, *, at: datetime) -> None:
    """Note that a token was used; once a minute, so that reading does not write each time."""
    known = ApiToken.objects.filter(pk=token.pk).unseen_since(at - SEEN_EVERY)
    known.update(last_used_at=at)


def _record(kind: str, token: ApiToken, *, by: User, at: datetime) -> None:
    ledger.append(
        kind,
        at=at,
        by=by,
        subject=("token", token.pk),
        department=token.department_id,
        clear={"scopes": token.scopes, "expires_at": token.expires_at.isoformat()},
    )
