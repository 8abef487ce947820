"""What was agreed, and how a text comes to count."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.terms.shape import PROMISES, SELF, VOLUME, Term

AGREEMENT = (
    Term("agreement", _("Agreement"), _(
        "What Sales and Marketing promised each other: what each stage means, who owes "
        "what, by when, how much, and what happens when it is late. The text that both "
        "signed is what the portal evaluates; nothing else decides."), _("SLA, OLA"), SELF),
    Term("version", _("Version"), _(
        "An agreement changes by versions. A handoff is governed for its whole life by the "
        "version that was in force when it was first offered; later ones change nothing of "
        "it."),
        _("amendment"), SELF),
    Term("in-force", _("In force"), _(
        "The version that both departments signed and whose day has come. It is worked out "
        "from the signatures and never set by hand."), "", SELF),
    Term("signature", _("Signature"), _(
        "One person of each department signs the text that is on the page, after proving "
        "who they are. If the text differs from what was read, it is refused."),
        _("sign-off"), SELF),
    Term("commitment", _("Commitment"), _(
        "A volume that a department promised for a period, beside its pace so far: leads "
        "that reach a stage, attempts kept, material published."), _("target, quota"), VOLUME),
    Term("benchmark", _("Benchmark"), _(
        "How many of one stage should reach the next within a window. One that nobody "
        "confirmed gives no verdict."), _("conversion rate"), VOLUME),
    Term("promise", _("Promise"), _(
        "What one side owes the other about one lead, and by when: to accept it, to try to "
        "reach the person, to answer a return, to decide, to deliver material. Its clause "
        "names the calendar, what may pause it, and which share of all has to be kept."),
        _("obligation, service level"), PROMISES),
    Term("which-leads", _("Which leads it governs"), _(
        "Agreements are tried in their order, each by its own rule; the default takes what no "
        "other does. It is chosen when a lead arrives, and again only while nothing of the "
        "lead is handed over."), _("scope, default agreement"), SELF),
    Term("draft", _("Draft"), _(
        "A text that both departments and operations may change. Each save keeps who and "
        "when, and any two are compared in sentences."), _("redline, working copy"), SELF),
    Term("proposed", _("Proposed"), _(
        "The text is frozen and waits for both signatures. A change makes a new revision, and "
        "signatures of the old one count no more. It can be declined with a reason, or "
        "withdrawn."), _("in review, declined, withdrawn"), SELF),
    Term("signatory", _("Who may sign"), _(
        "Somebody who leads, and was named for their own department. Who administers the "
        "portal never signs, and nobody signs for both."),
        _("signatory, approver, governance"), SELF),
    Term("amendment", _("Administrative amendment"), _(
        "A version that changes dates of a calendar, or names, and nothing else: one line to "
        "read, and the same two signatures."), _("next year’s holidays"), SELF),
    Term("observed", _("Observed"), _(
        "A text that is not in force is computed beside what really happens: what would have "
        "been late, and who would have been told. Nothing is sent and nothing counts."),
        _("shadow mode, pilot"), SELF),
    Term("backtest", _("On past handoffs"), _(
        "Every past handoff once more under a draft: who would have been late, how many leads "
        "would have qualified, and which target would have been kept in nine of ten cases."),
        _("backtest, what if"), SELF),
    Term("caution", _("Warning"), _(
        "What is odd in a text before it is signed: a clock that nobody owns, a target that "
        "its calendar makes impossible, a promise of one side only. Grave ones are "
        "acknowledged by both sides."), _("conflict of interest, agreement check"), SELF),
)  # fmt: skip
