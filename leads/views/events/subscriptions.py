"""Systems that are told what happens: listed, made, changed, tried, and what was sent."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from leads.actions.events.outgoing import sending, subscriptions
from leads.forms.events.subscription import SubscriptionForm
from leads.models import Outgoing, Subscription
from leads.models.events.subscription import OutgoingQuerySet
from leads.views.events.keepers import tabs
from leads.views.events.sheet import SUBSCRIPTIONS, TOLD
from leads.views.events.spoken import written
from leads.views.lead.finding import number
from portal import spreadsheet, wallclock
from portal.errors import DomainError
from portal.http import PortalRequest, posted
from portal.ledger.kinds import Kind
from portal.notifications.models.sealing import Unreadable

PAGE = 30
View = Callable[..., HttpResponseBase]


def operators_only(view: View) -> View:
    """404 for everybody but operations: what is told may be about anybody."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.imports_leads:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@require_safe
@operators_only
def index(request: PortalRequest) -> HttpResponseBase:
    """Every subscription, and how it goes there."""
    at = wallclock.now()
    waiting, dead = _counted(Outgoing.State.PENDING), _counted(Outgoing.State.DEAD)
    rows = [
        (
            one,
            _host(one),
            one.endpoint.is_open(at),
            waiting.get(one.pk, 0),
            dead.get(one.pk, 0),
        )
        for one in Subscription.objects.select_related("endpoint")
    ]
    if kind := spreadsheet.asked(request):
        return spreadsheet.listed(kind, "subscriptions", SUBSCRIPTIONS, rows)
    context = {"rows": rows, "tabs": tabs(request, "out")}
    return render(request, "leads/events/subscriptions.html", context)


@require_http_methods(["GET", "POST"])
@operators_only
def new(request: PortalRequest) -> HttpResponse:
    """Tell a system of what happens from now on; its secret is shown once."""
    form = SubscriptionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made, secret = subscriptions.subscribe(
                wanted=form.wanted(), by=request.user, at=wallclock.now()
            )
            return _page(request, made, secret=secret)
        except DomainError as error:
            form.add_error("address", str(error))
    return _form(request, form, None)


@require_safe
@operators_only
def show(request: PortalRequest, subscription_id: int) -> HttpResponseBase:
    """One subscription, and what it was sent lately."""
    found = _find(subscription_id)
    if kind := spreadsheet.asked(request):
        rows = _told(request, found).order_by("-seq")
        return spreadsheet.listed(kind, f"subscription-{found.pk}", TOLD, rows)
    return _page(request, found)


@require_http_methods(["GET", "POST"])
@operators_only
def edit(request: PortalRequest, subscription_id: int) -> HttpResponse:
    """Change what is told, where to, or whether."""
    found = _find(subscription_id)
    form = SubscriptionForm(posted(request), subscription=found)
    if request.method == "POST" and form.is_valid():
        try:
            subscriptions.change(
                subscription_id=found.pk, wanted=form.wanted(), by=request.user,
                at=wallclock.now(),
            )  # fmt: skip
            return redirect("leads:subscription", subscription_id=found.pk)
        except DomainError as error:
            form.add_error("address", str(error))
    return _form(request, form, found)


@require_http_methods(["GET", "POST"])
@operators_only
def rotate(request: PortalRequest, subscription_id: int) -> HttpResponse:
    """What a new secret breaks and when; POST makes it, shows it once, and lets the one
    before sign too for a day."""
    found, at = _find(subscription_id), wallclock.now()
    if request.method != "POST":
        context = {
            "subscription": found,
            "until": at + subscriptions.OVERLAP,
            "overlaps": found.overlaps(at),
        }
        return render(request, "leads/events/subscription_rotate.html", context)
    secret = subscriptions.rotate(subscription_id=found.pk, by=request.user, at=at)
    return _page(request, _find(subscription_id), secret=secret)


@require_POST
@operators_only
def try_out(request: PortalRequest, subscription_id: int) -> HttpResponse:
    """Send one event of the type `test`, and say what came of it."""
    found = _find(subscription_id)
    taken, said = sending.try_out(found, by=request.user, at=wallclock.now())
    (messages.success if taken else messages.error)(request, said)
    return redirect("leads:subscription", subscription_id=found.pk)


@require_http_methods(["GET", "POST"])
@operators_only
def sent(request: PortalRequest, outgoing_id: int) -> HttpResponse:
    """One event that was told, with each answer. POST sends it again."""
    rows = Outgoing.objects.visible_to(request.user).select_related("subscription", "lead")
    row = get_object_or_404(rows, pk=outgoing_id)
    if request.method == "POST":
        try:
            sending.send_again(outgoing_id=row.pk, by=request.user, at=wallclock.now())
            messages.success(request, _("It leaves within seconds, under the same id."))
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("leads:outgoing", outgoing_id=row.pk)
    payload = written(row.payload) if row.payload else ""
    answers = [one | {"at": datetime.fromisoformat(one["at"])} for one in row.answers]
    word = Kind(row.kind).label
    context = {"row": row, "word": word, "payload": payload, "answers": answers[::-1]}
    return render(request, "leads/events/sent.html", context)


def _counted(state: str) -> dict[int, int]:
    rows = Outgoing.objects.filter(state=state).order_by()
    return dict(rows.values_list("subscription").annotate(n=Count("pk")))


def _find(subscription_id: int) -> Subscription:
    found = Subscription.objects.select_related("endpoint", "made_by")
    return get_object_or_404(found, pk=subscription_id)


def _form(
    request: PortalRequest, form: SubscriptionForm, found: Subscription | None
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "subscription": found}
    return render(request, "leads/events/subscription_edit.html", context, status=status)


def _page(request: PortalRequest, found: Subscription, *, secret: str = "") -> HttpResponse:
    at = wallclock.now()
    rows = _told(request, found)
    if (cursor := number(request.GET.get("before", ""))) is not None:
        rows = rows.filter(seq__lt=cursor)
    page = list(rows.order_by("-seq")[: PAGE + 1])
    older = f"?before={page[PAGE - 1].seq}" if len(page) > PAGE else ""
    context = {
        "subscription": found,
        "secret": secret,
        "host": _host(found),
        "is_open": found.endpoint.is_open(at),
        "overlaps": found.overlaps(at),
        "kinds": [Kind(kind).label for kind in found.kinds],
        "rows": [(one, Kind(one.kind).label) for one in page[:PAGE]],
        "older": older,
    }
    return render(request, "leads/events/subscription.html", context)


def _told(request: PortalRequest, found: Subscription) -> OutgoingQuerySet:
    rows = Outgoing.objects.visible_to(request.user).filter(subscription=found)
    return rows.defer("payload", "answers")


def _host(found: Subscription) -> str:
    try:
        return found.endpoint.host
    except Unreadable as error:
        return str(error)
