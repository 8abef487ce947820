"""What would change? The redline between any two versions or saves, and what it costs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal import wallclock
from portal.accounts.models import User
from portal.http import PortalRequest
from portal.look.words import instant as instant_in_words
from sla import ports
from sla.actions.backtesting import PERIOD
from sla.core import terms as core
from sla.core.backtest import Backtest
from sla.core.diff import Change, compare_terms
from sla.core.terms import Terms
from sla.models import Version, VersionSave
from sla.views.agreements import among, base_among
from sla.views.costs import kept, with_costs, with_kept_costs

_TOKEN = re.compile(r"v([1-9][0-9]{0,5})(?:\.s([1-9][0-9]{0,5}))?")
SAVES = 100
_JUDGED = ("obligations/", "calendars/", "handoffs/", "governance/seals/zone")
Choice = tuple[str, str]


class PeriodForm(forms.Form):
    """Which past handoffs a change is tried on; left empty, those of the last 90 days."""

    since = forms.DateField(
        label=gettext_lazy("Handoffs offered from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    until = forms.DateField(
        label=gettext_lazy("to"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def period(self, at: datetime) -> tuple[datetime, datetime]:
        """[since, until) as instants; whole days in the reader's zone, never beyond `at`."""
        given = self.cleaned_data if self.is_valid() else {}
        first, last = given.get("since"), given.get("until")
        zone = get_current_timezone()
        until = at
        if last is not None:
            after = datetime.combine(last + timedelta(days=1), time.min, zone)
            until = min(after, at)
        since = datetime.combine(first, time.min, zone) if first else until - PERIOD
        return min(since, until), until


@dataclass(frozen=True)
class Text:
    """A version, or one save of it as a version that is not stored; `token` names it."""

    token: str
    version: Version

    @property
    def terms(self) -> Terms:
        """The terms; those of a draft need not make sense yet."""
        return self.version.parsed if self.version.digest else core.read(self.version.terms)


@require_safe
def changes(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """The redline of a version: against the one in force, or between any two texts."""
    versions, at = list(_versions(key)), wallclock.now()
    version = among(versions, number)
    base = base_among(versions, version, at)
    new = _asked(request, versions, "to") or Text(f"v{number}", version)
    old = _asked(request, versions, "from")
    if old is None and base is not None:
        old = Text(f"v{base.number}", base)
    form = PeriodForm(request.GET)
    found = compare_terms(old.terms, new.terms) if old else []
    tried = _tried(request.user, old, new, found, form.period(at), at)
    context = {
        "version": version,
        "agreement": version.agreement,
        "old": old,
        "new": new,
        "choices": _choices(versions, {version.number, *_numbers(old, new)}, at),
        "form": form,
        "changes": with_costs(found, tried),
        "backtest": tried,
    }
    return render(request, "sla/changes.html", context)


def _versions(key: str) -> QuerySet[Version]:
    """All versions of an agreement, the newest first."""
    return Version.objects.select_related("agreement").filter(agreement__key=key)


def _asked(request: PortalRequest, versions: Sequence[Version], name: str) -> Text | None:
    """The text that the address names: v3, or save 12 of it, v3.s12. 404 if there is none."""
    token = request.GET.get(name, "")
    if not token:
        return None
    match = _TOKEN.fullmatch(token)
    if match is None:
        raise Http404
    version = among(versions, int(match[1]))
    if match[2] is None:
        return Text(token, version)
    save = version.saves.filter(number=int(match[2])).first()
    if save is None:
        raise Http404
    return Text(
        token, Version(agreement=version.agreement, number=version.number, terms=save.terms)
    )


def _numbers(*texts: Text | None) -> set[int]:
    return {text.version.number for text in texts if text is not None}


def _choices(
    versions: Sequence[Version], unfolded: set[int], at: datetime
) -> list[tuple[str, list[Choice]]]:
    """Every version to choose from, newest first, and the saves of those that are shown."""
    groups, saved = [], _saves([one for one in versions if one.number in unfolded], at)
    for version in versions:
        token, title = (
            f"v{version.number}",
            _("Version %(number)s") % {"number": version.number},
        )
        whole = _("%(version)s, %(state)s") % {
            "version": title, "state": version.get_state_display(),
        }  # fmt: skip
        groups.append((title, [(token, whole), *saved.get(version.pk, ())]))
    return groups


def _saves(versions: Sequence[Version], at: datetime) -> dict[int, list[Choice]]:
    """The newest saves of these versions, by the version."""
    number_of = {version.pk: version.number for version in versions}
    place = Window(RowNumber(), partition_by="version", order_by="-number")
    saves = VersionSave.objects.filter(version__in=number_of).annotate(place=place)
    found: dict[int, list[Choice]] = {}
    shown = saves.filter(place__lte=SAVES).select_related("author").defer("terms")
    for save in shown.order_by("-number"):
        words = _("Version %(version)s, save %(number)s by %(who)s, %(when)s") % {
            "version": number_of[save.version_id],
            "number": save.number,
            "who": save.author or _("the portal"),
            "when": instant_in_words(localtime(save.saved_at), localtime(at)),
        }
        token = f"v{number_of[save.version_id]}.s{save.number}"
        found.setdefault(save.version_id, []).append((token, words))
    return found


def _tried(
    user: User,
    old: Text | None,
    new: Text,
    found: Sequence[Change],
    period: tuple[datetime, datetime],
    at: datetime,
) -> Backtest | None:
    """What the changes would have cost, for those who read leads; None where nothing that
    decides a due instant changes, or where a draft cannot be run yet."""
    judged = any(change.path.startswith(_JUDGED) for change in found)
    if old is None or not judged or not user.reads_leads:
        return None
    try:
        return ports.backtest(new.version, old.version, *period, at)
    except core.TermsError:
        return None


def context_of(version: Version, base: Version | None, at: datetime) -> dict[str, Any]:
    """The redline of a version with the costs of the backtest that is kept with it."""
    return {"changes": with_kept_costs(version, base), "backtest": kept(version)}
