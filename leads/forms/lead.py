"""A lead typed by hand: only what the person who types knows, and nothing twice."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.actions.intake import Arrival
from leads.forms.choices import choose
from leads.models import Contribution
from sla.core.facts import TOUCH_KINDS
from sla.core.terms import Terms

USUAL = ("call", "voicemail", "meeting", "personal_mail", "note")
"""What people log by hand most; the other kinds come from systems."""
LOGGED = (
    ("call", _("Called"), "phone", "c"),
    ("voicemail", _("Voicemail left"), "record-mail", "v"),
    ("meeting", _("Meeting booked"), "calendar-plus", "m"),
    ("personal_mail", _("Mail written"), "mail", "e"),
    ("note", _("Note"), "edit", "n"),
)
"""Those kinds with their words, icons and keys."""


class NewLeadForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    email = forms.EmailField(label=_("E-mail"), required=False, max_length=254)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
    job_title = forms.CharField(label=_("Job title"), required=False, max_length=200)
    company_name = forms.CharField(label=_("Company"), required=False, max_length=200)
    company_domain = forms.CharField(
        label=_("Company website"), required=False, max_length=253, help_text=_("example.com")
    )
    company_country = forms.CharField(label=_("Country"), required=False, max_length=80)
    company_employees = forms.IntegerField(
        label=_("Employees"), required=False, min_value=0, max_value=10_000_000
    )
    segment = forms.ChoiceField(label=_("What did they ask for?"), required=False)
    source = forms.CharField(
        label=_("Where do they come from?"),
        required=False,
        max_length=80,
        help_text=_("A campaign, an event, a referral"),
    )
    consent = forms.BooleanField(label=_("Agreed to be contacted"), required=False)
    consent_source = forms.CharField(
        label=_("Where did they agree?"),
        required=False,
        max_length=80,
        help_text=_("A form, a call, a card at a fair"),
    )

    def __init__(self, terms: Terms | None, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        obligations = terms.obligations if terms else ()
        kinds = {t.segment for o in obligations for t in o.targets if t.segment}
        named = [(kind, kind.replace("_", " ").capitalize()) for kind in sorted(kinds)]
        choose(self, "segment", [("", _("Something else")), *named])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (data["email"] or data["phone"]):
            self.add_error("email", _("Give an e-mail address or a phone number."))
        return data

    def arrival(self, set_by: str) -> Arrival:
        """What was typed, as it arrives; empty fields stay unknown."""
        data = {
            key: value for key, value in self.cleaned_data.items() if value not in ("", None)
        }
        data.setdefault("source", "portal")
        if not data.get("consent"):
            data.pop("consent", None)
        return Arrival(set_by=set_by, **data)


class TouchForm(forms.Form):
    """What happened with a lead; what is usual stands first."""

    kind = forms.ChoiceField(label=_("Touch"))
    subject = forms.CharField(label=_("In a few words"), required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rest = [key for key in TOUCH_KINDS if key not in USUAL]
        kinds = [(key, TOUCH_KINDS[key].label.capitalize()) for key in (*USUAL, *rest)]
        choose(self, "kind", kinds)


class MoveForm(forms.Form):
    """A move on the journey; the reason is needed only where criteria are waived."""

    to_stage = forms.CharField(max_length=60)
    waiver_reason = forms.CharField(
        label=_("Why it moves all the same"),
        required=False,
        max_length=300,
        help_text=_("Stays beside the move, and is counted apart everywhere."),
    )


class AttestForm(forms.Form):
    """A fact that the terms ask somebody to vouch for."""

    fact = forms.SlugField(max_length=60)
    note = forms.CharField(max_length=300, required=False)


def kinds_of_material() -> list[tuple[str, str]]:
    """What Sales may ask for, as a choice is written."""
    return [(key, str(label).capitalize()) for key, label in Contribution.Kind.choices]


class AskForm(forms.Form):
    """Late-stage material that Sales asks of Marketing."""

    kind = forms.ChoiceField(label=_("What do you need?"), choices=kinds_of_material)
    competitor = forms.CharField(
        label=_("Compared with whom?"),
        required=False,
        max_length=120,
        help_text=_("The competitor’s name, for a comparison"),
    )
    subject = forms.CharField(
        label=_("What is it for?"),
        max_length=200,
        help_text=_("Such as: a plant of their size that runs around the clock"),
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") == Contribution.Kind.COMPARISON and not data.get("competitor"):
            self.add_error("competitor", _("Name the competitor to compare with."))
        return data
