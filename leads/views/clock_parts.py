"""What stands on the page that explains a clock: what happened, and where its time went."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from leads.actions.sweeping import outages
from leads.core import lost
from leads.models import Alert, Clock
from portal.look.charts.clock import Event
from portal.look.parts import Figure
from portal.look.words import duration
from sla.core import workingtime
from sla.core.ladder import Account

Row = dict[str, Any]
NOTHING = timedelta(0)


@dataclass(frozen=True)
class Window:
    """Opening hours that the clock met, and how much of them it ran and stood still."""

    opens: datetime
    closes: datetime
    counted: timedelta
    paused: timedelta


def windows(clock: Clock, until: datetime) -> list[Window]:
    """Every window from the start to `until`; their sums are those of the account."""
    if until <= clock.started_at:
        return []
    calendar = clock.version.parsed.calendar(clock.calendar)
    pauses = [(one.paused_at, one.resumed_at or until) for one in clock.pauses.all()]
    found = []
    for opens, closes in workingtime.openings(calendar, clock.started_at, until):
        stood = sum((_shared(opens, closes, *pause) for pause in pauses), NOTHING)
        found.append(Window(opens, closes, closes - opens - stood, stood))
    return found


def _shared(opens: datetime, closes: datetime, begins: datetime, ends: datetime) -> timedelta:
    return max(min(closes, ends) - max(opens, begins), NOTHING)


def told(clock: Clock, at: datetime) -> list[Row]:
    """Everything in order of time, to be read as the drawing is seen: each window with what
    it counted and what was left after it, and between them what happened."""
    left, rows = clock.target_time, events(clock, at)
    for one in windows(clock, clock.stopped_at or at):
        left -= one.counted
        rows.append(
            {
                "at": one.opens, "until": one.closes, "text": _window(one),
                "counted": one.counted, "left": left_in_words(left),
            }
        )  # fmt: skip
    return sorted(rows, key=lambda row: (row["at"], "until" in row))


def _window(one: Window) -> str:
    if not one.paused:
        return _("Open.")
    if not one.counted:
        return _("Open, and paused all the time.")
    return _("Open, and paused for %(time)s of it.") % {"time": duration(one.paused)}


def left_in_words(left: timedelta) -> str:
    """What is left of the target; beyond it a minus, as on a clock that counts down."""
    return f"−{duration(-left)}" if left < NOTHING else duration(left)


def events(clock: Clock, at: datetime) -> list[Row]:
    """Start, pauses, outages, every step of the ladder, due, stop."""
    terms = clock.version.parsed
    pauses = terms.obligation(clock.obligation).pauses
    listed = {pause.reason: pause.name for pause in pauses}
    calendar = terms.calendars[clock.calendar].name
    target = {"time": duration(clock.target_time), "calendar": calendar}
    started = (
        _("The clock started: %(time)s of working time, calendar “%(calendar)s”.") % target
    )
    rows: list[Row] = [{"at": clock.started_at, "text": started}]
    for one in clock.pauses.all():
        why = listed.get(one.reason, one.reason)
        rows.append({"at": one.paused_at, "text": _("Paused: %(why)s.") % {"why": why}})
        if one.resumed_at:
            rows.append({"at": one.resumed_at, "text": _("Resumed.")})
    rows += _steps(clock)
    rows += _outages(clock, at)
    rows.append({"at": clock.due_at, "text": _("Due. Exactly then is still on time.")})
    if clock.stopped_at:
        rows.append({"at": clock.stopped_at, "text": _("Stopped.")})
    return sorted(rows, key=lambda row: row["at"])


def figures(clock: Clock, account: Account, left: timedelta) -> list[Figure]:
    """The sum in a few numbers: what is left or late, agreed, counted, paused, closed."""
    late = left < NOTHING
    return [
        Figure(duration(abs(left)), _("late") if late else _("left")),
        Figure(duration(clock.target_time), _("agreed")),
        Figure(duration(account.running), _("counted, open time")),
        Figure(duration(account.paused), _("paused, not counted")),
        Figure(duration(account.closed), _("closed, not counted")),
        Figure(duration(account.wall), _("by the wall clock")),
    ]


def marks(clock: Clock, zone: ZoneInfo) -> list[Event]:
    """The steps of the ladder for the drawing: those told, and those still to come."""
    raised = {alert.step: alert for alert in clock.alerts.all()}
    found = []
    for step in clock.steps:
        alert = raised.get(step["key"])
        if alert is None and clock.stopped_at is not None:
            continue
        at = alert.due_at if alert is not None else datetime.fromisoformat(step["at"])
        early = step["level"] == "before"
        label = _("warning") if early else ", ".join(map(_whom, step["whom"]))
        found.append(Event(at.astimezone(zone), "warn" if early else "step", label))
    return found


def _steps(clock: Clock) -> Iterator[Row]:
    raised = {alert.step: alert for alert in clock.alerts.all()}
    for step in clock.steps:
        alert = raised.get(step["key"])
        whom = ", ".join(map(_whom, step["whom"]))
        text = _step(clock, alert) % {"whom": whom}
        yield {"at": datetime.fromisoformat(step["at"]), "text": text, "alert": alert}


def _outages(clock: Clock, at: datetime) -> Iterator[Row]:
    """Each outage beside the clock; of one that a breach overlaps, what was signed for it."""
    until = clock.stopped_at or at
    for began, ended in outages.during(clock.started_at, until):
        meets = _meets(clock, until, [(began, ended)])
        yield {"at": began, "text": _("The portal was down."), "note": meets}
        yield {"at": ended, "text": _("The portal was back.")}


def _meets(clock: Clock, until: datetime, outage: Sequence[lost.Interval]) -> str:
    if not lost.fallen_into(clock.due_at, until, outage):
        return ""
    if clock.version.parsed.governance.outage_excuses:
        return _(
            "The breach falls into it, which the agreement excuses, for as much working time"
            " as the outage took."
        )
    return _("The breach falls into it. It counts all the same, as was signed.")


def _step(clock: Clock, alert: Alert | None) -> str:
    """What a step of the ladder did, will do, or had no need to do."""
    if alert is not None:
        return _("Told: %(whom)s.")
    if clock.stopped_at is None:
        return _("Then will be told: %(whom)s.")
    return _("Would have been told: %(whom)s.")


def _whom(who: Any) -> str:
    words = {
        "acting_owner": _("who acts"),
        "other_owner": _("the other owner"),
        "manager": _("the manager"),
        "steward": _("the steward"),
        "heads": _("both heads"),
    }
    return str(words.get(who, who)) if isinstance(who, str) else str(who.get("person", ""))
