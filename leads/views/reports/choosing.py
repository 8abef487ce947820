"""Who may read a report, under which terms, and which part of the facts an address names."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, Subquery
from django.http import Http404
from django.utils.translation import gettext as _

from leads.models import RolledTo
from leads.reports.people.smallest import require_group
from leads.reports.period import LENGTHS, Filters
from portal.http import PortalRequest
from portal.look.parts import Link
from sla.models import Agreement, Version


def require_reader(request: PortalRequest) -> None:
    if not request.user.reads_leads:
        raise Http404


def in_force(at: datetime) -> Version | None:
    """What the default agreement promises now, in one query, which also says whether there
    are sums: `has_sums`."""
    default = Agreement.objects.in_order().reverse().values("pk")[:1]
    found = Version.objects.effective(at).filter(agreement=Subquery(default))
    sums = Exists(RolledTo.objects.filter(complete=True))
    return found.select_related("agreement").annotate(has_sums=sums).first()


def zone_of(version: Version | None) -> ZoneInfo:
    return ZoneInfo(version.parsed.governance.zone if version else "UTC")


def filters_of(request: PortalRequest, version: Version | None, at: datetime) -> Filters:
    filters = Filters.from_query(request.GET.dict(), at, zone_of(version))
    require_group(filters.team)
    return filters


def lengths(filters: Filters) -> list[Link]:
    names = {"week": _("Week"), "month": _("Month"), "quarter": _("Quarter")}
    return [
        Link(
            names[length],
            f"?{filters.during(filters.period.of(length)).query}",
            here=length == filters.period.length,
        )
        for length in LENGTHS
    ]


def segments(version: Version | None) -> list[str]:
    """The kinds of lead that the terms speak of."""
    obligations = version.parsed.obligations if version else ()
    return sorted({t.segment for o in obligations for t in o.targets if t.segment})


def numbers(version: Version | None) -> list[int]:
    """The versions of the agreement so far, the newest first."""
    return list(range(version.number, 0, -1)) if version else []
