"""A system that is told what happens: where to, of what, and how much of it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.actions.events.outgoing import subscriptions
from leads.core.events.outward import SENT
from leads.models import Subscription
from portal.ledger.kinds import Kind

GROUPS = {
    "lead": _("Leads"),
    "handoff": _("Handoffs and contributions"),
    "clock": _("Clocks and alerts"),
    "agreement": _("Agreements"),
    "ledger": _("Heads of the ledger"),
}


class SubscriptionForm(forms.Form):
    """The address is written, never shown; with no event chosen all are told."""

    name = forms.CharField(label=_("Name"), max_length=80)
    address = forms.CharField(
        label=_("Address"),
        max_length=2_000,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "url"}),
        help_text=_("Begins with https://. It is sealed, and only its host is shown."),
    )
    personal = forms.BooleanField(
        label=_("With names and addresses of people"),
        required=False,
        help_text=_("Otherwise numbers, states, times and links only."),
    )
    allows_http = forms.BooleanField(
        label=_("Plain http is allowed"),
        required=False,
        help_text=_("Only inside your own network."),
    )
    is_enabled = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, data: Any = None, *, subscription: Subscription | None = None) -> None:
        self.chosen = set(subscription.kinds) if subscription else set()
        initial: dict[str, Any] = {}
        if subscription is not None:
            endpoint = subscription.endpoint
            initial = {
                "name": subscription.name, "personal": subscription.personal,
                "allows_http": endpoint.allows_http, "is_enabled": endpoint.is_enabled,
            }  # fmt: skip
        super().__init__(data, initial=initial)
        if subscription is not None:
            self.fields["address"].required = False
            self.fields["address"].help_text = _("Empty: it stays as it is.")
        for group, kinds in SENT.items():
            self.fields[f"kinds_{group}"] = forms.MultipleChoiceField(
                label=GROUPS[group],
                required=False,
                choices=[(kind, Kind(kind).label) for kind in kinds],
                initial=[kind for kind in kinds if kind in self.chosen],
                widget=forms.CheckboxSelectMultiple,
            )

    def plain(self) -> list[forms.BoundField]:
        return [field for field in self if not field.name.startswith("kinds_")]

    def groups(self) -> list[forms.BoundField]:
        return [self[f"kinds_{group}"] for group in SENT]

    def wanted(self) -> subscriptions.Wanted:
        said = self.cleaned_data
        chosen = [kind for group in SENT for kind in said[f"kinds_{group}"]]
        return subscriptions.Wanted(
            name=said["name"], address=said["address"].strip(), kinds=tuple(chosen),
            personal=said["personal"], allows_http=said["allows_http"],
            is_enabled=said["is_enabled"],
        )  # fmt: skip
