"""What the clauses of an agreement do in practice: the notes in its margin."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from leads.actions.links import scorecard_link
from leads.models import PaceAlert
from leads.reports import figures
from leads.reports.figures import Tally
from leads.reports.period import Filters
from leads.reports.volume import standing
from portal.look.words import count, percent, span
from sla.core.terms.parts import Commitment, Obligation
from sla.models import Version
from sla.ports import Note


def practice(version: Version, at: datetime) -> Mapping[str, Note]:
    """How each obligation and volume of a version was kept in the period of `at`, by the
    clause's path.

    Only for the version in force: under any other text the figure would be another's.
    """
    if Version.objects.in_force(version.agreement_id, at) != version:
        return {}
    terms = version.parsed
    filters = Filters.from_query({}, at, ZoneInfo(terms.governance.zone))
    due = [tally for tally in figures.tallies(filters, at) if tally.due]
    running = PaceAlert.objects.filter(
        pace__agreement=version.agreement_id, pace__begins_at__lte=at, pace__ends_at__gt=at
    )
    behind = (
        set(running.values_list("pace__commitment", flat=True)) if terms.commitments else ()
    )
    volumes = {
        f"commitments/{one.key}": _of_volume(
            version, one, filters, at, is_behind=one.key in behind
        )
        for one in terms.commitments
    }
    return volumes | {
        f"obligations/{obligation.key}": _note(obligation, found, filters)
        for obligation in terms.obligations
        if (found := _of(obligation, due)) is not None
    }


def _of_volume(
    version: Version,
    commitment: Commitment,
    filters: Filters,
    at: datetime,
    *,
    is_behind: bool,
) -> Note:
    """How a volume stands against its pace, and whether it was told that it is behind."""
    period = filters.period.of(commitment.period)
    seen = standing(version, commitment, period.start, period.end, at)
    names = {
        "done": count(seen.done), "wanted": count(seen.wanted), "agreed": count(seen.agreed),
        "period": span(commitment.period),
    }  # fmt: skip
    text = _("%(done)s so far; the pace asks for %(wanted)s of %(agreed)s this %(period)s.")
    if commitment.percent is not None:
        text = _("%(done)s kept of %(wanted)s due this %(period)s.")
    if is_behind:
        text = _("%(text)s It was told that this is behind.") % {"text": text}
    link = scorecard_link(commitment.period, period.first)
    return Note(text % names, link, _("on the scorecard"))


def _of(obligation: Obligation, tallies: Iterable[Tally]) -> Tally | None:
    return next((tally for tally in tallies if tally.obligation == obligation.key), None)


def _note(obligation: Obligation, tally: Tally, filters: Filters) -> Note:
    month = date_format(filters.period.first, "F")
    said = _("Kept %(share)s in %(month)s") % {
        "share": percent(tally.met / tally.due),
        "month": month,
    }
    if obligation.attainment is not None:
        agreed = percent(obligation.attainment / 100)
        said = _("%(said)s, agreed %(agreed)s") % {"said": said, "agreed": agreed}
    figure = f"clocks:{tally.party}:{tally.obligation}.due"
    rows = ngettext("%(n)s was due", "%(n)s were due", tally.due) % {"n": count(tally.due)}
    query = f"{filters.query}&{urlencode({'figure': figure})}"
    return Note(f"{said}.", f"{reverse('leads:scorecard-rows')}?{query}", rows)
