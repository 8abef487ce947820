"""Handing a lead over, and giving it back."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.terms.shape import JOURNEY, PROMISES, RETURNS, Term

HANDING = (
    Term("handoff", _("Handoff"), _(
        "One side offers a lead, the other accepts it or returns it with a reason. It moves "
        "who acts, never who owns."), _("MQL to SAL, transfer"), JOURNEY),
    Term("accept", _("Accept"), _(
        "The receiver takes the lead on. A call, a voicemail, a personal mail or a booked "
        "meeting accepts it, too."), "SAL", PROMISES, ("accept",)),
    Term("package", _("Package"), _(
        "What the receiver was promised to know. By hand nothing incomplete is offered; "
        "where an automatic offer lacks something, Marketing owes it by a clock."),
        _("context"),
        PROMISES, ("complete_package",)),
    Term("return", _("A return"), _(
        "The receiver gives the lead back, with one of the agreed reasons. The giver "
        "answers: fixed and offered again, disputed, or back to nurture."),
        _("reject, disqualify"), RETURNS),
    Term("round", _("Round"), _(
        "Each new offer of the same handoff. Clocks of a round are new; offered to first "
        "attempt is counted over all of them."), "", PROMISES, ("answer",)),
    Term("dispute", _("Dispute"), _(
        "The giver holds that a return does not count. Both managers say a word, by a "
        "clock; else the signed default holds. Meanwhile the lead is worked."),
        "", PROMISES, ("decide",)),
    Term("nurture", _("Nurture"), _(
        "The lead rests with Marketing until a day, and comes back then by itself."),
        _("recycle"), 0),
    Term("contribution", _("Contribution"), _(
        "Material of Marketing's late in the journey: a case study, a comparison, a "
        "reference. Asked for by Sales with a clock, or taken from the library; used or not "
        "is said once."),
        _("sales enablement"), PROMISES, ("contribution",)),
    Term("offered", _("Offered"), _(
        "A handoff that waits for an answer: by itself once the criteria are true, or by the "
        "giver’s hand. It can be withdrawn; where the agreement says so it expires and goes "
        "back, and what was late stays late."), _("withdrawn, expired, assignment"), JOURNEY),
    Term("reason", _("Reason of a return"), _(
        "One of a few agreed codes, each with an example. It may name the criterion that it "
        "disputes. Unable to reach somebody counts only after trying as often as agreed."),
        _("return reason, rejection code, disqualified"), RETURNS),
)  # fmt: skip
