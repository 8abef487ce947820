"""Five questions first: an agreement that writes itself while it is talked about."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from portal import wallclock
from portal.accounts.models import Team
from portal.http import PortalRequest, posted
from portal.unfinished.actions import finish
from portal.unfinished.models import Unfinished
from portal.unfinished.views import keep
from sla.actions import drafting
from sla.core import questions
from sla.core import terms as core
from sla.core.clauses import Section
from sla.core.clauses import render as render_clauses
from sla.core.diff import compare
from sla.forms.questions import Company, NewAgreementForm, QuestionsForm
from sla.models import Agreement, Version
from sla.models.agreement import place_of
from sla.models.office import begin_with
from sla.views.agreements import may_draft

# Sections that the answers write; the others are the template's and folded away.
ANSWERED = frozenset({3, 4, 5})
LIST = "sla:agreement-list"


@require_http_methods(["GET", "POST"])
def begin(request: PortalRequest) -> HttpResponse:
    """A new agreement: its name and the five questions on one page."""
    _drafts(request)
    if (answer := keep(request, place_of(), back=LIST)) is not None:
        return answer
    asked = _asked(request, None)
    form = NewAgreementForm(posted(request), **asked)
    if _starts(request) and form.is_valid():
        version = drafting.start_agreement(
            key=form.cleaned_data["key"],
            name=form.cleaned_data["name"],
            terms=questions.terms(form.answers()),
            by=request.user,
            at=wallclock.now(),
        )
        return _to(request, version, place_of())
    return _page(request, form, {"agreement": None, "told": _told(request, asked)})


@require_http_methods(["GET", "POST"])
def ask(request: PortalRequest, key: str) -> HttpResponse:
    """The five questions about an agreement that is there; the answers become a draft."""
    _drafts(request)
    agreement = get_object_or_404(Agreement, key=key)
    if (answer := keep(request, place_of(agreement), back=LIST)) is not None:
        return answer
    asked, at = _asked(request, agreement), wallclock.now()
    form = QuestionsForm(posted(request), **asked)
    if _starts(request) and form.is_valid():
        version = drafting.draft(
            agreement_id=agreement.pk,
            terms=questions.terms(form.answers()),
            by=request.user,
            at=at,
        )
        return _to(request, version, place_of(agreement))
    in_force = Version.objects.in_force(agreement.pk, at)
    context = {"agreement": agreement, "in_force": in_force, "told": _told(request, asked)}
    return _page(request, form, context)


def _asked(request: PortalRequest, agreement: Agreement | None) -> dict[str, Any]:
    """What the form is made with, answers that were left half way among it."""
    return {
        "teams": _teams(),
        "company": _company(),
        "title": agreement.name if agreement else request.POST.get("name", "")[:120],
        "left": Unfinished.objects.of(place_of(agreement)),
    }


def _told(request: PortalRequest, asked: dict[str, Any]) -> QuestionsForm:
    """The questions alone, as answered so far: the text does not wait for a name."""
    said, left = posted(request), asked["left"]
    if said is None and left is not None:
        said = left.said
    title = asked["title"] or (said.get("name", "")[:120] if said else "")
    return QuestionsForm(said, **asked | {"title": title, "left": None})


def _page(request: PortalRequest, form: QuestionsForm, context: dict[str, Any]) -> HttpResponse:
    """The whole page, or the text alone while somebody is answering."""
    context |= _text(context["told"])
    if request.htmx and not _starts(request):
        part = context | {"form": context["told"]}
        return render(request, "sla/_questions_text.html", part)
    context |= {"form": form, "left": None if form.is_bound else form.left}
    status = 422 if form.errors else 200
    return render(request, "sla/questions.html", context, status=status)


def _text(form: QuestionsForm) -> dict[str, Any]:
    """What stands beside the questions: the clauses, or why there are none yet."""
    if form.is_bound and not form.is_valid():
        return {"answered": [], "rest": []}
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


def _to(request: PortalRequest, version: Version, place: str) -> HttpResponse:
    """On to the draft, in which the answers are from now on."""
    finish(place)
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
