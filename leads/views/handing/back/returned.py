"""What came back: in groups, and each group answered at once, seen before it is done."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from leads.actions.answering import many
from leads.actions.answering.correcting import is_correctable
from leads.actions.handing import endings, returns
from leads.actions.handing.rounds import labels
from leads.actions.sweeping.once_more import once_more
from leads.core.handoff import Move
from leads.desk.words import stage_words
from leads.forms.returned import MOST, ManyForm
from leads.models import Handoff
from leads.reports.returning import groups as grouped
from leads.views.handing.asking import morning
from leads.views.handing.back.sheet import GROUPS, returns_as_file
from portal import spreadsheet, wallclock
from portal.http import PortalRequest, posted
from portal.look.parts import Link
from sla.core.criteria import FieldIs, leaves

DAYS = {
    "30": gettext_lazy("30 days"),
    "90": gettext_lazy("90 days"),
    "365": gettext_lazy("A year"),
}
BY: dict[grouped.By, Any] = {
    "both": gettext_lazy("Reason and campaign"),
    "reason": gettext_lazy("Reason"),
    "origin": gettext_lazy("Campaign or source"),
    "criterion": gettext_lazy("Criterion"),
}


@require_safe
def index(request: PortalRequest) -> HttpResponseBase:
    """The returns to a department in groups, those with most to answer first."""
    department, at = _department(request), wallclock.now()
    days = request.GET.get("days", "")
    days = days if days in DAYS else "30"
    asked = request.GET.get("by")
    by: grouped.By = next((one for one in BY if one == asked), "both")
    found = grouped.groups(department, at - timedelta(days=int(days)), at, by)
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "returns", GROUPS, found)
    shown = [(one, _link(one, department)) for one in found[:MOST]]
    context = {
        "open": [pair for pair in shown if pair[0].waiting],
        "answered": [pair for pair in shown if not pair[0].waiting],
        "by": by,
        "days": [_chip(request, "days", key, str(DAYS[key]), days) for key in DAYS],
        "views": [_chip(request, "by", key, str(BY[key]), by) for key in BY],
        "sides": [
            _chip(request, "department", key, name, department)
            for key, name in (("marketing", _("To Marketing")), ("sales", _("To Sales")))
        ],
        "waiting": grouped.waiting(department).count(),
        "department": department,
        "period": DAYS[days],
    }
    return render(request, "leads/handing/returned.html", context)


@require_http_methods(["GET", "POST"])
def group(request: PortalRequest) -> HttpResponseBase:
    """The returns of one group, to be answered together: a preview first, a result for each."""
    department = _department(request)
    if kind := spreadsheet.asked(request):
        columns = returns_as_file(stage_words(wallclock.now()))
        return spreadsheet.listed(kind, "returns", columns, _rows(request, department))
    rows = list(_rows(request, department)[: MOST + 1])
    more, rows = len(rows) > MOST, rows[:MOST]
    fields = _fields(rows)
    field = request.GET.get("field", "") or next(iter(fields), "")
    field = field if field in fields else ""
    form = ManyForm(rows, field, fields.get(field, ("", ""))[1], posted(request))
    results: Sequence[many.Result] = ()
    status, step = 200, "choose"
    if request.method == "POST":
        if form.is_valid():
            step = "done" if "act" in request.POST.getlist("do") else "preview"
            results = _act(request, form, rows, step == "done")
        else:
            status = 422
    context = _shown(request, rows, form, field, fields) | {
        "results": _told(results, rows),
        "ready": sum(1 for one in results if not one.refusal),
        "step": step,
        "more": more,
        "department": department,
        "what": grouped_as(request, rows),
    }
    return render(request, "leads/handing/group.html", context, status=status)


def _department(request: PortalRequest) -> str:
    if not request.user.reads_leads:
        raise Http404
    named = request.GET.get("department", "")
    if named in ("marketing", "sales"):
        return named
    return request.user.department_id or "marketing"


def _chip(request: PortalRequest, name: str, key: str, label: str, here: str) -> Link:
    query = request.GET.copy()
    query[name] = key
    return Link(label, f"?{query.urlencode()}", here=key == here)


def _link(one: grouped.Group, department: str) -> str:
    query: list[tuple[str, str]] = [("department", department)]
    query += [("reason", reason) for reason in one.reasons]
    query += [("campaign", one.campaign)] if one.campaign else []
    query += [("source", one.source)] if one.source else []
    return f"{reverse('leads:returns-group')}?{urlencode(query)}"


def _rows(request: PortalRequest, department: str) -> Any:
    found = grouped.waiting(
        department,
        reasons=request.GET.getlist("reason")[:20],
        campaign=request.GET.get("campaign", "")[:200],
        source=request.GET.get("source", "")[:80],
    )
    return found.select_related(
        "lead__company", "version", "receiver", "giver", "giver_team", "receiver_team"
    )


def _fields(rows: Sequence[Handoff]) -> dict[str, tuple[str, str]]:
    """What may be corrected here, with label and type: what the reasons dispute comes first."""
    found: dict[str, tuple[str, str]] = {}
    disputed: dict[str, tuple[str, str]] = {}
    for version, kind, reason in {(row.version, row.kind, row.return_reason) for row in rows}:
        terms = version.parsed
        agreed = terms.handoff(kind)
        disputes = {r.disputes for r in terms.return_reasons if r.key == reason}
        for stage in terms.journey:
            for leaf in leaves(stage.criteria) if stage.criteria is not None else ():
                if isinstance(leaf, FieldIs) and is_correctable(leaf.field):
                    place = disputed if leaf.key in disputes else found
                    place[leaf.field] = (labels((leaf.field,))[0], leaf.type)
        for name in filter(is_correctable, ("lead.email", "lead.phone", *agreed.package)):
            found.setdefault(name, (labels((name,))[0], ""))
    return {**disputed, **{name: said for name, said in found.items() if name not in disputed}}


def _act(
    request: PortalRequest, form: ManyForm, rows: Sequence[Handoff], really: bool
) -> Sequence[many.Result]:
    """What each would become, or became; only what asks nothing is not tried beforehand."""
    user, data = request.user, form.cleaned_data
    known = {row.pk: _value(row, form.corrected) for row in rows}
    wanted = form.wanted(known)
    if not really and data["answer"] == Move.FIXED:
        return many.preview(wanted, by=user, at=wallclock.now())
    if not really:
        return [many.Result(pk) for pk in wanted]

    def act(pk: int) -> Any:
        return once_more(lambda at: _one(pk, wanted[pk], data, user, at), now=wallclock.now)

    return many.each(list(wanted), act)


def _one(pk: int, values: Any, data: dict[str, Any], user: Any, at: datetime) -> Any:
    if data["answer"] == Move.FIXED:
        return many.fix(handoff_id=pk, values=values, by=user, at=at)
    if data["answer"] == Move.DISPUTE:
        return returns.answer_dispute(handoff_id=pk, by=user, at=at, note=data["note"])
    on = morning(data["on"], user)
    return endings.answer_recycle(
        handoff_id=pk, by=user, at=at, on=on, to=data["to"], note=data["note"]
    )


def _value(row: Handoff, name: str) -> Any:
    owner, _dot, field = name.partition(".")
    if owner == "attributes":
        return row.lead.attributes.get(field)
    return getattr(row.lead if owner == "lead" else row.lead.company, field, None)


def _shown(
    request: PortalRequest,
    rows: Sequence[Handoff],
    form: ManyForm,
    field: str,
    fields: dict[str, tuple[str, str]],
) -> dict[str, Any]:
    picked = {str(pk) for pk in request.POST.getlist("pick")}
    all_chosen = request.method == "GET"
    lines = []
    for row in rows:
        known = _value(row, field) if field else None
        typed = request.POST.get(f"value-{row.pk}")
        lines.append(
            {
                "handoff": row,
                "known": known,
                "value": known if typed is None else typed,
                "picked": all_chosen or str(row.pk) in picked,
                "fault": next(iter(form.errors.get(f"value-{row.pk}", ())), ""),
            }
        )
    links = [
        _chip(request, "field", name, label.removeprefix("the ").capitalize(), field)
        for name, (label, _kind) in fields.items()
    ]
    return {
        "rows": lines,
        "form": form,
        "field": field,
        "value_label": fields[field][0].removeprefix("the ") if field else "",
        "chips": links,
    }


def _told(
    results: Sequence[many.Result], rows: Sequence[Handoff]
) -> list[tuple[Handoff, many.Result]]:
    known = {row.pk: row for row in rows}
    return [(known[one.handoff_id], one) for one in results if one.handoff_id in known]


def grouped_as(request: PortalRequest, rows: Sequence[Handoff]) -> str:
    """The name of the group that is shown: its reasons, its campaign."""
    names: dict[str, str] = {}
    for row in rows:
        names |= {one.key: one.name for one in row.version.parsed.return_reasons}
    reasons = [names.get(key, key) for key in request.GET.getlist("reason")]
    origin = request.GET.get("campaign") or request.GET.get("source", "")
    said = [", ".join(dict.fromkeys(reasons)), origin]
    return ": ".join(part for part in said[::-1] if part) or _("All that wait for an answer")
