"""Endpoints: packed for, tried out, switched off, and people connected to them."""

from datetime import datetime

from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.models import User
from portal.notifications import leases
from portal.notifications.actions.failing import record_dead
from portal.notifications.actions.telling import operators, tell
from portal.notifications.channels import ENDPOINTS, Failed, Parcel, slack
from portal.notifications.channels.parcels import MOST_NOTICES, MOST_TO_A_SYSTEM, Told, told
from portal.notifications.errors import CannotConnect
from portal.notifications.messages import Message, address
from portal.notifications.models import Connection, Delivery, Endpoint, Level
from portal.notifications.models.sealing import Unreadable
from portal.reader.language import Phrase


def pack(endpoint: Endpoint, message: Message, *, at: datetime) -> Parcel:
    """All that sending needs. Raises Failed if its secrets cannot be read."""
    notices, account = told(message), ""
    most = MOST_TO_A_SYSTEM if endpoint.kind == Endpoint.Kind.WEBHOOK else MOST_NOTICES
    if endpoint.is_personal:
        mine = endpoint.connections.filter(user=message.recipient)
        account = mine.values_list("account", flat=True).first() or ""
    return _parcel(
        endpoint,
        key=str(message.key),
        subject=message.subject,
        notices=notices[:most],
        more=max(len(notices) - most, 0),
        account=account,
        at=at,
    )


def _parcel(
    endpoint: Endpoint,
    *,
    key: str,
    subject: str,
    notices: tuple[Told, ...],
    at: datetime,
    more: int = 0,
    account: str = "",
) -> Parcel:
    try:
        where, secrets = endpoint.address, tuple(endpoint.secrets)
    except Unreadable as error:
        raise Failed(str(error), tries=1) from error
    return Parcel(
        kind=endpoint.kind,
        address=where,
        secrets=secrets,
        allows_http=endpoint.allows_http,
        key=key,
        subject=subject,
        notices=notices,
        more=more,
        account=account,
        at=at,
    )


def try_out(endpoint: Endpoint, *, by: User, at: datetime) -> str:
    """Send one message at once and tell what came of it, in words. Never raises Failed."""
    notice = Told(
        title=_("A test of Concord"),
        text=_("%(name)s asked for it. Messages of the agreement arrive like this one.")
        % {"name": by},
        link=address("/"),
        reference="#T-0",
        level=Level.INFO,
        about="test",
        people=(str(by),),
        emails=(by.email,),
    )
    key = f"test-{endpoint.pk}-{int(at.timestamp())}"
    try:
        parcel = _parcel(endpoint, key=key, subject=notice.title, notices=(notice,), at=at)
        if endpoint.is_personal:
            parcel = _addressed(parcel, slack.account_of(parcel, by.email))
        ENDPOINTS[endpoint.kind](parcel)
    except Failed as failure:
        return _("It did not arrive. %(reason)s") % {"reason": failure.reason}
    return _("It was taken by %(host)s. Look whether it is there.") % {
        "host": endpoint.host or "slack.com"
    }


def _addressed(parcel: Parcel, account: str) -> Parcel:
    return Parcel(**(vars(parcel) | {"account": account}))


def switch_off(endpoint: Endpoint, *, reason: str, at: datetime) -> int:
    """Send nothing there any more; what waits for it dies, in the open, and can be sent
    again once it is on. Return how many rows that was."""
    with ledger.recording(at=at):
        Endpoint.objects.filter(pk=endpoint.pk).update(
            is_enabled=False, last_error=reason[: leases.REASON]
        )
        endpoint.is_enabled = False
        rows = list(Delivery.objects.pending().filter(endpoint=endpoint, lease_until=None))
        dead = Delivery.objects.pending().filter(pk__in=[row.pk for row in rows])
        leases.kill(dead, reason=reason, at=at)
        record_dead(rows)
        clear = {"fields": ["is_enabled"], "added": False, "waiting": len(rows)}
        ledger.append("configured", subject=("endpoint", endpoint.pk), clear=clear)
        tell(
            about=f"endpoint:{endpoint.pk}:off:{int(at.timestamp())}",
            to=operators(),
            channels=[Delivery.Channel.IN_APP],
            title=Phrase("%(endpoint)s is switched off") % {"endpoint": endpoint.name},
            text=Phrase("%(reason)s %(count)s waiting messages were given up.")
            % {"reason": reason, "count": len(rows)},
            link="/undelivered/",
            level=Level.LATE,
            at=at,
        )
    return len(rows)


def connectable(user: User) -> Endpoint | None:
    """The Slack workspace from which a person can get direct messages, if there is one."""
    bots = Endpoint.objects.enabled().filter(kind=Endpoint.Kind.SLACK_BOT)
    mine = [one for one in bots if one.serves(user)]
    return max(mine, key=lambda one: (one.narrowness, -one.pk), default=None)


def connect(*, user: User, at: datetime) -> Connection:
    """Find the person in Slack by their mail address; from then on they get messages there.

    Asks Slack outside any transaction. Raises CannotConnect with what went wrong.
    """
    endpoint = connectable(user)
    if endpoint is None:
        raise CannotConnect(_("No Slack workspace is set up for you."))
    try:
        parcel = _parcel(endpoint, key="", subject="", notices=(), at=at)
        account = slack.account_of(parcel, user.email)
    except Failed as failure:
        raise CannotConnect(failure.reason) from failure
    with ledger.recording(at=at):
        made, _new = Connection.objects.update_or_create(
            user=user, endpoint=endpoint, defaults={"account": account, "connected_at": at}
        )
        _note(user, "connected")
    return made


@ledger.recorded
def disconnect(*, user: User, at: datetime) -> None:
    """No direct messages any more; what waits goes the way of a failed message."""
    Connection.objects.filter(user=user).delete()
    _note(user, "disconnected", at)


def _note(user: User, what: str, at: datetime | None = None) -> None:
    clear = {"fields": ["connection"], "what": what}
    ledger.append("account_changed", at=at, by=user, subject=("user", user.pk), clear=clear)
