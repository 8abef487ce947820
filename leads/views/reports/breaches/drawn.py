"""Groups of breaches and their causes in words."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from leads.actions.reviewing.causes import Said
from leads.models import BreachCause
from leads.reports.breaches.months import Months
from leads.reports.breaches.reading import Group
from leads.reports.period import Filters
from portal.accounts.models import User
from portal.look.parts import Link
from portal.look.words import count
from portal.spreadsheet import Column

COLUMNS: list[Column] = [
    (gettext_lazy("What is owed"), lambda one: one["name"]),
    (gettext_lazy("Department"), lambda one: one["department"]),
    (gettext_lazy("Team"), lambda one: one["team"]),
    (gettext_lazy("Alike in"), lambda one: one["why"]),
    (gettext_lazy("Late"), lambda one: one["late"]),
    (gettext_lazy("What the facts suggest"), lambda one: one["suggestion"]),
    (gettext_lazy("Said to be"), lambda one: one["cause"]),
    (gettext_lazy("Said by"), lambda one: one["said"] and one["said"].department_id),
]


def group(one: Group, names: dict[str, str], filters: Filters, user: User) -> dict[str, Any]:
    """A group with what it is, what the facts suggest, and who has said what."""
    query = urlencode({"on": filters.period.first.isoformat(), "group": one.key})
    cause, n = one.suggestion
    said = one.said
    return {
        "key": one.key,
        "late": len(one.clocks),
        "name": names.get(one.first.obligation, one.first.obligation),
        "department": one.first.department_id,
        "team": one.first.team.name,
        "why": _why(one),
        "number": Link(count(len(one.clocks)), f"{reverse('leads:breach-rows')}?{query}"),
        "suggested": cause if n * 2 > len(one.clocks) else "",
        "suggestion": _suggestion(cause, n, len(one.clocks)),
        "said": said,
        "cause": BreachCause.Cause(said.cause).label if said else "",
        "theirs": said is not None and said.department_id != user.department_id,
    }


def _why(one: Group) -> str:
    """What makes these alike."""
    match one.kind:
        case "day":
            return date_format(date.fromisoformat(one.what), "D j M")
        case "campaign":
            return _("campaign %(name)s") % {"name": one.what}
    return _("past the last step")


def _suggestion(cause: str | None, n: int, of: int) -> str:
    facts = {
        "outside": _("the portal was down"),
        "absence": _("the owner was away"),
        "routing": _("nobody had it, or somebody only later"),
        "data": _("something was missing, or known too late"),
        "definition": _("the return was disputed"),
        "capacity": _("the owner had no room left"),
    }
    if cause is None:
        return ""
    return _("%(n)s of %(of)s: %(fact)s") % {
        "n": count(n),
        "of": count(of),
        "fact": facts[cause],
    }


def months(found: Months) -> dict[str, Any]:
    return {
        "names": [date_format(period.first, "M Y") for period in found.periods],
        "rows": [
            {
                "key": row.cause,
                "name": BreachCause.Cause(row.cause).label,
                "numbers": row.numbers,
                "now": row.numbers[-1],
            }
            for row in found.rows
        ],
    }


def done(said: Said) -> str:
    parts = [
        ngettext("%(n)s agreed.", "%(n)s agreed.", said.agreed) % {"n": count(said.agreed)}
        if said.agreed
        else "",
        ngettext(
            "%(n)s waits for the other department.",
            "%(n)s wait for the other department.",
            said.named,
        )
        % {"n": count(said.named)}
        if said.named
        else "",
    ]
    return " ".join(filter(None, parts)) or _("Nothing changed: both had agreed already.")
