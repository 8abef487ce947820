"""Evidence, and figures that one can trust."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.terms.shape import EVIDENCE, JOURNEY, SELF, VOLUME, Term

TRUST = (
    Term("touch", _("Touch"), _(
        "Something that happened between a department and the lead. The server's time "
        "counts; only a trusted system may tell of an earlier one, within its agreed lag."),
        _("activity, engagement"), EVIDENCE),
    Term("attested", _("Vouched for"), _(
        "A fact that no system knows, such as a confirmed budget. Somebody says so, by "
        "name, and can take it back."), _("attested"), JOURNEY),
    Term("ledger", _("Ledger"), _(
        "Everything that decides is written down in one chain, in which nothing can be "
        "changed unseen. Every figure opens onto its rows, every row onto its evidence, the "
        "evidence onto it."),
        _("audit log"), SELF),
    Term("head", _("Published head"), _(
        "The chain's newest fingerprint, sent out of the portal every hour. Whoever keeps "
        "one can tell whether what came before was changed."), "", SELF),
    Term("seal", _("Seal"), _(
        "A period's figures, fixed at its close. What is corrected later shows as a "
        "restatement."),
        "", SELF),
    Term("too-few", _("Too few to say"), _(
        "A rate over few cases proves nothing, so it gets no verdict. The interval beside "
        "it says how far off it may be."), _("confidence interval"), VOLUME),
    Term("trusted", _("Trusted source"), _(
        "A system whose own time of a call or a mail counts, if it arrives within the agreed "
        "lag. Any other claimed time is shown, and never used."),
        _("dialler, CRM sync"), EVIDENCE),
    Term("question", _("Question about a figure"), _(
        "What the data raise: calls of no length, an attempt in the last two minutes, moves in "
        "bulk. With its rows, and alike for both departments. A question is no verdict."),
        _("integrity check, gaming, padding"), SELF),
    Term("coverage", _("What the portal sees"), _(
        "The share of the CRM’s leads that came here at all, by team and source. Figures of a "
        "part say so."), _("coverage, adoption"), 0),
    Term("cohort", _("Cohort"), _(
        "Leads that began in one period, followed until now."), _("vintage, pipeline"), 0),
    Term("restatement", _("Restatement"), _(
        "A sealed figure that would be another one today, because something was corrected "
        "later. Both stand side by side."), _("correction, adjusted"), SELF),
    Term("erasure", _("Erasure"), _(
        "What names a person is taken away for good; what was counted stays counted, without a "
        "name, and the ledger stays whole."), _("GDPR, right to be forgotten"), 0),
    Term("simulated", _("Simulated"), _(
        "A company that is played, with a time of day of its own, such as the demo. It says so "
        "on each page and in its ledger, and can never become a real one."),
        _("demo, sandbox"), 0),
)  # fmt: skip
