"""What the page shows of an outcome: its counts with their rows, targets, groups."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.core.backtest import Fate
from leads.core.statistics import percentile
from leads.core.targets import Suggested, targets
from leads.reports.backtest.groups import By, Group, groups
from leads.reports.backtest.trial import Outcome, Trial
from leads.reports.people.smallest import APART
from leads.views.reports.backtest.asked import GROUPED, AskedForm
from portal.look.charts.drawing import Drawing
from portal.look.charts.histogram import Timing, histogram
from portal.look.parts import Link
from portal.look.words import count, duration, percent
from portal.reader.language import say
from sla.core.backtest import FEW
from sla.core.durations import in_words
from sla.core.terms.parts import Target
from sla.models import Version

MINUTE, HOUR = 60e6, 3_600e6  # of working microseconds
TWO_HOURS = 2.0


@dataclass(frozen=True)
class Shown:
    """A version, and what is asked of it."""

    version: Version
    form: AskedForm

    def rows(self, which: str, **other: Any) -> str:
        """Where the handoffs of a count are."""
        names = [self.version.agreement.key, self.version.number]
        return f"{reverse('leads:backtest-rows', args=names)}?" + self.form.query(
            which=which, **other
        )


def promises(trial: Trial, shown: Shown) -> list[dict[str, Any]]:
    """Every promise of the text: late then, late under it, and each count's handoffs."""
    return [_promise(outcome, shown) for outcome in trial.outcomes()]


def _promise(outcome: Outcome, shown: Shown) -> dict[str, Any]:
    owed, found = outcome.owed, outcome.figures
    own = {"obligation": owed.key, "target": None}
    numbers = {
        which: Link(count(number), shown.rows(which, **own) if number else "")
        for which in ("judged", "then", "late", "newly", "spared")
        for number in [outcome.number(which)]
    }
    return {
        "name": owed.name,
        "url": f"?{shown.form.query(**own)}#one",
        "here": shown.form.cleaned_data["obligation"] == owed.key,
        "kept": "" if found.few else percent(found.kept),
        "agreed": percent(owed.attainment / 100) if owed.attainment else "",
        "few": found.few,
        "unseen": found.unseen,
        **numbers,
    }


def one(outcome: Outcome, shown: Shown) -> dict[str, Any]:
    """One promise: which target would have given how much, another target, its groups."""
    found = groups(outcome, shown.form.grouped, shown.form.zone)
    return {
        "name": outcome.owed.name,
        "department": outcome.owed.accountable,
        "targets": ", ".join(map(_allowed, outcome.owed.targets)),
        "n": outcome.figures.n,
        "few": outcome.figures.few,
        "suggested": [_suggested(outcome, some, shown) for some in outcome.suggested],
        "open": int((outcome.taken.in_time == Fate.OPEN).sum()),
        "left": int((outcome.taken.in_time == Fate.LEFT_OUT).sum()),
        "done": int(outcome.taken.done.sum()),
        "drawing": _drawing(outcome),
        "tried": _tried(outcome, shown),
        "groups": [_group(some, shown) for some in found if some.key != APART],
        "apart": any(some.key == APART for some in found),
        "bys": [
            Link(
                str(label), f"?{shown.form.query(by=key)}#tried", here=key == shown.form.grouped
            )
            for key, label in GROUPED
        ],
    }


def _allowed(target: Target) -> str:
    within = in_words(target.within, say=say)
    if target.segment is None:
        return within
    return _("%(within)s for %(kind)s") % {
        "within": within,
        "kind": target.segment.replace("_", " "),
    }


def _suggested(outcome: Outcome, some: Suggested, shown: Shown) -> dict[str, Any]:
    """The target in words, and as a whole number of minutes that is enough to try it."""
    if some.target is None:
        return {"share": percent(some.percent / 100), "target": "", "n": count(some.n)}
    minutes = max(-(-some.target // int(MINUTE)), 1)
    return {
        "share": percent(some.percent / 100),
        "target": duration(timedelta(microseconds=some.target)),
        "n": count(some.n),
        "late": count(some.late),
        "few": some.n < FEW,
        "url": f"?{shown.form.query(target=minutes, unit='minutes')}#tried"
        if minutes < 10_000
        else "",
    }


def _tried(outcome: Outcome, shown: Shown) -> dict[str, Any] | None:
    """What the target that is tried would give; None if none is."""
    if outcome.target is None:
        return None
    late = outcome.number("target")
    n = late + int((outcome.moved == Fate.MET).sum())
    return {
        "words": in_words(outcome.target, say=say) if outcome.target.time else _days(outcome),
        "late": Link(count(late), shown.rows("target") if late else ""),
        "n": count(n),
        "kept": percent((n - late) / n) if n >= FEW else "",
        "few": n < FEW,
        "change": late - outcome.number("late"),
        "change_words": count(abs(late - outcome.number("late"))),
    }


def _days(outcome: Outcome) -> str:
    days = outcome.target.days if outcome.target else 0
    return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}


def _drawing(outcome: Outcome) -> Drawing | None:
    """The time that was taken by those who did it, and the target as a line."""
    took = outcome.taken.enough[outcome.taken.done]
    line = _line(outcome)
    micro = [float(value) for value in took]
    p50, p90 = percentile(micro, 0.5), percentile(micro, 0.9)
    if p50 is None or p90 is None:
        return None
    hours = max(line or 0.0, p90) >= TWO_HOURS * HOUR
    unit, size = ("h", HOUR) if hours else ("min", MINUTE)
    return histogram(
        Timing(
            values=[value / size for value in micro],
            unit=unit,
            department=outcome.owed.accountable,
            p50=p50 / size,
            p90=p90 / size,
            target=line / size if line else None,
            noun=outcome.owed.name,
        )
    )


def _line(outcome: Outcome) -> float | None:
    """The target as working time; None where there are several, or none."""
    within = outcome.target
    if within is None:
        all_of_them = {target.within for target in outcome.owed.targets}
        within = all_of_them.pop() if len(all_of_them) == 1 else None
    if within is None or not outcome.taken.calendars:
        return None
    found = set(targets(outcome.terms, outcome.taken, within).tolist())
    return float(found.pop()) if len(found) == 1 else None


def _group(some: Group, shown: Shown) -> dict[str, Any]:
    key = some.key or "-"
    there = {"group": key}
    number = {"then": some.then, "late": some.late, "target": some.target, "judged": some.n}
    return {
        "name": said(some.key, shown.form.grouped),
        "share": some.late / some.n if some.n else 0.0,
        "percent": percent(some.late / some.n) if some.n >= FEW else "",
        "few": some.n < FEW,
        **{
            which: Link(count(n), shown.rows(which, **there) if n else "")
            for which, n in number.items()
        },
    }


def said(key: str, by: By) -> str:
    """A group in words."""
    if by == "weekday":
        return str(WEEKDAYS[int(key)])
    if by == "hour":
        return f"{key}:00"
    return key or _("unknown")
