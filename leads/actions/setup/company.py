"""What the company is called and when it works: what its agreements begin with."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.saving import save
from leads.actions.setup.who import require_administrator
from leads.errors import SetupRefused
from portal import ledger
from portal.accounts.models import Team, User
from sla.core.workingtime import WorkingCalendar
from sla.models import Office
from sla.models.office import KEY


@ledger.recorded
def settle(
    *, name: str, country: str, region: str, calendar: dict[str, Any], by: User, at: datetime
) -> Office:
    """Say what the company is called and which calendar its agreements begin with.

    `calendar` as in the terms. Teams without a calendar get it; whoever says it works in
    its zone from now on, unless they chose one. Raises NotYours, and SetupRefused for a
    calendar that never opens.
    """
    require_administrator(by)
    try:
        WorkingCalendar.from_json(calendar)
    except ValueError as error:
        raise SetupRefused(_("This calendar never opens: choose days and hours.")) from error
    office, _new = Office.objects.update_or_create(
        id=1,
        defaults={
            "name": name, "country": country, "region": region, "calendar": calendar,
            "changed_at": at, "changed_by": by,
        },
    )  # fmt: skip
    for team in Team.objects.filter(calendar="", archived_at=None):
        team.calendar = KEY
        save(team, "calendar", at=at, by=by)
    User.objects.filter(pk=by.pk, zone="UTC").update(zone=calendar["zone"])
    ledger.append(
        "configured", at=at, by=by, subject=("office", 1),
        clear={"zone": calendar["zone"], "country": country, "region": region,
               "valid_through": calendar["valid_through"]},
    )  # fmt: skip
    return office
