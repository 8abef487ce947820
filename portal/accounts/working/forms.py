"""Forms of when somebody works. A day is written as people do: 09:00–12:00, 13:00–17:30."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.accounts.actions.working import MOST_OPEN
from portal.accounts.hours import DAYS, TIME
from portal.accounts.models import User

NAMES = {
    "mon": _("Monday"), "tue": _("Tuesday"), "wed": _("Wednesday"), "thu": _("Thursday"),
    "fri": _("Friday"), "sat": _("Saturday"), "sun": _("Sunday"),
}  # fmt: skip


class AbsenceForm(forms.Form):
    """Days away, the last one included, where the person is; from now on if they began."""

    starts = forms.DateField(
        label=_("First day away"), widget=forms.DateInput(attrs={"type": "date"})
    )
    ends = forms.DateField(
        label=_("Last day away"), widget=forms.DateInput(attrs={"type": "date"})
    )
    deputy = forms.ModelChoiceField(
        label=_("Who stands in"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody: the team’s steward is told"),
    )

    def __init__(self, who: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = ZoneInfo(who.zone)
        people = User.objects.active().of_department(who.department_id or "-")
        self.fields["deputy"] = forms.ModelChoiceField(
            label=_("Who stands in"),
            queryset=people.exclude(pk=who.pk),
            required=False,
            empty_label=_("Nobody: the team’s steward is told"),
        )

    def span(self, at: datetime) -> tuple[datetime, datetime]:
        """From the first midnight, or `at` on a day under way, to the midnight that ends it."""
        starts = self._midnight(self.cleaned_data["starts"])
        if starts <= at < starts + timedelta(days=1):
            starts = at
        return starts, self._midnight(self.cleaned_data["ends"] + timedelta(days=1))

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone).astimezone(UTC)


class HoursForm(forms.Form):
    """The zone, and a line for each day; all of them empty means the team's calendar."""

    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )

    def __init__(self, who: User, *args: Any, **kwargs: Any) -> None:
        hours = who.hours or {}
        kwargs["initial"] = {
            "zone": who.zone, **{day: written(hours.get(day, [])) for day in DAYS},
        }  # fmt: skip
        super().__init__(*args, **kwargs)
        for day in DAYS:
            self.fields[day] = forms.CharField(
                label=NAMES[day], required=False, max_length=80,
                widget=forms.TextInput(attrs={"placeholder": "09:00–12:00, 13:00–17:30"}),
            )  # fmt: skip

    def days(self) -> list[Any]:
        return [self[day] for day in DAYS]

    def clean_zone(self) -> str:
        zone = str(self.cleaned_data["zone"]).strip()
        if zone not in available_timezones():
            raise ValidationError(
                _("Not a time zone such as Europe/Berlin or America/Chicago.")
            )
        return zone

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for day in DAYS:
            try:
                data[day] = intervals(data.get(day, ""))
            except ValidationError as fault:
                self.add_error(day, fault)
        return data

    def hours(self) -> dict[str, list[list[str]]] | None:
        """What was written, by day; None if nothing was."""
        found = {day: self.cleaned_data[day] for day in DAYS if self.cleaned_data[day]}
        return found or None


class CapacityForm(forms.Form):
    capacity = forms.IntegerField(
        label=_("Open handoffs at most"),
        required=False,
        min_value=0,
        max_value=MOST_OPEN,
        help_text=_("Empty: as many as come. 0: none for now."),
    )


def written(spans: list[list[str]]) -> str:
    """Intervals as people write them.

    >>> written([["09:00", "12:00"], ["13:00", "17:30"]])
    '09:00–12:00, 13:00–17:30'
    """
    return ", ".join(f"{opens}–{closes}" for opens, closes in spans)


def intervals(text: str) -> list[list[str]]:
    """What was written for one day. Raises ValidationError naming the part that is wrong."""
    found = []
    for part in filter(None, (one.strip() for one in text.split(","))):
        ends = [end.strip().zfill(5) for end in re.split(r"[-–—]", part)]
        if len(ends) != 2 or not all(TIME.fullmatch(end) for end in ends):
            raise ValidationError(
                _("“%(part)s” is no time span. Write it as 09:00–17:00."),
                params={"part": part},
            )
        if ends[0] >= ends[1]:
            raise ValidationError(
                _("“%(part)s” ends before it begins. For the night write two days."),
                params={"part": part},
            )
        found.append(ends)
    if sorted(found) != found or any(a[1] > b[0] for a, b in pairwise(found)):
        raise ValidationError(_("Write the spans in order, without overlap."))
    return found
