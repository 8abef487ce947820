"""A system that tells what happened: who it is, and what its messages mean."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from leads.actions.events.incoming import sources
from leads.actions.events.incoming.taking import MOST_BYTES
from leads.models import EventSource
from portal.accounts.models import Role, User


class SourceForm(forms.Form):
    """All of a source but its mapping; key and kind only of a new one."""

    name = forms.CharField(label=_("Name"), max_length=80)
    key = forms.SlugField(
        label=_("Key"),
        max_length=60,
        help_text=_("The agreement names trusted sources so: dialler, crm. It stays as it is."),
    )
    kind = forms.ChoiceField(label=_("Begins with the mapping of"), choices=EventSource.Kind)
    system = forms.CharField(
        label=_("Whose ids of leads it sends"),
        max_length=80,
        required=False,
        help_text=_("As at the import: hubspot, salesforce. Empty: its own, by its key."),
    )
    keeper = forms.ModelChoiceField(
        label=_("Kept by"),
        queryset=User.objects.filter(role=Role.OPERATIONS, is_active=True).order_by("name"),
        help_text=_("In their name seats change hands when the system says so."),
    )
    speaks_for_seat = forms.BooleanField(
        label=_("Speaks for who has the seat"),
        required=False,
        help_text=_("For systems that do not say who did it. Otherwise such events wait."),
    )
    client_secret = forms.CharField(
        label=_("Client secret of a HubSpot app"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Only if HubSpot signs in its own way. Sealed, never shown again."),
    )
    api_token = forms.CharField(
        label=_("Its token of the API"),
        max_length=16,
        required=False,
        validators=[
            RegexValidator(r"^(concord_)?[0-9a-f]{8}$", _("It begins like concord_1a2b3c4d."))
        ],
        help_text=_(
            "If it calls the API: how its token begins, as its owner sees it. What is told "
            "with it counts as this system's."
        ),
    )
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(
        self, data: Any = None, *, source: EventSource | None = None, by: User | None = None
    ) -> None:
        initial: dict[str, Any] = {"keeper": by}  # shown only if they may keep one
        if source is not None:
            initial = {
                name: getattr(source, name)
                for name in ("name", "system", "keeper", "speaks_for_seat", "is_active")
            } | {"api_token": f"concord_{source.api_token.prefix}" if source.api_token else ""}
        super().__init__(data, initial=initial)
        if source is not None:
            del self.fields["key"], self.fields["kind"]

    def wanted(self) -> sources.Wanted:
        said = self.cleaned_data
        return sources.Wanted(
            name=said["name"], system=said["system"].strip().lower(), keeper=said["keeper"],
            speaks_for_seat=said["speaks_for_seat"], is_active=said["is_active"],
            client_secret=said["client_secret"], api_token=said["api_token"],
        )  # fmt: skip


class MappingForm(forms.Form):
    """The mapping as JSON, and a message to try it with."""

    mapping = forms.CharField(
        label=_("Mapping"),
        max_length=200_000,
        widget=forms.Textarea(
            attrs={"rows": 26, "class": "code", "spellcheck": "false", "wrap": "off"}
        ),
    )
    payload = forms.CharField(
        label=_("A message to try it with"),
        required=False,
        max_length=MOST_BYTES,
        strip=False,
        widget=forms.Textarea(
            attrs={"rows": 14, "class": "code", "spellcheck": "false", "wrap": "off"}
        ),
        help_text=_("Paste what the system posts. Nothing of it is kept or done."),
    )

    def clean_mapping(self) -> Any:
        try:
            return json.loads(self.cleaned_data["mapping"])
        except json.JSONDecodeError as error:
            said = _t("This is not JSON: %(what)s, line %(line)s, column %(column)s.")
            what = {"what": error.msg, "line": error.lineno, "column": error.colno}
            raise ValidationError(said % what) from None
        except (ValueError, RecursionError):
            raise ValidationError(_t("This is JSON that nobody reads alike.")) from None
