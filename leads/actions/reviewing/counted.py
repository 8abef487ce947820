"""What a CRM says it holds: entered by hand, kept with who said it and when."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from leads.core import text as texts
from leads.errors import NotYours
from leads.models import CrmCount
from portal import ledger
from portal.accounts.models import User


@ledger.recorded
def count_crm(*, source: str, month: date, number: int, by: User, at: datetime) -> CrmCount:
    """Keep that the CRM holds `number` leads of `source` ("": of all) that came in `month`.

    Any day names its month. What was said before stays, and counts no more. Raises NotYours
    for anybody but operations, ValueError below zero.
    """
    if not by.imports_leads:
        raise NotYours(_("Operations say how many leads the CRM holds."))
    if number < 0:
        raise ValueError("there are not fewer than no leads")
    kept = CrmCount.objects.create(
        source=texts.line(source, 80), month=month.replace(day=1), number=number, by=by, at=at
    )
    ledger.append(
        ledger.Kind.CRM_COUNTED,
        subject=("crm_count", kept.pk),
        at=at,
        by=by,
        clear={"source": kept.source, "month": kept.month.isoformat(), "number": number},
    )
    return kept
