"""API tokens: made and revoked by their owner, each with its entry in the ledger."""

import math
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.errors import MayNotHoldTokens, TooManyTokens
from portal.accounts.models import ApiToken, Scope, User
from portal.accounts.models.token import digest_of, scopes_of

MOST = 20
LONGEST = timedelta(days=366)
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
WINDOW = timedelta(minutes=1)
CALLS = 600
"""As many calls of one token are answered in a window."""


@ledger.recorded
def make(
    *, by: User, name: str, scopes: Collection[Scope], expires_at: datetime, at: datetime
) -> tuple[ApiToken, str]:
    """Make a token for `by`; return it and its secret, which is known nowhere afterwards.

    It ends at `expires_at`, a year from `at` at the latest. Raises MayNotHoldTokens and
    TooManyTokens.
    """
    if not scopes_of(by):
        raise MayNotHoldTokens(_("Tokens are for both departments and for operations."))
    if not set(scopes) <= scopes_of(by):
        raise MayNotHoldTokens(_("A token may no more than you may."))
    if ApiToken.objects.owned_by(by).usable(at).count() >= MOST:
        raise TooManyTokens(
            _("You have %(most)s tokens that can be used. Revoke one first.") % {"most": MOST}
        )
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
    _end(token, by=by, at=at)
    return token


def end_all(*, owner: User, by: User, at: datetime) -> None:
    """End every token of somebody whose account is closed: an inner step."""
    for token in ApiToken.objects.owned_by(owner).filter(revoked_at=None):
        _end(token, by=by, at=at)


def _end(token: ApiToken, *, by: User, at: datetime) -> None:
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record("token_revoked", token, by=by, at=at)


@dataclass(frozen=True, slots=True)
class Standing:
    """How many calls a token has left until `reset`, in seconds from now."""

    limit: int
    remaining: int
    reset: int
    refused: bool = False


def count(token: ApiToken, *, at: datetime) -> Standing:
    """Count one call of the token, and note that it was used.

    By one conditional write on its row, so that all processes together let CALLS through in
    a WINDOW and never one more. Where none is left nothing is written.
    """
    window = at - (at - EPOCH) % WINDOW
    reset = math.ceil((window + WINDOW - at).total_seconds())
    same = Q(window_at=window)
    made = Case(When(same, then=F("window_calls") + 1), default=Value(1))
    left = ApiToken.objects.filter(pk=token.pk).with_a_call_left(window, CALLS)
    if not left.update(window_calls=made, window_at=window, last_used_at=at):
        return Standing(CALLS, 0, reset, refused=True)
    before = token.window_calls if token.window_at == window else 0
    return Standing(CALLS, max(CALLS - before - 1, 0), reset)


def _record(kind: str, token: ApiToken, *, by: User, at: datetime) -> None:
    ledger.append(
        kind,
        at=at,
        by=by,
        subject=("token", token.pk),
        department=token.department_id,
        clear={"scopes": token.scopes, "expires_at": token.expires_at.isoformat()},
    )
