"""allauth's forms, with our codes behind their one field."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm

from portal.accounts.codes import onetime, recovery

TAKEN_BY = {
    Authenticator.Type.TOTP: onetime.take,
    Authenticator.Type.RECOVERY_CODES: recovery.take,
}


class _OurCodes:
    """A one-time code, or a recovery code, of the person of the form."""

    user: Any
    cleaned_data: dict[str, Any]

    def clean_code(self) -> str:
        clear = check_rate_limit(self.user)
        code = str(self.cleaned_data["code"])
        for factor in Authenticator.objects.filter(user=self.user, type__in=TAKEN_BY):
            if TAKEN_BY[factor.type](factor, code):
                factor.user = self.user
                self.authenticator = factor
                clear()
                return code
        raise get_adapter().validation_error("incorrect_code")


class SignInForm(_OurCodes, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """After the password."""


class ProveForm(_OurCodes, ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """Who is signed in says again that it is they."""


class TurnOnForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The app must have the secret that the page showed."""

    def clean_code(self) -> str:
        clear = check_rate_limit(self.user, error_key="rate_limited")
        code = str(self.cleaned_data["code"])
        if not onetime.fits(self.secret, code):
            raise get_adapter().validation_error("incorrect_code")
        clear()
        return code
