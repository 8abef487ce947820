"""What each department owes, in the words and drawings of the scorecard."""

from typing import Any

import numpy as np
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from leads.actions.commitments.telling import said
from leads.core.watching import pace as pace_core
from leads.models import PaceAlert
from leads.reports.period import Filters
from leads.reports.scorecard.card import Compared, Scorecard, Stood
from leads.reports.scorecard.promises import Promise
from leads.reports.volume import Volume
from leads.views.reports.tables import address
from portal.look.charts.histogram import Timing, histogram
from portal.look.charts.pace import Pace, pace
from portal.look.parts import Link
from portal.look.words import count, percent, span
from sla.core.terms.parts import Commitment

UNITS = ((7_200.0, "h", 3_600.0), (0.0, "min", 60.0))


def promise_of(promise: Promise, card: Scorecard) -> dict[str, Any]:
    """One obligation: its share, what is beside it, and how long it took."""
    tally, filters = promise.tally, card.filters
    figure = f"clocks:{tally.party}:{tally.obligation}."
    agreed = promise.agreed
    rest = [
        (_("never done"), tally.never, "never"),
        (_("late"), tally.late, "late"),
        (_("still open"), tally.open, "open"),
        (_("returned"), tally.returned, "returned"),
        (_("cancelled"), tally.cancelled, "cancelled"),
        (_("excused"), tally.excused, "excused"),
    ]
    return {
        "title": promise.name,
        "rule": _("Within %(rule)s.") % {"rule": promise.rule} if promise.rule else "",
        "value": percent(promise.share) if promise.share is not None else "–",
        "is_share": promise.share is not None,
        "target": _("target %(share)s") % {"share": percent(agreed / 100)} if agreed else "",
        "verdict": "open" if promise.verdict == "none" else promise.verdict,
        "url": address(f"{figure}due", filters),
        "link": _("%(n)s due") % {"n": count(tally.due)},
        "drawing": _drawing(promise),
        "before": _promised_before(promise, card),
        "rest": [
            Link(f"{count(number)} {name}", address(figure + key, filters))
            for name, number, key in rest
            if number
        ],
    }


def _promised_before(promise: Promise, card: Scorecard) -> str:
    """The same in the period that is compared with; "" where there is none."""
    if card.before is None:
        return ""
    tally = card.before.tallies.get((promise.tally.obligation, promise.tally.party))
    if tally is None or tally.share is None:
        return _("%(when)s: nothing was due") % {"when": when(card.before.filters)}
    return _("%(when)s: %(share)s of %(n)s due") % {
        "when": when(card.before.filters),
        "share": percent(tally.share),
        "n": count(tally.due),
    }


def when(filters: Filters) -> str:
    """A period by the shortest name that it has."""
    period = filters.period
    if period.length == "month":
        return date_format(period.first, "F Y")
    return f"{date_format(period.first, 'j M')} – {date_format(period.last, 'j M Y')}"


def _drawing(promise: Promise) -> Any:
    if promise.p50 is None or promise.p90 is None:
        return None
    unit, seconds = _unit(promise, max(promise.target or 0.0, promise.p90))
    return histogram(
        Timing(
            values=np.asarray(promise.times) / seconds,
            unit=unit,
            department=promise.tally.party,
            p50=promise.p50 / seconds,
            p90=promise.p90 / seconds,
            target=promise.target / seconds if promise.target else None,
            noun=promise.obligation.name if promise.obligation else "",
        )
    )


def _unit(promise: Promise, longest: float) -> tuple[str, float]:
    """The word and the working seconds of the unit; days where the terms promise days."""
    targets = promise.obligation.targets if promise.obligation else ()
    days = [target.within.days for target in targets if not target.within.time]
    if promise.target and days and len(set(days)) == 1 and days[0] > 2:
        return _("days"), promise.target / days[0]
    _floor, unit, seconds = next(row for row in UNITS if longest >= row[0])
    return unit, seconds


def volume_of(
    volume: Volume,
    filters: Filters,
    behind: PaceAlert | None = None,
    before: Compared | None = None,
) -> dict[str, Any]:
    """A commitment with its curve: what is there, and where this pace leads."""
    commitment, projected = volume.commitment, volume.projected
    agreed = commitment.count or 0
    period = filters.period.of(commitment.period)
    kept = projected is not None and projected >= agreed
    return {
        "title": commitment.name,
        "rule": _("%(count)s a %(period)s.")
        % {"count": count(agreed), "period": span(commitment.period)},
        "value": count(volume.total),
        "target": _("at this pace %(n)s of %(agreed)s")
        % {"n": count(projected), "agreed": count(agreed)}
        if projected is not None
        else "",
        "before": _counted_before(before, commitment),
        "verdict": "few" if projected is None else "kept" if kept else "below",
        "note": _fell_behind(behind, commitment),
        "url": address(f"volume:{commitment.key}", filters),
        "link": _("%(n)s leads") % {"n": count(volume.total)},
        "drawing": pace(
            Pace(
                done=volume.done,
                days=volume.days,
                agreed=agreed,
                department=commitment.department,
                projected=projected,
                first=date_format(period.first, "j M"),
                last=date_format(period.last, "j M"),
                noun=_("leads"),
            )
        ),
    }


def _counted_before(before: Compared | None, commitment: Commitment) -> str:
    if before is None:
        return ""
    number = count(before.volumes.get(commitment.key, 0))
    return f"{when(before.filters)}: {number}"


def _fell_behind(alert: PaceAlert | None, commitment: Commitment) -> str:
    """When the agreed alert was raised, and what was seen then; "" if it was not."""
    if alert is None:
        return ""
    return _("Told that it is behind: %(said)s") % {"said": said(alert, commitment)}


def stood_of(stood: Stood, filters: Filters, behind: PaceAlert | None = None) -> dict[str, Any]:
    """A commitment without a curve: a share that is kept, or pieces that are made."""
    commitment, seen = stood.commitment, stood.standing
    shown = {
        "title": commitment.name,
        "note": _fell_behind(behind, commitment),
    }
    if commitment.percent is not None:
        few = seen.wanted < pace_core.FEW
        kept = seen.done * 100 >= commitment.percent * seen.wanted
        return shown | {
            "rule": _("%(share)s kept a %(period)s.")
            % {"share": percent(commitment.percent / 100), "period": span(commitment.period)},
            "value": percent(seen.done / seen.wanted) if seen.wanted else "–",
            "target": _("target %(share)s") % {"share": percent(commitment.percent / 100)},
            "verdict": "few" if few else "kept" if kept else "below",
            "url": address(f"commitment:{commitment.key}", filters),
            "link": _("%(n)s due by now") % {"n": count(seen.wanted)},
        }
    return shown | {
        "rule": _("%(count)s a %(period)s.")
        % {"count": count(seen.agreed), "period": span(commitment.period)},
        "value": count(seen.done),
        "target": _("the pace asks for %(n)s") % {"n": count(seen.wanted)},
        "verdict": "kept" if seen.done >= seen.wanted else "below",
        "url": address(f"commitment:{commitment.key}", filters),
        "link": _("%(n)s published so far") % {"n": count(seen.done)}
        if commitment.measure == "content"
        else _("%(n)s kept so far") % {"n": count(seen.done)},
    }
