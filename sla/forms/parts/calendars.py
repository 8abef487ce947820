"""When people work: the week, drawn; holidays; days of their own."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from portal.look.charts.drawing import Drawing
from portal.look.charts.week import week
from sla.core.calendar import WEEKDAYS
from sla.forms.around import Around, Part, zones
from sla.forms.holidays import Office, countries, days, regions, years_of
from sla.forms.parts.words import KEY
from sla.forms.tree import (
    NOTHING,
    Choice,
    Day,
    Days,
    Group,
    Hours,
    Keyed,
    Length,
    Text,
    Wrong,
)
from sla.forms.tree.acts import at

if TYPE_CHECKING:
    from sla.forms.editor import PartForm

TZ_VERSION = str(import_module("tzdata").IANA_VERSION)
"""The tz database that this portal counts by."""

_NAMES = (
    _("Monday"),
    _("Tuesday"),
    _("Wednesday"),
    _("Thursday"),
    _("Friday"),
    _("Saturday"),
    _("Sunday"),
)
HOURS = Hours(name="", label="")


class Asked(Text):
    """Asked of whoever fills in holidays; not in the terms."""

    def read(self, said: Any) -> Any:
        return NOTHING


class AskedOf(Choice):
    """The same, to choose from."""

    def read(self, said: Any) -> Any:
        return NOTHING


class Fill(Group):
    """From where to fill in holidays. A region carries its country, as in `DE/BE`."""

    def posted(self, sent: Any, path: str) -> dict[str, Any]:
        said = super().posted(sent, path)
        if said["region"].partition("/")[0] != said["country"]:
            said["region"] = f"{said['country']}/" if said["country"] else ""
        return said


class Region(AskedOf):
    """A region of the country that was chosen."""

    def offered(self, said: str) -> list[Any]:
        country = said.partition("/")[0]
        named = [(f"{country}/{code}", name) for code, name in regions(country)]
        return [(f"{country}/" if country else "", self.none), *named]


def _week() -> Group:
    return Group(
        name="weekly",
        label=_("The week"),
        help=_("Several windows a day, with commas between. Empty: closed."),
        form="sla/editor/_week.html",
        parts=tuple(
            Hours(name=key, label=label, needed=False, size="l")
            for key, label in zip(WEEKDAYS, _NAMES, strict=True)
        ),
    )


def _dated(name: str, label: Any, one: Any, hint: str) -> Keyed:
    return Keyed(
        name=name,
        label=label,
        one=one,
        needed=False,
        ordered=False,
        inside="hours",
        title=lambda said: str(said["key"]),
        row=Group(
            parts=(
                Day(name="key", label=_("Date"), size="m"),
                Hours(name="hours", label=_("Hours"), hint=hint, size="l"),
            )
        ),
    )


def _fill() -> Fill:
    return Fill(
        name="fill_",
        label=_("Fill in public holidays"),
        needed=False,
        empty={},
        form="sla/editor/_holidays.html",
        parts=(
            AskedOf(
                name="country",
                label=_("Country"),
                options=countries(),
                none=_("none"),
                needed=False,
                redraws=True,
            ),
            Region(
                name="region",
                label=_("Region"),
                none=_("all of the country"),
                needed=False,
            ),
            Asked(name="years", label=_("Years"), hint="2027–2028", needed=False, size="s"),
        ),
    )


def _dates() -> tuple[Any, ...]:
    return (
        Length(
            name="day",
            label=_("One working day is"),
            help=_("What “1 day” means in a target."),
            units="HM",
            hint="8 h",
            size="m",
        ),
        Day(
            name="valid_through",
            label=_("Dates are known through"),
            help=_("Both sides are reminded before."),
            needed=False,
            size="m",
        ),
        Text(
            name="tz_version",
            label=_("Time zone rules of"),
            help=_("Of the tz database."),
            needed=False,
            empty="",
            hint=TZ_VERSION,
        ),
        Days(
            name="closed",
            label=_("Closed dates"),
            help=_("One a line, such as “2026-12-25 Christmas Day”."),
            needed=False,
        ),
        _fill(),
        _dated("special", _("Dates with hours of their own"), _("special date"), "09:00–12:00"),
        _dated("breaks", _("Hours cut out of a date"), _("break"), "14:00–17:30"),
    )


def _spec(around: Around) -> Group:
    calendar = Office(
        parts=(
            Text(name="name", label=_("Name"), size="l"),
            Text(name="zone", label=_("Time zone"), hint="Europe/Berlin", suggest=zones()),
            _week(),
            *_dates(),
            KEY,
        )
    )
    return Group(
        parts=(
            Keyed(
                name="calendars",
                label=_("Calendars"),
                one=_("a calendar"),
                row=calendar,
                title=lambda said: str(said["name"]),
                folded=True,
                ordered=False,
                drawn=True,
            ),
        )
    )


def _draw(form: "PartForm") -> None:
    for index, one in enumerate(form.said["calendars"]):
        path = f"calendars-{index}"
        windows = [_minutes(one["weekly"][key]) for key in WEEKDAYS]
        total = sum(closes - opens for day in windows for opens, closes in day)
        said = _now("%(hours)s h %(minutes)02d a week, %(zone)s")
        form.page.texts[path] = said % {
            "hours": total // 60,
            "minutes": total % 60,
            "zone": one["zone"],
        }
        form.page.drawings[path] = _drawn(one, windows)


def _drawn(one: dict[str, Any], windows: list[list[tuple[int, int]]]) -> Drawing:
    open_days = [
        f"{name} {one['weekly'][key]}"
        for name, key, there in zip(_NAMES, WEEKDAYS, windows, strict=True)
        if there
    ]
    said = "; ".join(open_days) or _now("never open")
    return week(windows, _now("%(name)s: %(hours)s") % {"name": one["name"], "hours": said})


def _minutes(said: str) -> list[tuple[int, int]]:
    """The windows of a day in minutes since midnight; none while they cannot be read."""
    try:
        windows = HOURS.read(said)
    except Wrong:
        return []
    pairs = [tuple(int(t[:2]) * 60 + int(t[3:]) for t in window) for window in windows]
    return [(opens, closes) for opens, closes in pairs if 0 <= opens < closes <= 1440]


def _copy_monday(form: "PartForm", path: str) -> str:
    """The hours of Monday on the other working days."""
    _spec_of, said = at(form.spec, form.said, path)
    for key in WEEKDAYS[1:5]:
        said["weekly"][key] = said["weekly"]["mon"]
    return f"e-{path}-weekly-tue"


def _holidays(form: "PartForm", path: str) -> str:
    """Add the holidays of the country to the closed dates, each with its name behind it."""
    _spec_of, said = at(form.spec, form.said, path)
    asked = said["fill_"]
    years = years_of(asked["years"])
    region = asked["region"].partition("/")[2]
    found = days(asked["country"], region, years) if years else {}
    if not found:
        like = _now("Choose a country, and years such as 2027 or 2027–2028.")
        form.page.errors[f"{path}-fill_-years" if not years else f"{path}-fill_-country"] = like
        return f"e-{path}-fill_-years"
    lines = {line[:10]: line for line in said["closed"].splitlines() if line.strip()}
    for day, name in found.items():
        if lines.get(written := day.isoformat(), written).strip() == written:
            lines[written] = f"{written} {name}"
    said["closed"] = "\n".join(lines[day] for day in sorted(lines))
    said["valid_through"] = max(said["valid_through"], f"{max(years or [0])}-12-31")
    said["tz_version"] = TZ_VERSION
    return f"e-{path}-closed"


PART = Part(
    "calendars",
    _("Calendars"),
    _("When each office works: its week, its holidays, its days of their own."),
    ("calendars",),
    _spec,
    {"calendars": "calendar"},
    _draw,
    {"week": _copy_monday, "holidays": _holidays},
)
