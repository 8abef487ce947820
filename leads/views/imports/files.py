"""A file on its way in: brought, mapped, looked at after its dry run, and taken."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from leads.actions.imports.files import brought, uploads
from leads.actions.imports.sifting import stage_words, stages_in_force
from leads.core.files import suggestions
from leads.forms.imports import FileForm, MappingForm, initial_of
from leads.models import ImportRun, SavedMapping, Upload
from leads.views.imports.operators import operators_only
from leads.views.imports.preview import previews
from portal import spreadsheet, wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.jobs.tasks import nudge
from portal.unfinished.actions import finish
from portal.unfinished.models import Unfinished
from portal.unfinished.views import keep

SHOWN = 30
COLUMNS: list[spreadsheet.Column] = [
    (gettext_lazy("File"), lambda run: run.name),
    (gettext_lazy("Records"), lambda run: run.records),
    (gettext_lazy("New"), lambda run: run.new),
    (gettext_lazy("Updated"), lambda run: run.updated),
    (gettext_lazy("Duplicate"), lambda run: run.duplicate),
    (gettext_lazy("Refused"), lambda run: run.rejected),
    (gettext_lazy("By"), lambda run: run.by),
    (gettext_lazy("Began"), lambda run: run.started_at),
    (gettext_lazy("Finished"), lambda run: run.finished_at),
    (gettext_lazy("Taken back"), lambda run: run.undone_at),
    (gettext_lazy("Import"), lambda run: run.pk),
]


@require_http_methods(["GET", "POST"])
@operators_only
def index(request: PortalRequest) -> HttpResponseBase:
    """Bring a file; what was brought and imported before stands below."""
    runs = ImportRun.objects.select_related("by").order_by("-pk")
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "imports", COLUMNS, runs)
    form = FileForm(posted(request), request.FILES or None)
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                upload = uploads.keep(
                    name=file.name,
                    blocks=file.chunks(),
                    by=request.user,
                    at=wallclock.now(),
                )
                return redirect("leads:import-map", upload_id=upload.pk)
            except DomainError as error:
                refusal = str(error)
    brought_before = Upload.objects.visible_to(request.user).there().filter(runs=None)
    context = {
        "form": form,
        "refusal": refusal,
        "uploads": brought_before.select_related("by").order_by("-pk")[:SHOWN],
        "runs": runs[:SHOWN],
        "presets": [preset["name"] for preset in suggestions.presets().values()],
    }
    return render(request, "leads/imports/index.html", context, status=status)


@require_http_methods(["GET", "POST"])
@operators_only
def mapping(request: PortalRequest, upload_id: int) -> HttpResponse:
    """What does each column mean? Suggested by name and by the exports that are known."""
    upload = _find(request, upload_id)
    place = f"import:{upload.pk}"
    if (answer := keep(request, place, back="leads:imports")) is not None:
        return answer
    at = wallclock.now()
    form, left = _mapping_form(request, upload, at), None
    if request.method == "GET" and not request.GET:
        left = Unfinished.objects.of(place)
        form.initial = {**form.initial, **(left.values(form.fields) if left else {})}
    status, refusal = 200, ""
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                job = brought.map_and_rehearse(
                    upload_id=upload.pk, mapping=form.mapping(), by=request.user, at=at,
                    save_as=form.cleaned_data["save_as"],
                )  # fmt: skip
                finish(place)
                nudge()
                return redirect("job", job_id=job.pk)
            except DomainError as error:
                refusal = str(error)
    context = {
        "upload": upload,
        "form": form,
        "left": left,
        "refusal": refusal,
        "kept": SavedMapping.objects.all(),
        "presets": [(key, one["name"]) for key, one in suggestions.presets().items()],
        "preset": _preset(request, upload),
        "unusable": len(form.columns) - len(form.usable),
        "words": _old_words(at),
    }
    return render(request, "leads/imports/map.html", context, status=status)


@require_http_methods(["GET", "POST"])
@operators_only
def check(request: PortalRequest, upload_id: int) -> HttpResponse:
    """What would come of it, with the first and the worst rows; POST takes the file."""
    upload = _find(request, upload_id)
    status, refusal = 200, ""
    if request.method == "POST":
        try:
            job = brought.take(upload_id=upload.pk, by=request.user, at=wallclock.now())
            nudge()
            return redirect("job", job_id=job.pk)
        except DomainError as error:
            status, refusal = 409, str(error)
    if upload.mapping is None or upload.job is None:
        return redirect("leads:import-map", upload_id=upload.pk)
    if upload.job.is_open:
        return redirect("job", job_id=upload.job.pk)
    context: dict[str, Any] = {"upload": upload, "refusal": refusal, "told": upload.rehearsal}
    context |= previews(upload)
    return render(request, "leads/imports/check.html", context, status=status)


@require_POST
@operators_only
def remove(request: PortalRequest, upload_id: int) -> HttpResponse:
    """Throw a file away that was brought."""
    upload = _find(request, upload_id)
    uploads.remove(upload_id=upload.pk, at=wallclock.now(), by=request.user)
    finish(f"import:{upload.pk}")
    messages.success(request, _("%(name)s is removed.") % {"name": upload.name})
    return redirect("leads:imports")


def _find(request: PortalRequest, upload_id: int) -> Upload:
    found = Upload.objects.visible_to(request.user).there().select_related("job")
    return get_object_or_404(found, pk=upload_id)


def _preset(request: PortalRequest, upload: Upload) -> str:
    """The preset that was chosen, else the one that the header looks like."""
    chosen = request.GET.get("preset")
    if chosen is not None:
        return chosen[:80]
    return suggestions.preset_of([column["name"] for column in upload.found["columns"]])


def _mapping_form(request: PortalRequest, upload: Upload, at: datetime) -> MappingForm:
    columns, preset = upload.found["columns"], _preset(request, upload)
    suggested = suggestions.suggest(columns, preset, stage_words(at))
    known = suggestions.presets().get(preset)
    initial = {"source": known["source"] if known else "", "zone": request.user.zone}
    initial["missing"] = sorted({word for column in columns for word in column["blanks"]})
    kept = SavedMapping.objects.filter(name=request.GET.get("kept", "")).first()
    mapped = kept.mapping if kept else upload.mapping
    if mapped and request.GET.get("preset") is None:
        initial = initial_of(mapped, columns)
    return MappingForm(
        columns, suggested, stages_in_force(at), posted(request), initial=initial
    )  # fmt: skip


def _old_words(at: datetime) -> list[tuple[str, str]]:
    """Old labels with the names of their stages, as the terms in force have them."""
    return [(s.legacy, s.name) for s in stages_in_force(at).values() if s.legacy]
