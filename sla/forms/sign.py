"""The forms of the signing page: proving who signs, by code or passkey, or turning codes on."""

from collections.abc import Callable, Sequence
from typing import Any

from allauth.core import ratelimit
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from portal.accounts.codes import onetime
from portal.accounts.passkeys.forms import AnswerField
from sla.core.warnings import Caution


class ProofForm(forms.Form):
    """Password and one-time code; a subclass says what the code must fit."""

    code_fits: Callable[[str], bool]

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(
            attrs={"class": "in wide", "autocomplete": "current-password"}
        ),
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=8,
        help_text=_("6 digits from your app"),
        widget=forms.TextInput(
            attrs={
                "class": "in",
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "size": 8,
            }
        ),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.errors:
            return data
        user = self.request.user
        if not ratelimit.consume(self.request, action="reauthenticate", user=user):
            raise forms.ValidationError(_("Too many attempts. Wait a minute, then try again."))
        if not user.check_password(data["password"]):
            self.add_error("password", _("This is not your password."))
        elif not self.code_fits(data["code"].replace(" ", "")):
            self.add_error("code", _("This code does not fit, or was used before."))
        return data


class Acknowledging(forms.Form):
    """What both ways of signing carry: the fingerprint that was read, the warnings ticked."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)

    request: HttpRequest

    @property
    def acknowledged(self) -> list[str]:
        """Codes of the grave warnings that were ticked."""
        return self.request.POST.getlist("acknowledged")


class SignForm(Acknowledging, ProofForm):
    def __init__(
        self, request: HttpRequest, cautions: Sequence[Caution], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(request, *args, **kwargs)
        self.cautions = cautions

    def code_fits(self, code: str) -> bool:
        factor = Authenticator.objects.filter(
            user=self.request.user, type=Authenticator.Type.TOTP
        ).first()
        return factor is not None and onetime.take(factor, code)


class PasskeyForm(Acknowledging):
    """What the script put in after the device answered."""

    answer = AnswerField(error_messages={"required": _("Your device gave no answer.")})

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request


class CompanyForm(Acknowledging):
    """What is confirmed at the identity provider."""

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request


class CodesForm(ProofForm):
    """Turning one-time codes on: the app must have the secret that the page showed."""

    def code_fits(self, code: str) -> bool:
        return onetime.fits(self.secret, code)

    @property
    def secret(self) -> str:
        """The one in this person's session; a new one, if there is none."""
        return str(totp.get_totp_secret())


def has_second_factor(user: Any) -> bool:
    enrolled = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP)
    return bool(enrolled.exists())
