"""Subscriptions: made, changed, tried out, given another secret."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from leads.core.events.outward import EVERY
from leads.errors import EventsRefused
from leads.models import Subscription
from portal import ledger
from portal.accounts.models import User
from portal.notifications import http
from portal.notifications.channels import webhook
from portal.notifications.models import Endpoint

OVERLAP = timedelta(hours=24)
"""As long a replaced secret goes on signing, or counting, beside the new one."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a subscription is to be. `address` empty: it stays as it is."""

    name: str
    address: str = ""
    kinds: tuple[str, ...] = ()
    personal: bool = False
    allows_http: bool = False
    is_enabled: bool = True


@ledger.recorded
def subscribe(*, wanted: Wanted, by: User, at: datetime) -> tuple[Subscription, str]:
    """Tell a system of what happens from now on; return its secret, shown once.

    Raises EventsRefused for who may not, and for an address that is none.
    """
    require(by)
    _check(wanted, new=True)
    secret = webhook.fresh_secret()
    endpoint = Endpoint(
        kind=Endpoint.Kind.EVENTS, name=_free_name(wanted.name), is_enabled=wanted.is_enabled,
        allows_http=wanted.allows_http,
    )  # fmt: skip
    endpoint.keep(address=wanted.address, secrets=secret)
    endpoint.save()
    made = Subscription.objects.create(
        name=wanted.name, endpoint=endpoint, kinds=list(wanted.kinds), after=ledger.tip()[0],
        personal=wanted.personal, made_at=at, made_by=by,
    )  # fmt: skip
    _record(made, ["name", "address", "kinds", "personal"], by, at, added=True)
    return made, secret


@ledger.recorded
def change(*, subscription_id: int, wanted: Wanted, by: User, at: datetime) -> Subscription:
    """Change what is told, where to, or whether. Raises EventsRefused."""
    require(by)
    _check(wanted, new=False)
    found = _locked(subscription_id)
    endpoint = found.endpoint
    if wanted.is_enabled and not endpoint.is_enabled:
        endpoint.failures, endpoint.open_until = 0, None
    found.name, found.kinds, found.personal = wanted.name, list(wanted.kinds), wanted.personal
    endpoint.is_enabled, endpoint.allows_http = wanted.is_enabled, wanted.allows_http
    endpoint.keep(address=wanted.address)
    found.save(update_fields=["name", "kinds", "personal"])
    endpoint.save()
    fields = ["name", "kinds", "personal", "is_enabled", "allows_http"]
    _record(found, fields + (["address"] if wanted.address else []), by, at)
    return found


@ledger.recorded
def rotate(*, subscription_id: int, by: User, at: datetime) -> str:
    """Give it a new secret and return it; for a day the one before signs too."""
    require(by)
    found = _locked(subscription_id)
    secret = webhook.fresh_secret()
    found.endpoint.keep(secrets=" ".join([secret, *found.endpoint.secrets[:1]]))
    found.endpoint.save(update_fields=["sealed_secrets"])
    found.old_until = at + OVERLAP
    found.save(update_fields=["old_until"])
    _record(found, ["secret"], by, at)
    return secret


def require(by: User) -> None:
    """Operations tell other systems what happens to leads. Raises EventsRefused."""
    if not by.imports_leads:
        raise EventsRefused(_("Operations keep the subscriptions."))


def _check(wanted: Wanted, *, new: bool) -> None:
    if unknown := set(wanted.kinds) - EVERY:
        raise EventsRefused(_("No such events: %(kinds)s.") % {"kinds": ", ".join(unknown)})
    if not wanted.name.strip():
        raise EventsRefused(_("Give it a name."))
    if new and not wanted.address:
        raise EventsRefused(_("It needs an address."))
    if wanted.address:
        policy = http.policy(allows_http=wanted.allows_http)
        try:
            http.place(wanted.address, policy)
        except http.Refused as refusal:
            raise EventsRefused(str(refusal)) from refusal


def _free_name(name: str) -> str:
    """Endpoints have names of their own; two subscriptions may be called alike."""
    taken: Iterable[str] = Endpoint.objects.values_list("name", flat=True)
    names, number = set(taken), 1
    found = name[:70]
    while found in names:
        number += 1
        found = f"{name[:70]} {number}"
    return found


def _locked(subscription_id: int) -> Subscription:
    row = Subscription.objects.select_for_update(no_key=True, of=("self",))
    return row.select_related("endpoint").get(pk=subscription_id)


def _record(
    found: Subscription, fields: list[str], by: User, at: datetime, *, added: bool = False
) -> None:
    clear = {"fields": fields, "added": added}
    ledger.append("configured", at=at, by=by, subject=("subscription", found.pk), clear=clear)
