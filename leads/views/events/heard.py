"""Events in quarantine: looked at, run again one by one or all at once, or set aside."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from leads.actions.events.incoming import settling
from leads.models import EventSource, InboundItem
from leads.models.events.inbound import InboundItemQuerySet
from leads.views.events.keepers import keepers_only
from leads.views.events.spoken import spoken, written
from leads.views.lead.finding import number
from portal import spreadsheet, wallclock
from portal.http import PortalRequest

PAGE = 30
COLUMNS: list[spreadsheet.Column] = [
    (gettext_lazy("Event"), lambda item: item.pk),
    (gettext_lazy("Where"), lambda item: item.path),
    (gettext_lazy("Why it waits"), lambda item: item.reason),
    (gettext_lazy("Read by"), lambda item: item.rule),
    (gettext_lazy("Came"), lambda item: item.inbound.received_at),
    (gettext_lazy("Tries"), lambda item: item.tries),
]
MOST = 200  # events run again by one press


@require_http_methods(["GET", "POST"])
@keepers_only
def quarantine(request: PortalRequest, key: str) -> HttpResponseBase:
    """What of a source was not understood. POST runs the chosen ones again, or all, or sets
    the chosen ones aside."""
    source = get_object_or_404(EventSource, key=key)
    waiting = _visible(request).quarantined().filter(source=source)
    if request.method == "POST":
        return _act(request, source, waiting)
    page = waiting.select_related("inbound").order_by("-pk")
    if kind := spreadsheet.asked(request):
        name = f"quarantine-{source.key}"
        return spreadsheet.listed(kind, name, COLUMNS, page.defer("payload"))
    if (cursor := number(request.GET.get("after", ""))) is not None:
        page = page.filter(pk__lt=cursor)
    rows = list(page[: PAGE + 1])
    context = {
        "source": source,
        "rows": rows[:PAGE],
        "count": waiting.count(),
        "older": f"?after={rows[PAGE - 1].pk}" if len(rows) > PAGE else "",
    }
    return render(request, "leads/events/quarantine.html", context)


def _act(
    request: PortalRequest, source: EventSource, waiting: InboundItemQuerySet
) -> HttpResponse:
    chosen = [pk for one in request.POST.getlist("pick") if (pk := number(one)) is not None]
    do = request.POST.get("do", "")
    rows = waiting if do == "all" else waiting.filter(pk__in=chosen)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:MOST])
    if not ids:
        messages.info(request, _("Choose what to run again, or to set aside."))
    elif do == "drop":
        for pk in ids:
            settling.drop(item_id=pk, by=request.user, at=wallclock.now())
        said = ngettext("%(n)s event is set aside.", "%(n)s events are set aside.", len(ids))
        messages.success(request, said % {"n": len(ids)})
    else:
        _say(request, settling.settle_each(ids, now=wallclock.now, by=request.user))
    return redirect("leads:source-quarantine", key=source.key)


def _say(request: PortalRequest, settled: list[InboundItem]) -> None:
    stayed = sum(one.state == InboundItem.State.QUARANTINED for one in settled)
    went = len(settled) - stayed
    done = ngettext("%(n)s event was taken over.", "%(n)s events were taken over.", went)
    held = ngettext("%(n)s stays, with its reason.", "%(n)s stay, with their reasons.", stayed)
    said = [done % {"n": went}] if went else []
    said += [held % {"n": stayed}] if stayed else []
    messages.info(request, " ".join(said))


@require_http_methods(["GET", "POST"])
@keepers_only
def item(request: PortalRequest, item_id: int) -> HttpResponse:
    """One event as it came, and what became of it. POST runs it again or sets it aside."""
    found = _visible(request).select_related("inbound", "source", "lead", "settled_by")
    one = get_object_or_404(found, pk=item_id)
    if request.method == "POST":
        if request.POST.get("do") == "drop":
            settling.drop(item_id=one.pk, by=request.user, at=wallclock.now())
        else:
            settling.settle_each([one.pk], now=wallclock.now, by=request.user)
        return redirect("leads:event-item", item_id=one.pk)
    context = {
        "item": one,
        "outcome": spoken(one.result.get("what", ""), one.result),
        "payload": written(one.payload) if one.payload is not None else "",
        "waits": one.state == InboundItem.State.QUARANTINED,
    }
    return render(request, "leads/events/item.html", context)


def _visible(request: PortalRequest) -> InboundItemQuerySet:
    """404 for admins: what stands in a message may be about anybody."""
    if not request.user.imports_leads:
        raise Http404
    return InboundItem.objects.visible_to(request.user)
