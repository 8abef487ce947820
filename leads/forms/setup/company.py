"""The company's name and working calendar, from a zone, a country and ordinary hours."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple
from zoneinfo import available_timezones

import tzdata  # type: ignore[import-untyped]  # data, and no types
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from leads.forms.setup import zones
from portal.accounts.hours import DAYS
from portal.accounts.working.forms import NAMES
from portal.unfinished.models import Unfinished
from sla.forms import holidays
from sla.models import Office

Json = dict[str, Any]
OPENS, CLOSES = "09:00", "17:00"
LEAST = timedelta(minutes=30)


class Day(NamedTuple):
    """A cell of a drawn year: nothing, a working day, a free weekday or a holiday."""

    kind: str
    name: str = ""


class Year(NamedTuple):
    """A drawn year: each month with its 31 cells, and its holidays in words."""

    number: str
    months: list[tuple[date, list[Day]]]
    holidays: list[tuple[date, str]]


class CompanyForm(forms.Form):
    """Who the company is, where and when it works. `year` is this year there; what was left
    half way stands here again.
    """

    name = forms.CharField(
        label=_("Name of the company"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "in wide", "autocomplete": "organization"}),
    )
    zone = forms.CharField(
        label=_("Time zone"),
        max_length=64,
        required=False,
        help_text=_("Such as America/New_York. Empty: the country’s, where it has one only."),
        widget=forms.TextInput(attrs={"list": "zones", "autocomplete": "off"}),
    )
    country = forms.ChoiceField(label=_("Country, for its public holidays"), required=False)
    region = forms.ChoiceField(
        label=_("Region, where it has holidays of its own"), required=False
    )
    opens = forms.TimeField(
        label=_("Opens"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    closes = forms.TimeField(
        label=_("Closes"), widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    days = forms.MultipleChoiceField(
        label=_("Working days"),
        choices=list(NAMES.items()),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self, data: QueryDict | None, *, year: int, office: Office | None = None,
        left: Unfinished | None = None,
    ) -> None:  # fmt: skip
        typed = left.values(self.base_fields) if left else {}
        super().__init__(data, initial=_initial(office) | typed)
        self.year = year
        countries = [("", _("no holidays")), *holidays.countries()]
        self.fields["country"].choices = countries  # type: ignore[attr-defined]  # a ChoiceField
        known = holidays.regions(str(self["country"].value() or ""))
        whole = [("", _("the whole country")), *known]
        self.fields["region"].choices = whole  # type: ignore[attr-defined]  # a ChoiceField
        self.has_regions = bool(known)
        said = data.get("regions_of") if data else None
        self.regions_seen = said == str(self["country"].value() or "")

    def clean_zone(self) -> str:
        country = str(self["country"].value() or "")
        zone: str = self.cleaned_data["zone"].strip() or zones.only_one(country, self.year)
        if not zone:
            raise forms.ValidationError(_("Say which: its country has several."))
        if zone not in available_timezones():
            raise forms.ValidationError(
                _("Not a time zone of the IANA list, such as Europe/Berlin.")
            )
        return zone

    def clean(self) -> Json:
        data: Json = super().clean() or self.cleaned_data
        if data.get("opens") and data.get("closes") and _length(data) < LEAST:
            self.add_error("closes", _("Closes at least half an hour after it opens."))
        return data

    def calendar(self) -> Json:
        """The calendar as the terms have it; only after `is_valid()`."""
        data = self.cleaned_data
        hours = [[f"{data['opens']:%H:%M}", f"{data['closes']:%H:%M}"]]
        named = self._named()
        return {
            "name": data["name"][:120],
            "zone": data["zone"],
            "weekly": {day: hours if day in data["days"] else [] for day in DAYS},
            "closed": [day.isoformat() for day in named],
            "closed_names": {day.isoformat(): name[:120] for day, name in named.items()},
            "special": {},
            "breaks": {},
            "day": _iso(_length(data)),
            "valid_through": f"{self.year + 1}-12-31",
            "tz_version": tzdata.IANA_VERSION,
        }

    def _named(self) -> dict[date, str]:
        data = self.cleaned_data
        years = (self.year, self.year + 1)
        return holidays.days(data["country"], data["region"], years)


def drawn(calendar: Json) -> list[Year]:
    """The years of a calendar as they are drawn, those with closed dates and the last one."""
    closed = {date.fromisoformat(day) for day in calendar["closed"]}
    names = {
        date.fromisoformat(day): name for day, name in calendar.get("closed_names", {}).items()
    }
    last = int(calendar["valid_through"][:4])
    years = sorted({last - 1, last} | {day.year for day in closed})
    return [
        Year(
            str(year),
            [(date(year, month, 1), list(_cells(calendar, year, month, closed, names)))
             for month in range(1, 13)],
            sorted((day, names.get(day, "")) for day in closed if day.year == year),
        )
        for year in years
    ]  # fmt: skip


def _cells(
    calendar: Json, year: int, month: int, closed: set[date], names: dict[date, str]
) -> Iterator[Day]:
    for number in range(1, 32):
        try:
            day = date(year, month, number)
        except ValueError:
            yield Day("none")
            continue
        if day in closed:
            yield Day("holiday", names.get(day, ""))
        else:
            yield Day("open" if calendar["weekly"].get(DAYS[day.weekday()]) else "free")


def _initial(office: Office | None) -> Json:
    if office is None:
        return {"opens": OPENS, "closes": CLOSES, "days": list(DAYS[:5])}
    calendar = office.calendar
    worked = [day for day in DAYS if calendar["weekly"].get(day)]
    opens, closes = calendar["weekly"][worked[0]][0]
    return {
        "name": office.name, "zone": office.zone, "country": office.country,
        "region": office.region, "opens": opens, "closes": closes, "days": worked,
    }  # fmt: skip


def _length(data: Json) -> timedelta:
    opens, closes = data["opens"], data["closes"]
    return timedelta(hours=closes.hour - opens.hour, minutes=closes.minute - opens.minute)


def _iso(length: timedelta) -> str:
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
