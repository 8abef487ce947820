"""Sources: made, their mapping changed, given other secrets, and switched off."""

import secrets as randomness
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.events.incoming.proving import digest_of
from leads.core.events import parse
from leads.core.events.presets import presets
from leads.errors import EventsRefused
from leads.models import EventSource
from portal import ledger
from portal.accounts.models import ApiToken, Role, Scope, User
from portal.notifications.channels import webhook

OVERLAP = timedelta(hours=24)
RESERVED = frozenset({"portal"})
BEGINS = "cin_"  # what a token of a source begins with, so that one that leaks is known


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a source is to be; `client_secret` empty: it stays as it is. `api_token`: whose
    calls of the API count as this system's, as it begins."""

    name: str
    system: str
    keeper: User
    speaks_for_seat: bool = False
    is_active: bool = True
    client_secret: str = field(default="", repr=False)
    api_token: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A secret and a token, shown once."""

    secret: str
    token: str


def of_token(token: ApiToken) -> str:
    """The key of the source in use whose token of the API this is; "" if it is nobody's."""
    found = EventSource.objects.filter(api_token=token, is_active=True)
    return found.values_list("key", flat=True).first() or ""


def keeps_sources(user: User) -> bool:
    """Operations, and who administers the portal."""
    return user.is_active and user.role in {Role.OPERATIONS, Role.ADMIN}


@ledger.recorded
def make(
    *, key: str, kind: str, wanted: Wanted, by: User, at: datetime
) -> tuple[EventSource, Shown]:
    """Let a system tell what happens; its mapping begins as its kind's. The key stays.

    Raises EventsRefused for who may not, a key that is taken, and a keeper who may not be.
    """
    _require(by, wanted)
    if key in RESERVED or EventSource.objects.filter(key=key).exists():
        raise EventsRefused(_("There is a source with this key already. Choose another."))
    shown = _fresh()
    source = EventSource(
        key=key, kind=kind, mapping=presets()[kind]["mapping"], made_at=at,
        token_digest=digest_of(shown.token),
    )  # fmt: skip
    source.keep(secrets=[shown.secret])
    _take_over(source, wanted, by, at)
    source.save()
    _record(
        source, ["key", "kind", "name", "system", "keeper", "api_token"], by, at, added=True
    )
    return source, shown


@ledger.recorded
def change(*, source_id: int, wanted: Wanted, by: User, at: datetime) -> EventSource:
    """Change all but key, kind and mapping. Raises EventsRefused."""
    _require(by, wanted)
    source = _locked(source_id)
    _take_over(source, wanted, by, at)
    source.save()
    fields = ["name", "system", "keeper", "speaks_for_seat", "is_active", "api_token"]
    _record(source, fields + (["client_secret"] if wanted.client_secret else []), by, at)
    return source


@ledger.recorded
def remap(*, source_id: int, mapping: Any, by: User, at: datetime) -> EventSource:
    """Say anew what its messages mean; what is in quarantine waits to be run again.

    Raises MappingInvalid with every fault, EventsRefused.
    """
    _require(by)
    parse(mapping)
    source = _locked(source_id)
    source.mapping, source.changed_at, source.changed_by = mapping, at, by
    source.save(update_fields=["mapping", "changed_at", "changed_by"])
    _record(source, ["mapping"], by, at)
    return source


@ledger.recorded
def rotate(*, source_id: int, by: User, at: datetime) -> Shown:
    """A new secret and a new token; those before count for a day more."""
    _require(by)
    source, shown = _locked(source_id), _fresh()
    before = source.secrets(at)[:1]
    source.keep(secrets=[shown.secret, *before])
    source.old_token_digest, source.token_digest = source.token_digest, digest_of(shown.token)
    source.old_until, source.changed_at, source.changed_by = at + OVERLAP, at, by
    source.save()
    _record(source, ["secret", "token"], by, at)
    return shown


def _fresh() -> Shown:
    return Shown(webhook.fresh_secret(), BEGINS + randomness.token_urlsafe(32))


def _require(by: User, wanted: Wanted | None = None) -> None:
    if not keeps_sources(by):
        raise EventsRefused(_("Operations keep the sources, and who administers the portal."))
    if wanted is not None and not wanted.keeper.imports_leads:
        raise EventsRefused(_("A source is kept by somebody of operations."))


def _take_over(source: EventSource, wanted: Wanted, by: User, at: datetime) -> None:
    source.name, source.keeper = wanted.name, wanted.keeper
    source.system = wanted.system or source.key
    source.speaks_for_seat, source.is_active = wanted.speaks_for_seat, wanted.is_active
    source.keep(client_secret=wanted.client_secret)
    source.api_token = _token(source, wanted.api_token, at)
    source.changed_at, source.changed_by = at, by


def _token(source: EventSource, prefix: str, at: datetime) -> ApiToken | None:
    """The token that begins so. Raises EventsRefused if it cannot be this system's."""
    said = prefix.removeprefix("concord_")[:8]
    if not said:
        return None
    if source.api_token is not None and source.api_token.prefix == said:
        return source.api_token
    token = ApiToken.objects.usable(at).filter(prefix=said).first()
    if token is None or Scope.ACT not in token.scopes:
        raise EventsRefused(_("No token that can be used, and may act, begins so."))
    if EventSource.objects.filter(api_token=token).exclude(pk=source.pk).exists():
        raise EventsRefused(_("This token is another system's already."))
    return token


def _locked(source_id: int) -> EventSource:
    return EventSource.objects.select_for_update(no_key=True, of=("self",)).get(pk=source_id)


def _record(
    source: EventSource, fields: list[str], by: User, at: datetime, *, added: bool = False
) -> None:
    clear = {
        "fields": fields, "added": added, "source": source.key, "token": source.api_token_id
    }  # fmt: skip
    ledger.append("configured", at=at, by=by, subject=("eventsource", source.pk), clear=clear)
