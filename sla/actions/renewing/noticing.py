"""Both sides are told, sixty days before, that their calendars will know no more holidays."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.urls import reverse

from portal.notifications import outbox
from portal.notifications.models import Delivery
from portal.reader.language import Phrase
from sla.actions import notices
from sla.models import Agreement, Version

BEFORE = timedelta(days=60)


def runs_out(version: Version, at: datetime) -> date | None:
    """The day up to which a version's calendars know their holidays, if it is near or past."""
    ends = [one.valid_through for one in version.parsed.calendars.values() if one.valid_through]
    first = min(ends, default=None)
    return first if first is not None and at.date() >= first - BEFORE else None


def remind(at: datetime) -> None:
    """Tell of every version in force whose calendars run out soon; of each day once."""
    for agreement in Agreement.objects.in_order():
        version = Version.objects.in_force(agreement.pk, at)
        last = runs_out(version, at) if version is not None else None
        if version is not None and last is not None:
            _remind(version, agreement, last, at)


def _remind(version: Version, agreement: Agreement, last: date, at: datetime) -> None:
    about = f"version:{version.pk}:runs_out:{last.isoformat()}"
    if Delivery.objects.filter(about=about).exists():
        return
    with transaction.atomic(durable=True):
        outbox.tell(
            about=about,
            to=notices.everybody_concerned(version),
            channels=notices.CHANNELS,
            title=Phrase("%(version)s knows its holidays until %(day)s")
            % {"version": version, "day": last.isoformat()},
            text=Phrase(
                "Draft next year's days with one click; both departments sign a single line."
            ),
            link=reverse("sla:next-year", args=[agreement.key]),
            at=at,
        )
