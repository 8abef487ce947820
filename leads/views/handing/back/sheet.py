"""What came back, as columns of a file: the groups, and the returns of one of them."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from leads.core.words.stages import StageWords
from leads.desk.words import stage_columns
from leads.models import Handoff
from portal.spreadsheet import Column

GROUPS: list[Column] = [
    (gettext_lazy("Reason"), lambda one: one.reason_name),
    (gettext_lazy("Disputed"), lambda one: one.criterion),
    (gettext_lazy("Campaign"), lambda one: one.campaign),
    (gettext_lazy("Source"), lambda one: one.source),
    (gettext_lazy("Returned"), lambda one: one.returned),
    (gettext_lazy("Offered"), lambda one: one.offered),
    (gettext_lazy("Waiting for an answer"), lambda one: one.waiting),
]


def returns_as_file(words: StageWords) -> list[Column]:
    """One return in a line; its reason in the words of the version that it is under."""
    return [
        (_("Lead"), lambda one: one.lead.name),
        (_("Company"), lambda one: one.lead.company),
        *stage_columns(words, lambda one: one.lead.stage),
        (_("Returned"), lambda one: one.returned_at),
        (_("Reason"), _reason),
        (_("Note"), lambda one: one.return_note),
        (_("Round"), lambda one: one.round),
        (_("Handed over by"), lambda one: one.giver or one.giver_team),
        (_("Returned by"), lambda one: one.receiver or one.receiver_team),
        (_("Campaign"), lambda one: one.lead.campaign),
        (_("Source"), lambda one: one.lead.source),
        (_("Lead number"), lambda one: one.lead_id),
        (_("Handoff"), lambda one: one.pk),
    ]


def _reason(one: Handoff) -> str:
    """The key itself, where the version does not list it any more."""
    reasons = one.version.parsed.return_reasons
    return next((r.name for r in reasons if r.key == one.return_reason), one.return_reason)
