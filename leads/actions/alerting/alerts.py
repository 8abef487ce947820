"""What a person does with an alert. It stops no clock."""

from datetime import datetime

from django.utils.translation import gettext as _

from leads.errors import NotYours
from leads.models import Alert
from portal import ledger
from portal.accounts.models import User
from portal.accounts.permissions import may_act_for
from portal.notifications.models import Delivery


@ledger.recorded
def acknowledge(*, alert_id: int, by: User, at: datetime) -> Alert:
    """Seen, I act: by who was told, or acts for the owner. The first one's word stays.

    Raises NotYours for anybody else.
    """
    alerts = Alert.objects.select_related("clock__team__department")
    alert = alerts.select_for_update(no_key=True, of=("self",)).get(pk=alert_id)
    if not acts_or_was_told(alert, by, at):
        raise NotYours(_("Only who was told of this, or acts on it, can say so."))
    if alert.acknowledged_at is not None:
        return alert
    alert.acknowledged_at, alert.acknowledged_by = at, by
    alert.save(update_fields=["acknowledged_at", "acknowledged_by"])
    ledger.append(
        ledger.Kind.ALERT_ACKNOWLEDGED,
        subject=("alert", alert.pk),
        lead=alert.clock.lead_id,
        at=at,
        by=by,
        department=by.department_id,
        clear={"clock": alert.clock_id, "step": alert.step},
    )
    return alert


def acts_or_was_told(alert: Alert, by: User, at: datetime) -> bool:
    """Whether an alert is `by`'s to answer: one was told to them, or they act for the owner."""
    told = Delivery.objects.filter(about=f"alert:{alert.pk}", recipient=by)
    if by.is_active and told.exists():
        return True
    return may_act_for(by, alert.clock.owner_id, alert.clock.team, at)
