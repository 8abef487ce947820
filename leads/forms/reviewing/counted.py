from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

MOST = 10_000_000


class CrmCountForm(forms.Form):
    """How many leads the CRM holds of a source and a month; no source means all of them."""

    source = forms.CharField(label=_("Source"), max_length=80, required=False)
    month = forms.CharField(label=_("Month"), max_length=10)
    number = forms.IntegerField(label=_("Leads in the CRM"), min_value=0, max_value=MOST)

    def clean_month(self) -> date:
        """`2026-03`, as a browser sends it."""
        said = self.cleaned_data["month"].strip()
        try:
            month = date.fromisoformat(f"{said}-01" if len(said) == 7 else said)
        except ValueError:
            raise forms.ValidationError(_("Give a month, such as 2026-03.")) from None
        if not 2000 <= month.year <= 2199:
            raise forms.ValidationError(_("Give a month, such as 2026-03."))
        return month.replace(day=1)
