"""What the messages of a source mean: edited, and tried with a message before it is kept."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from leads.actions.events.incoming import sources, trying
from leads.actions.events.incoming.taking import NotReadable
from leads.core.events import MappingInvalid
from leads.core.events.mapping import FIELDS, NEEDED
from leads.forms.events.source import MappingForm
from leads.models import EventSource, InboundItem
from leads.views.events.keepers import keepers_only
from leads.views.events.spoken import spoken, written
from leads.views.lead.finding import number
from portal import wallclock
from portal.http import PortalRequest, posted


@require_http_methods(["GET", "POST"])
@keepers_only
def edit(request: PortalRequest, key: str) -> HttpResponse:
    """Try a mapping with a message, as often as it takes; then keep it."""
    source = get_object_or_404(EventSource.objects.select_related("keeper"), key=key)
    form = MappingForm(posted(request), initial=_initial(request, source))
    context: dict[str, Any] = {
        "source": source, "form": form,
        "fields": [(event, sorted(names), sorted(NEEDED.get(event, ())))
                   for event, names in FIELDS.items()],
        "waiting": InboundItem.objects.quarantined().filter(source=source).count(),
    }  # fmt: skip
    if request.method == "GET":
        return render(request, "leads/events/mapping.html", context)
    if form.is_valid():
        if request.POST.get("do") == "try":
            return _try(request, source, form, context)
        try:
            sources.remap(
                source_id=source.pk, mapping=form.cleaned_data["mapping"], by=request.user,
                at=wallclock.now(),
            )  # fmt: skip
            messages.success(request, _("The mapping is kept. What comes now is read by it."))
            return redirect("leads:source", key=source.key)
        except MappingInvalid as invalid:
            _say(form, invalid)
    return render(request, "leads/events/mapping.html", context, status=422)


def _try(
    request: PortalRequest, source: EventSource, form: MappingForm, context: dict[str, Any]
) -> HttpResponse:
    said = form.cleaned_data
    try:
        tried = trying.try_out(source, said["mapping"], said["payload"], at=wallclock.now())
    except MappingInvalid as invalid:
        _say(form, invalid)
    except NotReadable as error:
        form.add_error("payload", str(error))
    else:
        context["tried"] = [(one, spoken(one.what, one.facts)) for one in tried]
        context["reads"] = request.user.imports_leads
        return render(request, "leads/events/mapping.html", context)
    return render(request, "leads/events/mapping.html", context, status=422)


def _say(form: MappingForm, invalid: MappingInvalid) -> None:
    for fault in invalid.faults[:20]:
        form.add_error(
            "mapping", f"{fault.path}: {fault.reason}" if fault.path else fault.reason
        )


def _initial(request: PortalRequest, source: EventSource) -> dict[str, str]:
    """The mapping as it is; with `?item=` the message of an event that was not understood."""
    initial = {"mapping": written(source.mapping)}
    asked = number(request.GET.get("item", ""))
    if asked is not None:
        items = InboundItem.objects.visible_to(request.user).filter(source=source, pk=asked)
        item = items.exclude(payload=None).first()
        if item is not None:
            initial["payload"] = written(item.payload)
    return initial
