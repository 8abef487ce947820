"""Terms as a file: the published schema, any version's JSON, and a draft from a file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.validators import FileExtensionValidator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_safe

from portal import wallclock
from portal.http import PortalRequest, posted
from sla.actions import drafting
from sla.core import terms as core
from sla.core.diff import Change
from sla.core.terms import Fault
from sla.errors import DraftChanged, TermsInvalid
from sla.models import Version
from sla.views.agreements import find, may_draft

MOST_BYTES = 1024 * 1024
MOST_SHOWN = 50


class FileForm(forms.Form):
    """A JSON file, and the save of the draft that it is meant to follow."""

    seen_save = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    file = forms.FileField(
        label=gettext_lazy("JSON file"),
        help_text=gettext_lazy("One document of the published schema, at most 1 MB."),
        widget=forms.FileInput(attrs={"class": "in wide", "accept": "application/json,.json"}),
        validators=[FileExtensionValidator(["json"])],
    )

    def clean_file(self) -> bytes:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 1 MB. Nothing was read."))
        content: bytes = file.read()
        return content


@login_not_required
@require_safe
@cache_control(public=True, max_age=3600)
def schema(request: PortalRequest) -> HttpResponse:
    """The JSON Schema of the terms, for everybody; its address does not change."""
    return _file(core.canonical(core.schema()), "application/schema+json")


@require_safe
def export(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """The canonical form of a version's terms: the very bytes that its digest is of."""
    version = find(key, number)
    response = _file(core.canonical(version.terms), "application/json")
    name = f"{key}-version-{number}.json"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["ETag"] = f'"{core.digest(version.terms)}"'
    return response


@require_http_methods(["GET", "POST"])
def load(request: PortalRequest, key: str, number: int) -> HttpResponse:
    """Replace a draft's terms by those of a file; what others saved meanwhile is merged.

    What is wrong with the file is listed, each with its path and the reason: 422.
    """
    version = find(key, number)
    if not may_draft(request.user):
        raise Http404
    if version.state != Version.State.DRAFT:
        return redirect("sla:version", key=key, number=number)
    latest = version.saves.first()
    initial = {"seen_save": latest.number if latest else 0}
    form = FileForm(posted(request), request.FILES or None, initial=initial)
    outcome: dict[str, Any] = {}
    status = 200
    if request.method == "POST":
        status, outcome = _load(request, version, form)
        if status == 200:
            messages.info(request, _("The draft now says what the file says."))
            return redirect("sla:draft-edit", key=key, number=number)
    context = {"version": version, "agreement": version.agreement, "form": form, **outcome}
    return render(request, "sla/import.html", context, status=status)


def _load(
    request: PortalRequest, version: Version, form: FileForm
) -> tuple[int, dict[str, Any]]:
    if not form.is_valid():
        return 422, {}
    try:
        drafting.save(
            version_id=version.pk,
            terms=core.loads(form.cleaned_data["file"]),
            by=request.user,
            at=wallclock.now(),
            seen_save=form.cleaned_data["seen_save"],
        )
    except (core.TermsError, TermsInvalid) as error:
        return 422, _faults(error.faults)
    except DraftChanged as error:
        changes: list[Change] = error.changes
        return 409, {"refusal": str(error), "changes": changes}
    return 200, {}


def _faults(found: list[Fault]) -> dict[str, Any]:
    return {"faults": found[:MOST_SHOWN], "more": len(found[MOST_SHOWN:]), "count": len(found)}


def _file(content: bytes, kind: str) -> HttpResponse:
    return HttpResponse(content, content_type=kind)
