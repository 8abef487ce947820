"""Managers are told before the working day what it brings, and everybody an hour before its
end what of theirs would be late by then. Who has nothing due is told nothing."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.actions.links import forecast_link
from leads.core.foreseen.closing import closing
from leads.desk.day import team_calendar
from leads.models import Clock
from leads.reports.forecast import Foreseen, forecast
from portal.accounts.models import Team, User
from portal.look.words import count
from portal.notifications import outbox
from portal.notifications.models import Delivery
from sla.core.terms import Terms
from sla.core.workingtime import WorkingCalendar, next_open
from sla.models import Agreement, Version

MORNING, HOUR = time(7), timedelta(hours=1)
HERE, MAIL = Delivery.Channel.IN_APP, Delivery.Channel.MAIL


def foretell(at: datetime) -> None:
    """Tell each team whose moment it is; again and again nothing, as each is told once."""
    terms = _terms(at)
    teams = Team.objects.filter(archived_at=None).select_related("manager")
    for team in teams if terms is not None else ():
        calendar = team_calendar(team.calendar, terms) if terms else None
        part = moment(calendar, at) if calendar is not None else ""
        if calendar is None or not part:
            continue
        about, until = _about(team, part, calendar, at), closing(calendar, at)
        due = Clock.objects.running().filter(team=team, due_at__gte=at, due_at__lte=until)
        if due.exists() and not Delivery.objects.filter(about=about).exists():
            _tell(team, terms, part, about, until, at)


def moment(calendar: WorkingCalendar, at: datetime) -> str:
    """`morning`: the hour from seven on a working day, and before it opens; `closing`: the
    last hour of work; else empty."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    opens, closes = next_open(calendar, at), closing(calendar, at)
    if closes - HOUR <= at < closes:
        return "closing"
    today = opens.astimezone(local.tzinfo).date() == local.date()
    return "morning" if today and opens > at and local.hour == MORNING.hour else ""


@transaction.atomic(durable=True)
def _tell(
    team: Team, terms: Terms | None, part: str, about: str, until: datetime, at: datetime
) -> None:
    """The manager by mail too in the morning, gathered with what else comes daily; the hour
    before closing in the portal alone."""
    rows = forecast(Clock.objects.filter(team=team), terms, at).of("today")
    if team.manager is not None:
        outbox.tell(
            about=about, to=[team.manager], at=at, link=forecast_link(team.key),
            channels=[HERE, MAIL] if part == "morning" else [HERE],
            digest="daily" if part == "morning" else "",
            title=_title(team, rows, until), text=_text(rows),
        )  # fmt: skip
    for owner in _owners(rows) if part == "closing" else ():
        own = [row for row in rows if row.owner == owner.pk]
        outbox.tell(
            about=about, to=[owner], at=at, link=forecast_link(), channels=[HERE],
            title=_mine(owner, own, until), text="",
        )  # fmt: skip


def _owners(rows: Sequence[Foreseen]) -> Sequence[User]:
    """Who owes one of them, but for the away: their deputy has the clock on the desk."""
    there = {row.owner for row in rows if row.owner is not None and not row.away}
    return list(User.objects.active().filter(pk__in=there).order_by("pk"))


def _title(team: Team, rows: Sequence[Foreseen], until: datetime) -> str:
    said = ngettext(
        "%(team)s: %(n)s is due before closing at %(at)s",
        "%(team)s: %(n)s are due before closing at %(at)s",
        len(rows),
    )
    return said % {"team": team.name, "n": count(len(rows)), "at": _hour(until, team.manager)}


def _mine(owner: User, rows: Sequence[Foreseen], until: datetime) -> str:
    said = ngettext(
        "%(n)s of yours is due before closing at %(at)s",
        "%(n)s of yours are due before closing at %(at)s",
        len(rows),
    )
    return said % {"n": count(len(rows)), "at": _hour(until, owner)}


def _text(rows: Sequence[Foreseen]) -> str:
    away, full, likely = (
        sum(row.counts(figure) for row in rows) for figure in ("away", "full", "likely")
    )
    lines = [
        _("Whose owner is away then: %(n)s.") % {"n": count(away)} if away else "",
        _("Whose owner has no room left: %(n)s.") % {"n": count(full)} if full else "",
        _("More likely late than not: %(n)s.") % {"n": count(likely)} if likely else "",
    ]
    return "\n".join(filter(None, lines))


def _hour(until: datetime, reader: User | None) -> str:
    return date_format(until.astimezone(ZoneInfo(reader.zone if reader else "UTC")), "H:i")


def _terms(at: datetime) -> Terms | None:
    agreement = Agreement.objects.in_order().last()
    version = Version.objects.in_force(agreement.pk, at) if agreement else None
    return version.parsed if version else None


def _about(team: Team, part: str, calendar: WorkingCalendar, at: datetime) -> str:
    day = at.astimezone(ZoneInfo(calendar.zone)).date().isoformat()
    return f"forecast:{team.pk}:{day}:{part}"
