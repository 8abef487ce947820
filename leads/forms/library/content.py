"""Material as somebody describes it, and what was asked for as it is delivered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from leads.actions.library.keeping import Described
from leads.core.words.stages import StageWords
from leads.forms.choices import choose
from leads.forms.lead import kinds_of_material
from leads.models import Content
from portal.accounts.models import User


class ContentForm(forms.Form):
    """A piece of material. Without a link it is planned."""

    title = forms.CharField(label=_("Title"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=kinds_of_material)
    competitor = forms.CharField(
        label=_("Competitor"),
        required=False,
        max_length=120,
        help_text=_("For a comparison: with whom"),
    )
    summary = forms.CharField(
        label=_("What it says"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    tags = forms.CharField(
        label=_("Tags"),
        required=False,
        max_length=300,
        help_text=_("Words with commas between them, such as: paper, vibration, DACH"),
    )
    stage = forms.ChoiceField(label=_("For the stage"), required=False)
    link = forms.URLField(
        label=_("Link"),
        required=False,
        max_length=300,
        assume_scheme="https",
        help_text=_("Leave it empty while it is planned; the first link publishes it"),
    )
    planned_for = forms.DateField(
        label=_("Planned for"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    owner = forms.ModelChoiceField(label=_("Owner"), queryset=User.objects.none())

    def __init__(self, words: StageWords, legacy: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "stage", [("", _("any stage")), *words.named(legacy).items()])
        people = User.objects.active().of_department("marketing")
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]  # a model choice

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("kind") == Content.Kind.COMPARISON and not data.get("competitor"):
            self.add_error("competitor", _("Name the competitor that it compares us with."))
        if not self.errors and not data.get("link") and not data.get("planned_for"):
            self.add_error("link", _("Give a link, or the day for which it is planned."))
        return data

    def described(self) -> Described:
        data = dict(self.cleaned_data)
        data["tags"] = [tag for tag in data["tags"].split(",") if tag.strip()]
        return Described(**data)

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        names = ("title", "kind", "competitor", "summary", "stage", "link", "planned_for",
                 "valid_until", "owner")  # fmt: skip
        tags = ", ".join(tag.word for tag in content.tags.all())
        return {name: getattr(content, name) for name in names} | {"tags": tags}


class DeliveryForm(forms.Form):
    """What was asked for: a piece of the library, or a link to something else."""

    content = forms.ModelChoiceField(
        label=_("From the library"), queryset=Content.objects.none(), required=False
    )
    link = forms.URLField(
        label=_("Or a link"), required=False, max_length=300, assume_scheme="https"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = Content.objects.kept()
        self.fields["content"].queryset = kept  # type: ignore[attr-defined]  # a model choice

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and bool(data.get("content")) == bool(data.get("link")):
            self.add_error("link", _("Choose from the library, or give a link: one of them."))
        return data
