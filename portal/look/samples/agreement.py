"""A few clauses, a redline, two signatures and a form."""

from types import SimpleNamespace

from django import forms

from portal.look.parts import Change, Moment, Span
from portal.look.samples.moment import at


class SampleForm(forms.Form):
    """Every kind of field, one of them wrong."""

    size = forms.IntegerField(
        label="Company size",
        widget=forms.TextInput({"inputmode": "numeric"}),
        help_text="People who work there.",
        error_messages={
            "invalid": 'Company size must be a whole number. You wrote "50+".',
        },
    )
    kind = forms.ChoiceField(label="Kind of lead", choices=[("demo", "Demo request")])
    note = forms.CharField(
        label="Note", required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    reason = forms.ChoiceField(
        label="Reason",
        widget=forms.RadioSelect,
        choices=[("early", "Too early"), ("market", "Not in our market")],
        initial="early",
    )
    told = forms.BooleanField(label="The person was told", required=False)


class SampleLeaf(forms.Form):
    """One criterion of the builder."""

    field = forms.ChoiceField(label="Field", choices=[("size", "Company size")])
    how = forms.ChoiceField(label="Comparison", choices=[("gte", "is at least")])
    value = forms.CharField(label="Value", initial="50", widget=forms.TextInput({"size": 6}))


AGREEMENT = {
    "changes": [
        Change(
            "3.1",
            [
                Span("same", "…within 15 minutes after a demo request, "),
                Span("del", "1 hour"),
                Span("same", " "),
                Span("ins", "2 hours"),
                Span("same", " after a trial…"),
            ],
            "31 fewer of 188 trials late. On time: 79 % becomes 95 %.",
        ),
        Change(
            "3.3",
            [
                Span("same", "Marketing answers a returned lead within "),
                Span("del", "4"),
                Span("same", " "),
                Span("ins", "3"),
                Span("same", " working hours…"),
            ],
            "5 more of 58 answers late.",
        ),
    ],
    "hash": "7d41c09e52ab0f36e8b194d73a60cc2f118e5bd4a97306e2f4c82b719d056ea3",
    "signed_at": at(8, 28, 16, 2),
    "moments": [
        Moment("Version 5, proposed", "Would begin Mon 2 Nov, 09:00"),
        Moment("Version 4, in force", "1,143 handoffs.", now=True, at=at(9, 1, 9), url="#four"),
        Moment("Version 2, declined by Sales", "“No cadence without capacity.”"),
    ],
    "form": SampleForm({"size": "50+", "kind": "demo", "reason": "early"}),
    "leaf": SampleLeaf(),
    "refused_form": SimpleNamespace(non_field_errors=["Choose at least one of the leads."]),
}
