"""What an address asks of the past: which time, which promise, which target instead."""

from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django import forms
from django.db.models import Q, Subquery
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.core.trials.clauses import timed
from leads.reports.backtest import costing, qualifying, trial
from leads.reports.backtest.groups import BYS, By
from leads.reports.backtest.trying import FIGURES
from leads.reports.period import Length, Period
from leads.views.reports.choosing import require_reader
from portal.http import PortalRequest
from sla.core.durations import Duration
from sla.core.terms import Terms
from sla.core.terms.parts import Obligation
from sla.models import Version
from sla.views.agreements import may_draft

PERIODS = (
    ("month", gettext_lazy("this month")),
    ("last_month", gettext_lazy("last month")),
    ("quarter", gettext_lazy("this quarter")),
    ("year", gettext_lazy("12 months")),
    ("days", gettext_lazy("the days below")),
)
UNITS = (
    ("minutes", gettext_lazy("minutes")),
    ("hours", gettext_lazy("hours")),
    ("days", gettext_lazy("working days")),
)
GROUPED = (
    ("team", gettext_lazy("team")),
    ("weekday", gettext_lazy("weekday")),
    ("hour", gettext_lazy("hour")),
    ("source", gettext_lazy("source")),
)
PARTS: dict[str, tuple[str, ...]] = {
    "promises": trial.WHICH,
    "leads": qualifying.WHICH,
    "clauses": costing.WHICH,
    "volumes": ("done", "due"),
    "whole": FIGURES,
}
"""What is listed, and which of its counts there are."""
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)
MOST = 9_999
TIMES = {"weekday": [f"{n}" for n in range(7)], "hour": [f"{n:02}" for n in range(24)]}


def _choice(label: Any, choices: Any, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, required=required)


def _day(label: Any) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=False, widget=widget)


class AskedForm(forms.Form):
    """What is left out falls back: 12 months, the first promise, its own targets."""

    period = _choice(gettext_lazy("Period"), PERIODS)
    since = _day(gettext_lazy("From"))
    until = _day(gettext_lazy("To"))
    obligation = _choice(gettext_lazy("Promise"), ())
    by = _choice(gettext_lazy("Broken down by"), GROUPED)
    target = forms.IntegerField(
        label=gettext_lazy("Another target"),
        required=False,
        min_value=1,
        max_value=MOST,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": gettext_lazy("A target is a whole number of minutes, hours or days.")
        },
    )
    unit = _choice(gettext_lazy("Unit"), UNITS)
    part = _choice(gettext_lazy("Which figures"), [(one, one) for one in PARTS])
    which = forms.CharField(label=gettext_lazy("Which handoffs"), max_length=20)
    stage = forms.CharField(label=gettext_lazy("Stage"), required=False, max_length=60)
    commitment = forms.CharField(label=gettext_lazy("Volume"), required=False, max_length=60)
    first = _day(gettext_lazy("First day"))
    clause = forms.CharField(label=gettext_lazy("Clause"), required=False, max_length=200)
    group = forms.CharField(label=gettext_lazy("Group"), required=False, max_length=200)

    def __init__(self, query: dict[str, str], terms: Terms, at: datetime) -> None:
        self.terms, self.at = terms, at
        self.zone = ZoneInfo(terms.governance.zone)
        super().__init__(self._filled(query))
        owed: Any = self.fields["obligation"]
        owed.choices = [(one.key, one.name) for one in timed(terms)]
        owed.required = bool(owed.choices)

    def _filled(self, query: dict[str, str]) -> dict[str, str]:
        some = "days" if query.get("since") or query.get("until") else "year"
        first = next((one.key for one in timed(self.terms)), "")
        usual = {"period": some, "obligation": first, "by": "team", "unit": "hours"}
        part = query.get("part") or "promises"
        usual |= {"part": part, "which": PARTS.get(part, ("",))[0]}
        return usual | {name: v for name, v in query.items() if v}

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = found.get("since"), found.get("until")
        if any(day is not None and not FIRST <= day <= LAST for day in (first, last)):
            raise forms.ValidationError(_("A day lies between the years 2000 and 2199."))
        if first is not None and last is not None and first > last:
            raise forms.ValidationError(_("The first day lies after the last one."))
        self._there(found)
        group, by = found.get("group"), found.get("by", "")
        if group and by in TIMES and group not in TIMES[by]:
            raise forms.ValidationError(_("There is no such group: %s.") % group)
        return found

    def _there(self, found: dict[str, Any]) -> None:
        which, stage = found.get("which", ""), found.get("stage", "")
        if which not in PARTS.get(found.get("part", ""), (which,)):
            raise forms.ValidationError(_("There is no such figure: %s.") % which)
        if stage and stage not in {one.key for one, _tree in self.terms.criteria()}:
            raise forms.ValidationError(_("There is no such stage: %s.") % stage)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """[since, until) as instants, whole days in the agreement's zone, never beyond now."""
        found = self.cleaned_data
        today = self.at.astimezone(self.zone).date()
        if found["period"] == "days":
            last = found["until"] or today
            first = found["since"] or last - timedelta(days=364)
            return self._cut(first, last + timedelta(days=1))
        if found["period"] == "year":
            return self._cut(today - timedelta(days=364), today + timedelta(days=1))
        length: Length = "quarter" if found["period"] == "quarter" else "month"
        around = Period.around(today, length, self.zone)
        around = around.before if found["period"] == "last_month" else around
        return self._cut(around.first, around.after)

    def _cut(self, first: date, after: date) -> tuple[datetime, datetime]:
        since = datetime.combine(first, time.min, self.zone)
        until = min(datetime.combine(after, time.min, self.zone), self.at)
        return min(since, until), until

    @property
    def owed(self) -> Obligation | None:
        """The promise that is looked at; None of a text that promises nothing."""
        asked = self.cleaned_data["obligation"]
        return next((one for one in timed(self.terms) if one.key == asked), None)

    @property
    def grouped(self) -> By:
        return next(one for one in BYS if one == self.cleaned_data["by"])

    @property
    def tried(self) -> Duration | None:
        number, unit = self.cleaned_data["target"], self.cleaned_data["unit"]
        if number is None:
            return None
        if unit == "days":
            return Duration(days=number)
        return Duration(time=timedelta(**{unit: number}))

    def query(self, **other: Any) -> str:
        """The address that asks the same, but for `other`."""
        names = ("period", "since", "until", "obligation", "by", "target", "unit")
        said = {name: self.cleaned_data[name] for name in names} | other
        if said["period"] != "days":
            said |= {"since": None, "until": None}
        return urlencode({name: v for name, v in said.items() if v not in (None, "")})


def base_of(version: Version, at: datetime) -> Version | None:
    """The version in force, if this is another one."""
    base = Version.objects.in_force(version.agreement_id, at)
    return None if base is None or base.pk == version.pk else base


def version_of(request: PortalRequest, key: str, number: int) -> Version:
    """A version that this person may read with its leads; a draft is for those who draft."""
    require_reader(request)
    versions = Version.objects.select_related("agreement")
    version = get_object_or_404(versions, agreement__key=key, number=number)
    return _readable(request, version)


def both_of(
    request: PortalRequest, key: str, number: int, at: datetime
) -> tuple[Version, Version | None]:
    """The same with its `base_of`, in one question."""
    require_reader(request)
    of_it = Version.objects.select_related("agreement").filter(agreement__key=key)
    in_force = Version.objects.filter(agreement__key=key).effective(at).values("pk")[:1]
    both = of_it.filter(Q(number=number) | Q(pk=Subquery(in_force)))
    found = {one.number == number: one for one in both}
    if True not in found:
        raise Http404
    return _readable(request, found[True]), found.get(False)


def _readable(request: PortalRequest, version: Version) -> Version:
    if version.state == Version.State.DRAFT and not may_draft(request.user):
        raise Http404
    return version
