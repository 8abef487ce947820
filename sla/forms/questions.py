"""The five questions as a form; its answers are plain values."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from portal.reader.language import say
from portal.unfinished.models import Unfinished
from sla.core import questions
from sla.core import terms as core
from sla.core.questions import SPEEDS, Answers
from sla.forms.draft import DurationField
from sla.models import Agreement
from sla.models.agreement import is_reserved

KINDS = {
    "demo_request": _("Demo request"),
    "trial": _("Trial"),
    "event": _("Event"),
    "content": _("Content"),
    "partner": _("Partner"),
}
SPANS = {
    "otherwise": _("Any other lead"),
    "answer_within": _("Within"),
    "attempts_within": _("Within"),
}
MODELS = [
    ("classic", _("The classic model: from lead over MQL to SQL, and beyond the sale")),
    ("empty", _("An empty text: you write everything yourselves")),
]
NONE = "-"
WARN = [("50", "50 %"), ("75", "75 %"), ("90", "90 %"), (NONE, _("not before it is due"))]
MANAGERS = [
    ("hourly", _("once an hour, gathered")),
    ("at_once", _("at once")),
    ("no", _("not yet")),
]
AFTER = [
    ("PT1H", _("1 working hour later")),
    ("PT2H", _("2 working hours later")),
    ("PT4H", _("4 working hours later")),
    (NONE, _("not at all")),
]


class Kind(NamedTuple):
    """One kind of lead: whether there are such leads, and how fast the first attempt is."""

    has: BoundField
    within: BoundField


class Company(NamedTuple):
    """What is known of the company before it is asked: its calendar, and all its teams."""

    office: dict[str, Any] | None = None
    teams: frozenset[str] | None = None


class Within(DurationField):
    """How fast; nothing, where there is no such lead."""

    def compress(self, data_list: list[Any]) -> str:
        return super().compress(data_list) if data_list and data_list[0] else ""


class QuestionsForm(forms.Form):
    """Five questions. `teams` are those of Marketing, as (key, name); `left` are answers that
    were left half way, and stand here again as they stood.
    """

    model = forms.ChoiceField(
        label=_("Where to start from"), choices=MODELS, widget=forms.RadioSelect
    )
    answering = forms.ChoiceField(
        label=_("Who answers a return"),
        widget=forms.Select(attrs={"class": "in"}),
    )
    warn = forms.ChoiceField(
        label=_("The owner is warned at"),
        choices=WARN,
        help_text=_("Share of the time that is used"),
        widget=forms.Select(attrs={"class": "in"}),
    )
    managers = forms.ChoiceField(
        label=_("When it is due, managers hear of it"),
        choices=MANAGERS,
        widget=forms.Select(attrs={"class": "in"}),
    )
    after = forms.ChoiceField(
        label=_("Still late: the manager is told"),
        choices=AFTER,
        widget=forms.Select(attrs={"class": "in"}),
    )
    heads = forms.BooleanField(label=_("Both heads get one page a week"), required=False)
    chat = forms.BooleanField(
        label=_("First attempts warn at half the time, by chat too"), required=False
    )
    attempts = forms.IntegerField(
        label=_("Attempts to reach a person"),
        min_value=1,
        max_value=99,
        widget=forms.NumberInput(attrs={"class": "in", "size": 4}),
    )
    monthly = forms.IntegerField(
        label=_("Leads a month that reach comparing"),
        min_value=1,
        max_value=10_000_000,
        widget=forms.NumberInput(attrs={"class": "in", "size": 8}),
    )

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        teams: Sequence[tuple[str, str]],
        title: str = "",
        company: Company | None = None,
        left: Unfinished | None = None,
    ) -> None:
        super().__init__(data, initial=first_answers())
        self.company, self.left = company or Company(), left
        self.title = " ".join(title.split())
        choices = [*teams, (NONE, _("whoever of Marketing has the seat"))]
        self.fields["answering"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        if Answers().answering not in dict(teams):
            self.initial["answering"] = teams[0][0] if teams else NONE
        for name, label in SPANS.items():  # made now, in the reader's language
            self.fields[name] = DurationField(label=str(label))
        for kind, label in KINDS.items():
            self.fields[f"has_{kind}"] = forms.BooleanField(label=label, required=False)
            within = Within(label=str(_("%(kind)s: within") % {"kind": label}))
            within.required = False
            self.fields[kind] = within
        if left is not None:
            self.initial.update(left.values(self.fields))

    def kinds(self) -> Iterator[Kind]:
        for kind in KINDS:
            yield Kind(self[f"has_{kind}"], self[kind])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for kind in KINDS:
            if data.get(f"has_{kind}") and not data.get(kind) and kind not in self.errors:
                self.add_error(kind, _("Say how fast, or take this kind of lead out."))
        if not self.errors:
            for fault in core.faults(questions.terms(self.answers())):
                self.add_error(None, fault.by(say))
        return data

    def answers(self) -> Answers:
        """What was answered; only after `is_valid()`."""
        data = self.cleaned_data
        warn = _said(data["warn"])
        return Answers(
            model=data["model"],
            title=data.get("name") or self.title,
            speeds=tuple((kind, data[kind]) for kind in KINDS if data[f"has_{kind}"]),
            otherwise=data["otherwise"],
            answering=_said(data["answering"]) or "",
            answer_within=data["answer_within"],
            warn_percent=int(warn) if warn else None,
            managers=data["managers"],
            after=_said(data["after"]),
            heads=data["heads"],
            chat=data["chat"],
            attempts=data["attempts"],
            attempts_within=data["attempts_within"],
            monthly=data["monthly"],
            office=self.company.office,
            teams=self.company.teams,
        )


class NewAgreementForm(QuestionsForm):
    """The same questions, and what the agreement is called."""

    name = forms.CharField(
        label=_("Name of the agreement"),
        max_length=120,
        widget=forms.TextInput(attrs={"class": "in wide"}),
        help_text=_("Such as: inbound leads"),
    )
    key = forms.SlugField(
        label=_("Short name"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"class": "in"}),
        help_text=_(
            "Part of its address: small letters, digits, hyphens. Empty: from the name"
        ),
    )

    def clean_key(self) -> str:
        """What was typed, else made of the name, which was read before."""
        said: str = self.cleaned_data["key"] or slugify(self.cleaned_data.get("name", ""))
        key = said.lower()[:50].strip("-") or "agreement"
        if is_reserved(key) or Agreement.objects.filter(key=key).exists():
            raise forms.ValidationError(_("This short name is taken. Choose another."))
        return key


def _said(choice: str) -> str | None:
    return None if choice == NONE else choice


def first_answers() -> dict[str, Any]:
    """What stands in the form before anybody has answered: the template's own words."""
    said = Answers()
    speeds = dict(SPEEDS)
    return (
        speeds
        | {f"has_{kind}": True for kind in speeds}
        | {
            "model": said.model,
            "otherwise": said.otherwise,
            "answering": said.answering,
            "answer_within": said.answer_within,
            "warn": str(said.warn_percent),
            "managers": said.managers,
            "after": said.after,
            "heads": said.heads,
            "chat": said.chat,
            "attempts": said.attempts,
            "attempts_within": said.attempts_within,
            "monthly": said.monthly,
        }
    )
