"""The admin's form of an endpoint. Its address and secrets are written, never shown."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.notifications import http
from portal.notifications.channels import webhook
from portal.notifications.models import Endpoint


class EndpointForm(forms.ModelForm[Endpoint]):
    """A webhook without a secret of its own is given one, in `made_secret`, shown once."""

    address = forms.CharField(
        label=_("address"),
        required=False,
        max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 80}),
        help_text=_(
            "Of a channel in Slack or Teams: the address of an incoming webhook or workflow,"
            " which you make there and copy here. Of a Slack bot: none. Stored sealed and never"
            " shown. Empty: it stays as it is."
        ),
    )
    secrets = forms.CharField(
        label=_("secrets"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80, "autocomplete": "off"}),
        help_text=_(
            "Of a Slack bot: its token (scopes chat:write, users:read.email). Of a webhook: one"
            " whsec_… a line, the newest first; all of them sign, so that one can be replaced."
            " Stored sealed and never shown. Empty: they stay as they are."
        ),
    )

    class Meta:
        model = Endpoint
        fields = ["kind", "name", "department", "team", "allows_http", "is_enabled"]

    made_secret = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        events = Endpoint.Kind.EVENTS
        if "kind" in self.fields and self.instance.kind != events:
            # Those are made with their subscription, by operations.
            field = cast(forms.TypedChoiceField, self.fields["kind"])
            field.choices = [one for one in Endpoint.Kind.choices if one[0] != events]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        kind, is_new = cleaned.get("kind"), not self.instance.sealed_address
        is_bot = kind == Endpoint.Kind.SLACK_BOT
        if cleaned.get("team") and cleaned.get("department"):
            self.add_error("team", _("A team or a department, not both."))
        if not cleaned.get("address") and is_new and not is_bot:
            self.add_error("address", _("It needs an address."))
        self._check_address(cleaned)
        self._check_secrets(cleaned)
        return cleaned

    def _check_address(self, cleaned: dict[str, Any]) -> None:
        """What can be said without asking anybody; the rest is said when it is called."""
        if not cleaned.get("address"):
            return
        policy = http.policy(allows_http=bool(cleaned.get("allows_http")))
        try:
            http.place(cleaned["address"], policy)
        except http.Refused as refusal:
            self.add_error("address", str(refusal))

    def _check_secrets(self, cleaned: dict[str, Any]) -> None:
        kind, given = cleaned.get("kind"), cleaned.get("secrets", "").split()
        has_some = bool(given or self.instance.sealed_secrets)
        if kind == Endpoint.Kind.SLACK_BOT and not has_some:
            self.add_error("secrets", _("A bot needs its token."))
        if kind != Endpoint.Kind.WEBHOOK:
            return
        if not has_some:
            self.made_secret = webhook.fresh_secret()
            given = [self.made_secret]
        for secret in given:
            try:
                webhook.raw(secret)
            except ValueError as error:
                raise ValidationError({"secrets": str(error)}) from None
        cleaned["secrets"] = "\n".join(given)

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # not in the stubs
        self.instance.keep(
            address=self.cleaned_data.get("address", ""),
            secrets=self.cleaned_data.get("secrets", ""),
        )
        if self.cleaned_data.get("is_enabled"):
            self.instance.failures, self.instance.open_until = 0, None
