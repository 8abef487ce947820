"""The company, its teams, its people, and who heads and signs for each department."""

from typing import Any
from zoneinfo import available_timezones

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from leads.actions.setup import company as companies
from leads.actions.setup import parties as parting
from leads.actions.setup import people as hiring
from leads.actions.setup import teams as teaming
from leads.forms.setup.company import CompanyForm, drawn
from leads.forms.setup.people import PartyForm, SheetForm, said
from leads.forms.setup.teams import team_forms
from leads.views.setup.doors import administrators_only
from portal import spreadsheet, wallclock
from portal.accounts.models import Department, Team, User
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.unfinished.actions import finish
from portal.unfinished.actions import keep as keep_on
from portal.unfinished.models import Unfinished
from portal.unfinished.views import keep
from sla.models import Office

LIST = "leads:setup"
COLUMNS: list[spreadsheet.Column] = [
    (gettext_lazy("Name"), lambda one: one.name),
    (gettext_lazy("E-mail"), lambda one: one.email),
    (gettext_lazy("Department"), lambda one: one.department),
    (gettext_lazy("Team"), lambda one: one.team),
    (gettext_lazy("Role"), User.get_role_display),
    (gettext_lazy("May sign"), lambda one: one.is_signatory),
]
COMPANY, TEAMS, PEOPLE, PARTIES = (
    f"setup:{step}" for step in ("company", "teams", "people", "parties")
)


@require_http_methods(["GET", "POST"])
@administrators_only
def company(request: PortalRequest) -> HttpResponse:
    """Name, zone, country and hours; the two years they make are drawn before they count."""
    if (answer := keep(request, COMPANY, back=LIST)) is not None:
        return answer
    at, left = wallclock.now(), Unfinished.objects.of(COMPANY)
    office = Office.objects.first()
    form = CompanyForm(posted(request), year=localdate(at).year, office=office, left=left)
    status, refusal, calendar = 200, "", office.calendar if office else None
    if request.method == "POST":
        status = 422
        if form.is_valid():
            calendar = form.calendar()
            status, refusal = 200, ""
            if request.POST.get("do") != "look":
                try:
                    return _settled(request, form, calendar)
                except DomainError as error:
                    status, refusal = 409, str(error)
    context = {
        "form": form,
        "refusal": refusal,
        "years": drawn(calendar) if calendar else [],
        "zones": sorted(available_timezones()),
        "left": left if request.method == "GET" else None,
    }
    return render(request, "leads/setup/company.html", context, status=status)


def _settled(
    request: PortalRequest, form: CompanyForm, calendar: dict[str, Any]
) -> HttpResponse:
    """Back to the list; where the country has regions that nobody was asked for, first here."""
    data = form.cleaned_data
    companies.settle(
        name=data["name"], country=data["country"], region=data["region"], calendar=calendar,
        by=request.user, at=wallclock.now(),
    )  # fmt: skip
    finish(COMPANY)
    messages.success(request, _("Kept. New agreements begin with this calendar."))
    if form.has_regions and not form.regions_seen:
        text = _(
            "Parts of this country have holidays of their own. Choose yours, or keep it so."
        )
        messages.info(request, text)
        return redirect("leads:setup-company")
    return redirect("leads:setup")


@require_http_methods(["GET", "POST"])
@administrators_only
def teams(request: PortalRequest) -> HttpResponse:
    """The teams on one page: named before, renamed at will."""
    if (answer := keep(request, TEAMS, back=LIST)) is not None:
        return answer
    left = Unfinished.objects.of(TEAMS) if request.method == "GET" else None
    forms = team_forms(left.said if left else posted(request), teaming.proposed())
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if forms.is_valid():
            wanted = [one for form in forms if (one := form.wanted())]
            try:
                teaming.keep(wanted=wanted, by=request.user, at=wallclock.now())
                finish(TEAMS)
                messages.success(request, _("Kept."))
                return redirect("leads:setup")
            except DomainError as error:
                status, refusal = 409, str(error)
    there = set(Team.objects.filter(archived_at=None).values_list("key", flat=True))
    context = {"forms": forms, "refusal": refusal, "there": there, "left": left}
    return render(request, "leads/setup/teams.html", context, status=status)


@require_http_methods(["GET", "POST"])
@administrators_only
def people(request: PortalRequest) -> HttpResponseBase:
    """People from a sheet: looked at row by row, then made; nobody is told."""
    if (answer := keep(request, PEOPLE, back=LIST)) is not None:
        return answer
    there = User.objects.active().select_related("team", "department")
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "people", COLUMNS, there)
    left = Unfinished.objects.of(PEOPLE) if request.method == "GET" else None
    form, status, seen = SheetForm(posted(request)), 200, None
    if left is not None:
        form = SheetForm(initial=left.values(form.fields))
    if request.method == "POST":
        status = 422
        if form.is_valid():
            status, text = 200, form.cleaned_data["text"]
            if request.POST.get("do") == "add":
                seen = hiring.hire(text=text, by=request.user, at=wallclock.now())
                _told(request, len(seen.new))
                finish(PEOPLE)
                if not seen.wrong:
                    return redirect("leads:setup-people")
                text = hiring.left_over(seen.wrong)
                rest = [("text", [text])]
                keep_on(form=PEOPLE, said=rest, by=request.user, at=wallclock.now())
                form = SheetForm(initial={"text": text})
            seen = hiring.preview(text)
    context = {
        "form": form,
        "seen": seen,
        "lines": [(row, said(row)) for row in seen.rows] if seen else [],
        "teams": Team.objects.filter(archived_at=None).select_related("department"),
        "there": there,
        "left": left,
    }
    return render(request, "leads/setup/people.html", context, status=status)


def _told(request: PortalRequest, number: int) -> None:
    if number:
        text = ngettext("%(n)d person was added.", "%(n)d people were added.", number)
        messages.success(request, text % {"n": number})


@require_http_methods(["GET", "POST"])
@administrators_only
def parties(request: PortalRequest) -> HttpResponse:
    """A head and a signatory for each department."""
    if (answer := keep(request, PARTIES, back=LIST)) is not None:
        return answer
    left = Unfinished.objects.of(PARTIES) if request.method == "GET" else None
    forms = [
        PartyForm(posted(request), department=one, signs=_signs(one), left=left)
        for one in Department.objects.select_related("head").order_by("key")
    ]
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if [form.is_valid() for form in forms] == [True, True]:
            try:
                _appoint(request, forms)
                finish(PARTIES)
                return redirect("leads:setup")
            except DomainError as error:
                status, refusal = 409, str(error)
    context = {"forms": forms, "refusal": refusal, "left": left}
    return render(request, "leads/setup/parties.html", context, status=status)


def _appoint(request: PortalRequest, forms: list[PartyForm]) -> None:
    chosen = [
        parting.Chosen(
            form.department.key,
            form.cleaned_data["head"].pk,
            form.cleaned_data["signatory"].pk,
        )
        for form in forms
    ]
    parting.appoint(chosen=chosen, by=request.user, at=wallclock.now())
    messages.success(request, _("Kept. The agreement can be signed by them."))


def _signs(department: Department) -> User | None:
    return User.objects.signatories().filter(department=department).order_by("name").first()
