"""The figures of the scorecard in the words and drawings of its page."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.commitments.telling import said
from leads.core.watching import pace as pace_core
from leads.models import PaceAlert
from leads.reports.conversions import Conversion
from leads.reports.period import Filters
from leads.reports.returns import Returned
from leads.reports.scorecard import Promise, Scorecard, Stood
from leads.reports.volume import Volume
from portal.look.charts.bars import interval, limit_for
from portal.look.charts.histogram import Timing, histogram
from portal.look.charts.pace import Pace, pace
from portal.look.parts import Link
from portal.look.words import count, percent
from sla.core.terms.parts import Commitment

UNITS = ((7_200.0, "h", 3_600.0), (0.0, "min", 60.0))


def address(figure: str, filters: Filters) -> str:
    """Where the rows of a figure are."""
    return f"{reverse('leads:scorecard-rows')}?{filters.query}&figure={figure}"


def promise_of(promise: Promise, filters: Filters) -> dict[str, Any]:
    tally = promise.tally
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
        "title": promise.obligation.name if promise.obligation else tally.obligation,
        "rule": _("Within %(rule)s.") % {"rule": promise.rule} if promise.rule else "",
        "value": percent(promise.share) if promise.share is not None else "–",
        "target": _("target %(share)s") % {"share": percent(agreed / 100)} if agreed else "",
        "verdict": "open" if promise.verdict == "none" else promise.verdict,
        "url": address(f"{figure}due", filters),
        "link": _("%(n)s due") % {"n": count(tally.due)},
        "drawing": _drawing(promise),
        "rest": [
            Link(f"{count(number)} {name}", address(figure + key, filters))
            for name, number, key in rest
            if number
        ],
    }


def _drawing(promise: Promise) -> Any:
    if not promise.times or promise.p50 is None or promise.p90 is None:
        return None
    unit, seconds = _unit(promise, max(promise.target or 0.0, promise.p90))
    return histogram(
        Timing(
            values=[value / seconds for value in promise.times],
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
    volume: Volume, filters: Filters, behind: PaceAlert | None = None
) -> dict[str, Any]:
    commitment, projected = volume.commitment, volume.projected
    agreed = commitment.count or 0
    period = filters.period.of(commitment.period)
    kept = projected is not None and projected >= agreed
    return {
        "title": commitment.name,
        "rule": _("%(count)s a %(period)s.")
        % {"count": count(agreed), "period": _(commitment.period)},
        "value": count(volume.total),
        "target": _("at pace for %(n)s") % {"n": count(projected)} if projected else "",
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
                first=f"{period.first:%-d %b}",
                last=f"{period.last:%-d %b}",
                noun=_("leads"),
            )
        ),
    }


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
            % {"share": percent(commitment.percent / 100), "period": _(commitment.period)},
            "value": percent(seen.done / seen.wanted) if seen.wanted else "–",
            "target": _("target %(share)s") % {"share": percent(commitment.percent / 100)},
            "verdict": "few" if few else "kept" if kept else "below",
            "url": address(f"commitment:{commitment.key}", filters),
            "link": _("%(n)s due by now") % {"n": count(seen.wanted)},
        }
    return shown | {
        "rule": _("%(count)s a %(period)s.")
        % {"count": count(seen.agreed), "period": _(commitment.period)},
        "value": count(seen.done),
        "target": _("the pace asks for %(n)s") % {"n": count(seen.wanted)},
        "verdict": "kept" if seen.done >= seen.wanted else "below",
    }


def conversions_of(card: Scorecard) -> dict[str, Any]:
    """The table of steps; every interval is drawn on the same axis."""
    highs = [c.rate.interval[1] for c in card.conversions if c.rate.interval]
    limit = limit_for(highs) if highs else 1.0
    return {
        "limit": percent(limit),
        "rows": [_conversion(c, card, limit) for c in card.conversions],
    }


def _conversion(row: Conversion, card: Scorecard, limit: float) -> dict[str, Any]:
    mark, rate = row.benchmark, row.rate
    terms = card.version.parsed if card.version else None
    names = {stage.key: stage.name for stage in terms.journey} if terms else {}
    agreed = mark.percent / 100 if mark.confirmed else None
    return {
        "step": _step(names, mark.from_stage, mark.to_stage),
        "hits": count(rate.hits),
        "n": count(rate.n),
        "hits_url": address(f"cohort:{mark.key}:reached", card.filters),
        "n_url": address(f"cohort:{mark.key}", card.filters),
        "share": percent(rate.share) if rate.share is not None else "–",
        "low": percent(rate.interval[0]) if rate.interval else "",
        "high": percent(rate.interval[1]) if rate.interval else "",
        "agreed": percent(mark.percent / 100),
        "confirmed": mark.confirmed,
        "mature": row.mature,
        "waived": row.waived,
        "imported": row.imported,
        "verdict": row.verdict,
        "drawing": interval(rate.share, *rate.interval, agreed, limit)
        if rate.share is not None and rate.interval
        else None,
    }


def _step(names: dict[str, str], before: str, after: str) -> str:
    first = names.get(before, before)
    return f"{first[:1].upper()}{first[1:]} → {names.get(after, after)}"


def returned_of(row: Returned, card: Scorecard) -> dict[str, Any]:
    reasons = card.version.parsed.return_reasons if card.version else ()
    names = {reason.key: reason.name for reason in reasons}
    words = {
        "fixed": _("fixed"),
        "disputed": _("disputed"),
        "nurture": _("to nurture"),
        "waiting": _("not answered yet"),
    }
    return {
        "reason": names.get(row.reason, row.reason),
        "number": count(row.number),
        "url": address(f"returns:{row.reason}", card.filters),
        "most_from": f"{row.most_from[1]}: {row.most_from[0] or _('unknown')}"
        if row.most_from
        else "",
        "answers": ", ".join(f"{n} {words[key]}" for key, n in row.answers.most_common()),
    }
