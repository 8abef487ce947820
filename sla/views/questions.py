"""Five questions first: an agreement that writes itself while it is talked about."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal import wallclock
from portal.accounts.models import Team
from portal.http import PortalRequest, posted
from sla.actions import drafting
from sla.core import questions
from sla.core import terms as core
from sla.core.clauses import Section
from sla.core.clauses import render as render_clauses
from sla.core.diff import compare
from sla.forms.questions import Company, NewAgreementForm, QuestionsForm
from sla.models import Agreement, Version
from sla.models.office import begin_with
from sla.views.agreements import may_draft

# Sections that the answers write; the others are the template's and folded away.
ANSWERED = frozenset({3, 4, 5})


@require_http_methods(["GET", "POST"])
def begin(request: PortalRequest) -> HttpResponse:
    """A new agreement: its name and the five questions on one page."""
    _drafts(request)
    form = NewAgreementForm(posted(request), teams=_teams(), company=_company())
    if _starts(request) and form.is_valid():
        version = drafting.start_agreement(
            key=form.cleaned_data["key"],
            name=form.cleaned_data["name"],
            terms=questions.terms(form.answers()),
            by=request.user,
            at=wallclock.now(),
        )
        return _to(request, version)
    return _page(request, form, {"agreement": None})


@require_http_methods(["GET", "POST"])
def ask(request: PortalRequest, key: str) -> HttpResponse:
    """The five questions about an agreement that is there; the answers become a draft."""
    _drafts(request)
    agreement = get_object_or_404(Agreement, key=key)
    form = QuestionsForm(
        posted(request), teams=_teams(), title=agreement.name, company=_company()
    )
    at = wallclock.now()
    if _starts(request) and form.is_valid():
        version = drafting.draft(
            agreement_id=agreement.pk,
            terms=questions.terms(form.answers()),
            by=request.user,
            at=at,
        )
        return _to(request, version)
    in_force = Version.objects.in_force(agreement.pk, at)
    return _page(request, form, {"agreement": agreement, "in_force": in_force})


@require_safe
def text(request: PortalRequest) -> HttpResponse:
    """The clauses that the answers so far would write: a part of either page."""
    _drafts(request)
    title = request.GET.get("name", "")[:120]
    form = QuestionsForm(request.GET, teams=_teams(), title=title, company=_company())
    return render(request, "sla/_questions_text.html", _text(form))


def _page(request: PortalRequest, form: QuestionsForm, context: dict[str, Any]) -> HttpResponse:
    status = 422 if form.errors else 200
    context |= {"form": form, **_text(form)}
    return render(request, "sla/questions.html", context, status=status)


def _text(form: QuestionsForm) -> dict[str, Any]:
    """What stands beside the questions: the clauses, or why there are none yet."""
    if form.is_bound and not form.is_valid():
        return {"form": form, "answered": [], "rest": []}
    answers = (
        form.answers()
        if form.is_bound
        else questions.Answers(
            title=form.title, office=form.company.office, teams=form.company.teams
        )
    )
    document = questions.terms(answers)
    sections = render_clauses(core.read(document))
    plain = core.template(answers.model) | {"title": document["title"]}
    plain = questions.at_home(plain, answers.office)
    return {
        "form": form,
        "title": document["title"],
        "answered": [one for one in sections if one.number in ANSWERED],
        "rest": [one for one in sections if one.number not in ANSWERED],
        "changed": _clauses_of(sections, {c.path for c in compare(plain, document)}),
    }


def _clauses_of(sections: list[Section], paths: set[str]) -> list[str]:
    """The numbers of the clauses that are not as the template has them."""
    return [
        clause.number
        for section in sections
        for clause in section.clauses
        if any(path == clause.path or path.startswith(f"{clause.path}/") for path in paths)
    ]


def _starts(request: PortalRequest) -> bool:
    """Whether the draft is wanted, and not only its text."""
    return request.method == "POST" and request.POST.get("do") != "text"


def _to(request: PortalRequest, version: Version) -> HttpResponse:
    page = "sla:draft-edit" if request.POST.get("do") == "advanced" else "sla:version"
    return redirect(page, key=version.agreement.key, number=version.number)


def _teams() -> list[tuple[str, str]]:
    teams = Team.objects.filter(department="marketing", archived_at=None).order_by("name")
    return list(teams.values_list("key", "name"))


def _company() -> Company:
    """As the company was set up, or as the template has it before anybody did that."""
    office = begin_with()
    if office is None:
        return Company()
    teams = Team.objects.filter(archived_at=None).values_list("key", flat=True)
    return Company(office, frozenset(teams))


def _drafts(request: PortalRequest) -> None:
    """Both departments and operations write; for others the page is not there."""
    if not may_draft(request.user):
        raise Http404
