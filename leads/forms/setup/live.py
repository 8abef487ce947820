from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.actions.intake import Arrival
from sla.forms.questions import KINDS
from sla.models import Office

SOURCE = "test"
EMAIL = "test.lead@example.org"


class TestLeadForm(forms.Form):
    """A made-up lead; as it stands, the template's criteria let it through."""

    kind = forms.ChoiceField(label=gettext_lazy("What they did"), choices=list(KINDS.items()))
    country = forms.CharField(label=gettext_lazy("Country"), max_length=80)
    employees = forms.IntegerField(
        label=gettext_lazy("Employees"), min_value=0, max_value=10_000_000
    )

    def __init__(self, data: Any, *, office: Office | None) -> None:
        country = office.country if office and office.country else "DE"
        first = {"kind": "demo_request", "country": country, "employees": 200}
        super().__init__(data, initial=first)

    def arrival(self) -> Arrival:
        """The lead as it would arrive; only after `is_valid()`."""
        data = self.cleaned_data
        return Arrival(
            name=_("Test lead"),
            email=EMAIL,
            job_title=_("Nobody"),
            company_name=_("Test company"),
            company_country=data["country"],
            company_employees=data["employees"],
            source=SOURCE,
            segment=data["kind"],
            touch=data["kind"],
        )
