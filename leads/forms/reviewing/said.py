from django import forms
from django.utils.translation import gettext_lazy as _

from leads.models import ReviewNote
from leads.reports.integrity.checks import CHECKS

MOST = 1000


class NoteForm(forms.Form):
    """What was decided about one question of the review."""

    about = forms.ChoiceField(label=_("About"), choices=ReviewNote.About.choices)
    text = forms.CharField(
        label=_("What was decided"), max_length=MOST, widget=forms.Textarea({"rows": 2})
    )


class AnswerForm(forms.Form):
    """What somebody answers to a check's question."""

    check = forms.ChoiceField(choices=[(one.key, one.question) for one in CHECKS])
    text = forms.CharField(
        label=_("Your answer"), max_length=MOST, widget=forms.Textarea({"rows": 2})
    )
