"""A draft of the agreement that answers a cause of broken promises."""

from copy import deepcopy
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from leads.core.targets import suggest, targets
from leads.errors import NothingAgreed
from leads.models import BreachCause
from leads.reports.backtest.trial import trial
from leads.reports.period import Filters
from portal.accounts.models import User
from sla.actions import drafting
from sla.actions.backtesting import PERIOD
from sla.models import Version

MINUTE = 60_000_000  # microseconds
USUAL = 90  # percent, where the terms name no attainment


def propose_a_change(
    *, cause: str, filters: Filters, version: Version, by: User, at: datetime
) -> Version:
    """Draft the next version for what both sides agreed was the cause in a period.

    Where the cause is capacity or definition, the promise that broke most often for it gets
    the shortest target that would have been kept as agreed in the last 90 days, if that is
    longer; else the text stays, to be changed by whoever opens it. The reason says why.
    Raises NothingAgreed if no clock has the cause, MayNot as `drafting.draft` does.
    """
    found = _broken(cause, filters)
    if not found:
        raise NothingAgreed(_("Nobody has agreed on this cause in this month."))
    terms = deepcopy(version.terms)
    if cause in ("capacity", "definition"):
        _ease(terms, version, found[0][0], at)
    number = sum(n for _key, n in found)
    reason = _("%(n)s promises of %(month)s broke for: %(cause)s") % {
        "n": number, "month": f"{filters.period.first:%Y-%m}",
        "cause": BreachCause.Cause(cause).label,
    }  # fmt: skip
    return drafting.draft(
        agreement_id=version.agreement_id, terms=terms, by=by, at=at, reason=reason
    )


def _broken(cause: str, filters: Filters) -> list[tuple[str, int]]:
    """The promises that broke for an agreed cause, most first."""
    period = filters.period
    agreed = BreachCause.objects.filter(
        cause=cause, agreed_at__isnull=False, clock__due_at__gte=period.start,
        clock__due_at__lt=period.end,
    ).order_by()  # fmt: skip
    counted = agreed.values_list("clock__obligation").annotate(n=Count("pk"))
    return sorted(counted, key=lambda one: (-one[1], one[0]))


def _ease(terms: dict[str, Any], version: Version, key: str, at: datetime) -> None:
    """Give the promise the target that would have been kept, where that is longer."""
    owed = next((one for one in version.parsed.obligations if one.key == key), None)
    if owed is None or owed.kind == "contribution":
        return
    found = trial(version, at - PERIOD, at, at).of(owed).taken
    enough = suggest(found, owed.attainment or USUAL).target
    if enough is None or not owed.targets:
        return
    now = targets(version.parsed, found, owed.targets[-1].within)
    if enough > int(now.max()):
        one = next(one for one in terms["obligations"] if one["key"] == key)
        one["targets"][-1]["within"] = f"PT{-(-enough // MINUTE)}M"
