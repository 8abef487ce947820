"""When somebody is away, when they work, and how much they take: by themselves, or by who
answers for their team. Each change has its entry in the ledger."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from portal import ledger
from portal.accounts import permissions
from portal.accounts.errors import AbsenceRefused, NotYourPerson
from portal.accounts.models import Absence, User
from portal.notifications import outbox
from portal.reader.language import Phrase

MOST_OPEN = 1_000


@ledger.recorded
def plan_absence(
    *,
    user_id: int,
    starts_at: datetime,
    ends_at: datetime,
    deputy: User | None,
    by: User,
    at: datetime,
) -> Absence:
    """Note that somebody is away from `starts_at` until `ends_at`, and who stands in.

    The deputy, of the same department, is told and may act meanwhile. From now on no lead
    is routed to who is away. Raises NotYourPerson; AbsenceRefused for an end before its
    start or in the past, another absence at that time, or a deputy who cannot.
    """
    who = _locked(user_id, by)
    _require_time(who, starts_at, ends_at, at)
    _require_deputy(who, deputy, starts_at, ends_at)
    absence = Absence(user=who, starts_at=starts_at, ends_at=ends_at, deputy=deputy)
    absence._history_date = at  # type: ignore[attr-defined]  # read by simple-history
    absence._history_user = by  # type: ignore[attr-defined]
    absence.save()
    said = {"starts_at": starts_at, "ends_at": ends_at, "deputy": deputy.pk if deputy else None}
    _record("absence_planned", who, said, by=by, at=at)
    if deputy is not None:
        _tell(deputy, who, absence, at)
    return absence


@ledger.recorded
def end_absence(*, absence_id: int, by: User, at: datetime) -> None:
    """Let an absence end now; one that has not begun is called off.

    Raises NotYourPerson, and AbsenceRefused for one that is over.
    """
    absence = Absence.objects.select_for_update(no_key=True, of=("self",)).get(pk=absence_id)
    who = _locked(absence.user_id, by)
    if absence.ends_at <= at:
        raise AbsenceRefused(_("This absence is over."))
    absence._history_date = at  # type: ignore[attr-defined]  # read by simple-history
    absence._history_user = by  # type: ignore[attr-defined]
    if absence.starts_at >= at:
        absence.delete()
    else:
        absence.ends_at = at
        absence.save(update_fields=["ends_at"])
    _record("absence_ended", who, {"starts_at": absence.starts_at}, by=by, at=at)


@ledger.recorded
def set_hours(
    *, user_id: int, zone: str, hours: dict[str, Any] | None, by: User, at: datetime
) -> User:
    """Set the zone in which somebody works, and their own hours; None: the team's calendar.

    Leads are not routed to them outside their hours while others are at work. Clocks know
    the signed calendars only. Raises NotYourPerson.
    """
    return _set(user_id, {"zone": zone, "hours": hours}, by=by, at=at)


@ledger.recorded
def set_capacity(*, user_id: int, capacity: int | None, by: User, at: datetime) -> User:
    """Set how many open handoffs somebody takes at once; None: as many as come.

    Raises NotYourPerson.
    """
    return _set(user_id, {"capacity": capacity}, by=by, at=at)


def _set(user_id: int, values: dict[str, Any], *, by: User, at: datetime) -> User:
    who = _locked(user_id, by)
    changed = {name: said for name, said in values.items() if getattr(who, name) != said}
    for name, said in changed.items():
        setattr(who, name, said)
    if changed:
        who.save(update_fields=list(changed))
        _record("account_changed", who, {"fields": sorted(changed)}, by=by, at=at)
    return who


def _locked(user_id: int, by: User) -> User:
    rows = User.objects.select_for_update(no_key=True, of=("self",))
    who = rows.select_related("team__department").get(pk=user_id)
    if not permissions.may_arrange(by, who):
        raise NotYourPerson(_("They do this themselves, or who answers for their team."))
    return who


def _require_time(who: User, starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    if ends_at <= starts_at:
        raise AbsenceRefused(_("The end must be after the start."))
    if ends_at <= at:
        raise AbsenceRefused(_("This time has passed: nobody is away in the past."))
    same = Absence.objects.filter(user=who, starts_at__lt=ends_at, ends_at__gt=starts_at)
    if same.exists():
        raise AbsenceRefused(_("Another absence is planned for a part of this time."))


def _require_deputy(
    who: User, deputy: User | None, starts_at: datetime, ends_at: datetime
) -> None:
    if deputy is None:
        return
    if deputy.pk == who.pk:
        raise AbsenceRefused(_("The deputy must be somebody else."))
    if not deputy.is_active or deputy.department_id != who.department_id:
        raise AbsenceRefused(_("The deputy must be an active member of the department."))
    away = Absence.objects.filter(user=deputy, starts_at__lte=starts_at, ends_at__gte=ends_at)
    if away.exists():
        raise AbsenceRefused(
            _("%(deputy)s is away all that time. Choose somebody who is here.")
            % {"deputy": deputy}
        )


def _record(kind: str, who: User, said: dict[str, Any], *, by: User, at: datetime) -> None:
    ledger.append(
        kind, at=at, by=by, subject=("user", who.pk), department=who.department_id or "",
        team=who.team.key if who.team else "", clear=said,
    )  # fmt: skip


def _tell(deputy: User, who: User, absence: Absence, at: datetime) -> None:
    outbox.tell(
        about=f"absence:{absence.pk}",
        to=[deputy],
        channels=("in_app", "mail"),
        title=Phrase("You stand in for %(who)s") % {"who": who},
        text=Phrase("What they owe is on your desk from %(start)s to %(end)s (UTC).")
        % {
            "start": f"{absence.starts_at:%Y-%m-%d %H:%M}",
            "end": f"{absence.ends_at:%Y-%m-%d %H:%M}",
        },
        link="/desk/",
        at=at,
    )
