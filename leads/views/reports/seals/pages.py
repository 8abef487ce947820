"""The sealed periods, one seal with every figure beside what it is now, and what is proved."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from leads.models import Seal, SealCheck
from leads.reports.period import Filters
from leads.reports.seals.restating import document_of, period_of
from leads.views.reports.choosing import require_reader
from portal.http import PortalRequest
from portal.ledger.models import Head, LedgerEntry
from portal.look.parts import Link
from portal.look.words import count, duration
from portal.spreadsheet import Column, Kind, asked, listed, table

MOST = 60  # seals on the page: five years of months

COLUMNS: list[Column] = [
    (gettext_lazy("Period"), lambda seal: seal.length),
    (gettext_lazy("From"), lambda seal: seal.first),
    (gettext_lazy("Sealed"), lambda seal: seal.sealed_at),
    (gettext_lazy("Under"), lambda seal: f"{seal.version.agreement} {seal.version.number}"),
    (gettext_lazy("Digest"), lambda seal: seal.digest),
    (gettext_lazy("Looked at again"), lambda seal: getattr(checked(seal), "checked_at", None)),
]


@dataclass(frozen=True)
class Line:
    """One figure: as it was sealed, as it is now, and why it is another."""

    name: str
    sealed: str
    now: str
    rows: Link | None
    change: Mapping[str, Any] | None

    @property
    def counts(self) -> bool:
        """Whether it counted anything, then or now."""
        return self.change is not None or self.sealed != "0"

    @property
    def entries(self) -> list[int]:
        return list(self.change["entries"]) if self.change else []


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """Every sealed period, the newest first, with how many figures are restated."""
    require_reader(request)
    seals = Seal.objects.light().select_related("version", "version__agreement", "check_made")
    if kind := asked(request):
        return listed(kind, "seals", COLUMNS, seals)
    context = {"seals": [(one, checked(one)) for one in seals[:MOST]], "here": "seals"}
    return render(request, "leads/reports/seals/index.html", context)


@require_safe
def show(request: PortalRequest, seal_id: int) -> HttpResponse:
    """One seal: what changed first, then every figure."""
    require_reader(request)
    seal = _seal(seal_id)
    look = checked(seal)
    found = lines(seal, look)
    context = {
        "seal": seal,
        "look": look,
        "period": period_of(seal),
        "changed": [one for one in found if one.change],
        "figures": found,
        "entry": LedgerEntry.objects.about(("seal", seal.pk)).first(),
        "head": Head.objects.filter(seq__gt=seal.head_seq).order_by("seq").first(),
        "query": Filters(period_of(seal)).query,
    }
    return render(request, "leads/reports/seals/seal.html", context)


@require_safe
def proof(request: PortalRequest) -> HttpResponse:
    """In plain words: what is proved and what is not, and the files to check it with."""
    require_reader(request)
    context = {
        "newest": Seal.objects.light().first(),
        "heads": Head.objects.count(),
        "head": Head.objects.order_by("-seq").first(),
    }
    return render(request, "leads/reports/seals/proof.html", context)


@require_safe
def file(request: PortalRequest, seal_id: int, kind: Kind) -> HttpResponseBase:
    """Every figure as sealed and as it is now, as a table to keep."""
    require_reader(request)
    seal = _seal(seal_id)
    header = [
        _("Figure"), _("Key"), _("Sealed"), _("Of"), _("Now"), _("Rows gone"), _("Rows come"),
        _("Why"), _("Entries of the ledger"), _("Definition"), _("Digest of the rows"),
    ]  # fmt: skip
    changes = _changes(checked(seal))
    rows = (
        [
            one["name"], one["key"], one["value"], one["of"],
            change["now"] if change else one["value"], change["n_gone"] if change else 0,
            change["n_came"] if change else 0, _why(change), _entries(change),
            one["definition"], one["rows"],
        ]
        for one in document_of(seal)["figures"]
        for change in (changes.get(one["key"]),)
    )  # fmt: skip
    return table(kind, f"seal-{seal.first}", header, rows)


def checked(seal: Seal) -> SealCheck | None:
    """The newest look at the seal; None if nobody looked again yet."""
    return getattr(seal, "check_made", None)


def lines(seal: Seal, look: SealCheck | None) -> list[Line]:
    """The figures in the order of the scorecard; those that are new since come last."""
    changes = _changes(look)
    figures = document_of(seal)["figures"]
    query = Filters(period_of(seal)).query
    known = {one["key"] for one in figures}
    fresh = [
        {"key": key, "name": change["name"], "value": 0, "of": None, "rows": "-"}
        for key, change in changes.items()
        if key not in known
    ]
    return [_line(one, changes.get(one["key"]), query) for one in [*figures, *fresh]]


def _line(one: Mapping[str, Any], change: Mapping[str, Any] | None, query: str) -> Line:
    now = change["now"] if change else one["value"]
    of_now = change["of_now"] if change else one["of"]
    key = one["key"]
    rows = f"{reverse('leads:scorecard-rows')}?{query}&{urlencode({'figure': key})}"
    shown = _said(key, now, of_now)
    opens = Link(shown, rows) if one["rows"] else None
    return Line(one["name"], _said(key, one["value"], one["of"]), shown, opens, change)


def _said(key: str, value: int | None, of: int | None) -> str:
    if value is None:
        return "–"
    if key.startswith("time:"):
        return duration(timedelta(microseconds=value))
    whole = count(value)
    return whole if of is None else _("%(n)s of %(of)s") % {"n": whole, "of": count(of)}


def _changes(look: SealCheck | None) -> dict[str, Mapping[str, Any]]:
    return {one["figure"]: one for one in look.changes} if look else {}


def _why(change: Mapping[str, Any] | None) -> str:
    return str(change["why"]) if change else ""


def _entries(change: Mapping[str, Any] | None) -> str:
    return " ".join(map(str, change["entries"])) if change else ""


def _seal(seal_id: int) -> Seal:
    seals = Seal.objects.select_related("version__agreement", "check_made")
    return get_object_or_404(seals, pk=seal_id)
