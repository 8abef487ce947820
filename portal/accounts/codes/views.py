"""allauth's pages of the second factor, with our codes and an entry in the ledger."""

from functools import partial
from typing import Any

from allauth.account.decorators import reauthentication_required
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.recovery_codes.internal import flows
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from portal import wallclock
from portal.accounts.actions import second_factor
from portal.accounts.codes import recovery
from portal.http import PortalRequest, posted


class Overview(IndexView):  # type: ignore[misc]  # allauth has no types
    """What stands between a password and this account."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"left": recovery.left(_recovery_of(self.request))}


class TurnCodesOn(ActivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """With its entry in the ledger; then on to recovery codes, if there are none."""

    def form_valid(self, form: Any) -> HttpResponse:
        page: partial[HttpResponse] = partial(super().form_valid, form)
        return second_factor.turn_on_by(page, by=self.request.user, at=wallclock.now())

    def get_success_url(self) -> str:
        has_some = recovery.left(_recovery_of(self.request))
        return reverse("mfa_index" if has_some else "mfa_generate_recovery_codes")


class TurnCodesOff(DeactivateTOTPView):  # type: ignore[misc]  # allauth has no types
    """With its entry in the ledger."""

    def form_valid(self, form: Any) -> HttpResponse:
        page: partial[HttpResponse] = partial(super().form_valid, form)
        return second_factor.turn_off_by(page, by=self.request.user, at=wallclock.now())


@require_http_methods(["GET", "POST"])
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # allauth has no types
def make_recovery_codes(request: PortalRequest) -> HttpResponse:
    """New ones: the answer itself is the only page that ever shows them."""
    form = GenerateRecoveryCodesForm(posted(request), user=request.user)
    if not form.is_valid():
        context = {"form": form, "left": recovery.left(_recovery_of(request))}
        return render(request, "mfa/recovery_codes/generate.html", context)
    with transaction.atomic():
        codes = recovery.renew(flows.generate_recovery_codes(request))
    return render(request, "mfa/recovery_codes/index.html", {"codes": codes})


def _recovery_of(request: Any) -> Authenticator | None:
    kind = Authenticator.Type.RECOVERY_CODES
    return Authenticator.objects.filter(user=request.user.pk, type=kind).first()
