"""Messages that were given up: who may see them, and sending one again."""

from datetime import datetime

from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts.models import Department, Role, User
from portal.notifications.errors import NotDead
from portal.notifications.models import Delivery


def may_see(user: User) -> bool:
    """Operations, the heads of both departments, and who administers the portal."""
    if not user.is_active:
        return False
    return user.role == Role.OPERATIONS or administers(user) or is_head(user)


def administers(user: User) -> bool:
    return user.is_staff and (user.is_superuser or user.role == Role.ADMIN)


def is_head(user: User) -> bool:
    return Department.objects.filter(head=user).exists()


@ledger.recorded
def send_again(*, delivery_id: int, by: User, at: datetime) -> Delivery:
    """Let a message that was given up leave once more: a new attempt with the same key.

    Raises NotDead if somebody did so before.
    """
    row = Delivery.objects.select_for_update(no_key=True, of=("self",)).get(pk=delivery_id)
    if row.state != Delivery.State.DEAD:
        raise NotDead(_("Somebody has sent this message again already."))
    row.state, row.attempts = Delivery.State.PENDING, 0
    row.next_at, row.lease_until, row.digest = at, None, Delivery.Digest.NONE
    row.save(update_fields=["state", "attempts", "next_at", "lease_until", "digest"])
    clear = {"channel": row.channel, "about": row.about}
    ledger.append(
        ledger.Kind.DELIVERY_SENT_AGAIN, at=at, by=by, subject=("delivery", row.pk), clear=clear
    )
    return row
