"""One's own passkeys; each change has its entry in the ledger."""

from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.account.views import PasswordSetView
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from portal import wallclock
from portal.accounts.actions import passkeys as actions
from portal.accounts.models import Challenge, User
from portal.accounts.passkeys import ceremony
from portal.accounts.passkeys.forms import EnrolForm, NameForm
from portal.accounts.passkeys.place import here
from portal.accounts.sso import fresh
from portal.errors import DomainError
from portal.http import PortalRequest, posted


def may_hold(user: User) -> bool:
    """Passkeys sign agreements: whoever may sign has them, nobody else needs one."""
    return bool(user.is_signatory and user.department_id)


@require_http_methods(["GET", "POST"])
@reauthentication_required()  # type: ignore[untyped-decorator]  # allauth has no types
def passkeys(request: PortalRequest) -> HttpResponse:
    """The list, and a form that the script fills in with what the device answered."""
    _for_signatories(request)
    form = EnrolForm(posted(request))
    refusal, status = "", 200
    if request.method == "POST" and form.is_valid():
        try:
            actions.enrol(
                by=request.user,
                answer=form.cleaned_data["answer"],
                name=form.cleaned_data["name"],
                site=here(request),
                at=wallclock.now(),
            )
        except DomainError as error:
            refusal, status = str(error), 409
        else:
            messages.info(request, _("Added. You can sign agreements with it."))
            return redirect("passkeys")
    elif request.method == "POST":
        status = 422
    mine = request.user.passkeys.all()
    context = {"form": form, "passkeys": mine, "refusal": refusal}
    return render(request, "portal/passkeys.html", context, status=status)


@require_POST
def options(request: PortalRequest) -> HttpResponse:
    """What the script asks the device for; only right after a proof of who is there."""
    _for_signatories(request)
    if fresh.is_owed(request) or not did_recently_reauthenticate(request):
        return JsonResponse(
            {"refusal": _("Load the page again to prove who you are.")}, status=403
        )
    challenge = actions.new_challenge(
        user=request.user,
        purpose=Challenge.Purpose.ENROL,
        inputs={"tag": "concord passkey 1", "user": request.user.pk},
        at=wallclock.now(),
    )
    made = ceremony.enrolment_options(
        request.user,
        ceremony.challenge_of(challenge.inputs),
        here(request),
        request.user.passkeys.all(),
    )
    return JsonResponse(made)


@require_POST
def rename(request: PortalRequest, passkey_id: int) -> HttpResponse:
    """Another name for one's own; others' are not there."""
    passkey = get_object_or_404(request.user.passkeys, pk=passkey_id)
    form = NameForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A passkey needs a name."))
    else:
        name = form.cleaned_data["name"]
        actions.rename(passkey_id=passkey.pk, by=request.user, name=name, at=wallclock.now())
    return redirect("passkeys")


@require_POST
def revoke(request: PortalRequest, passkey_id: int) -> HttpResponse:
    """Let one's own passkey sign no more."""
    passkey = get_object_or_404(request.user.passkeys, pk=passkey_id)
    # The page asks for it, and shows that nothing was revoked.
    if fresh.is_owed(request) or not did_recently_reauthenticate(request):
        messages.warning(request, _("Prove again who you are; five minutes have passed."))
        return redirect("passkeys")
    actions.revoke(passkey_id=passkey.pk, by=request.user, at=wallclock.now())
    messages.info(request, _("Revoked. What it signed stays signed."))
    return redirect("passkeys")


class SetPassword(PasswordSetView):  # type: ignore[misc]  # allauth has no types
    """allauth's page for who has no password yet; so it is the provider that is asked."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        fresh.ask_if_owed(request)
        page: HttpResponse = super().dispatch(request, *args, **kwargs)
        return page


def _for_signatories(request: PortalRequest) -> None:
    if not may_hold(request.user):
        raise Http404
