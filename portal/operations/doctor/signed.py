"""What the company must see to: who signs, until when calendars know the holidays, zones."""

import zoneinfo
from collections.abc import Iterator
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path

from portal.accounts.models import Department, User
from portal.operations.doctor.finding import Finding, check, ok, warning, wrong
from sla.core.terms.parts import Calendar
from sla.models import Agreement, Version

SOON = timedelta(days=60)
SIDES = ("marketing", "sales")


@check("signatories")
def signatories(at: datetime) -> Finding:
    """Somebody may sign for each department."""
    there = set(User.objects.signatories().values_list("department_id", flat=True))
    missing = [side for side in SIDES if side not in there]
    todo = "let a manager or head of it sign, in the admin: People, may sign"
    if missing:
        return wrong(f"nobody may sign for {' and '.join(missing)}", todo)
    headless = Department.objects.filter(key__in=SIDES, head=None).values_list("key", flat=True)
    if headless:
        return warning(f"no head: {', '.join(headless)}", "name one, in the admin: Departments")
    return ok("both departments have somebody who signs")


@check("calendars")
def calendars(at: datetime) -> Finding:
    """Holidays of the calendars in force are known for long enough."""
    ends = sorted(
        (calendar.valid_through, key, name)
        for name, key, calendar in _in_force(at)
        if calendar.valid_through is not None
    )
    if not ends:
        return ok("none runs out")
    end, key, name = ends[0]
    said = f"{key} of {name} knows the holidays until {end:%d %b %Y}"
    todo = "draft a version with the next year's days, and let both sign it"
    if end < at.date():
        return wrong(said, todo)
    return warning(said, todo) if end < at.date() + SOON else ok(said)


@check("time zones")
def time_zones(at: datetime) -> Finding:
    """The rules of time zones that run are those that the agreements were signed with."""
    running = rules()
    signed = {calendar.tz_version or running for _, _, calendar in _in_force(at)}
    older = sorted(one for one in signed if one > running)
    if older:
        return wrong(
            f"signed with rules {older[-1]}, and this machine has {running}",
            "update tzdata of the system and the packages",
        )
    newer = sorted(one for one in signed if one != running)
    if newer:
        return warning(
            f"signed with rules {newer[0]}, and this machine has {running}",
            "see whether a zone of yours changed; a new version takes the new rules",
        )
    return ok(f"rules {running}")


def rules(folders: tuple[str, ...] | None = None) -> str:
    """Which release of the time zones Python reads, such as 2026f: the system's, else the
    package's."""
    for folder in zoneinfo.TZPATH if folders is None else folders:
        table = Path(folder) / "tzdata.zi"
        if table.is_file():
            with table.open() as lines:
                return lines.readline().removeprefix("# version").strip()
    return str(import_module("tzdata").IANA_VERSION)


def _in_force(at: datetime) -> Iterator[tuple[str, str, Calendar]]:
    """Agreement, key and calendar of all that governs at `at`."""
    for agreement in Agreement.objects.all():
        version = Version.objects.in_force(agreement.pk, at)
        if version is not None:
            for key, calendar in version.parsed.calendars.items():
                yield agreement.name, key, calendar
