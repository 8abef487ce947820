"""Handing a lead over, giving it back, and asking Marketing for material."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.guides.shape import Guide, Section

HANDOFF = Guide(
    "handoff",
    _("A handoff"),
    _("One side offers a lead; the other accepts it, by a clock."),
    (
        Section("offer", _("Offering"), (
            _("An automatic handoff is offered once its criteria are true. By hand you see "
              "first what the receiver would get, and what is missing."),
            _("The evidence of that moment is kept, and the version in force then governs the "
              "handoff for its whole life."),
        ), ("handoff", "package", "criterion", "waiver")),
        Section("clocks", _("Its two clocks"), (
            _("With the offer two clocks begin: one until the lead is accepted, one until "
              "somebody first tries to reach the person. Both count working time of the "
              "receiving team."),
            _("An attempt stops both. Accepting alone stops only the first."),
        ), ("clock", "accept", "attempt", "working-time")),
        Section("accept", _("Accepting"), (
            _("The lead becomes yours to act on, and its stage is entered. If somebody was "
              "quicker, you are told who. The other department keeps its seat."),
        ), ("accept", "seat")),
        Section("after", _("After it was accepted"), (
            _("So many attempts within a span, as the agreement says, then an outcome: moved "
              "on, won, still talking, back to nurture, or closed."),
        ), ("cadence", "outcome", "nurture")),
        Section("package", _("The package"), (
            _("What the receiver was promised to know. If an automatic offer lacks something, "
              "the giver owes it by a clock."),
        ), ("package",)),
        Section("reassign", _("Giving it to another"), (
            _("A manager or steward may. Due times stay as they are; from that instant the new "
              "owner answers for the clocks."),
        ), ("steward",)),
    ),
)  # fmt: skip
RETURNS = Guide(
    "returns",
    _("Returning and answering"),
    _("A lead that does not fit goes back with a reason, and the giver answers."),
    (
        Section("return", _("Giving a lead back"), (
            _("Choose one of the agreed reasons. Some ask that you tried often enough first. "
              "The clock of accepting stops as kept; your other clocks stop as returned."),
        ), ("return", "cadence")),
        Section("answer", _("Answering a return"), (
            _("The giver answers by a clock: fixed and offered again, disputed, or back to "
              "nurture until a day."),
        ), ("return", "round", "nurture")),
        Section("dispute", _("Disputing, and who decides"), (
            _("A dispute is about counting. Both managers say a word by a clock; if they do "
              "not agree in time, the signed default holds. The lead is worked meanwhile."),
        ), ("dispute",)),
        Section("groups", _("What came back"), (
            _("Returns in groups by reason and campaign show what should be changed at the "
              "source."),
        ), ("return",), "leads:returns"),
        Section("nurture", _("In nurture"), (
            _("The lead rests until its day, then comes back by itself to somebody. Raising a "
              "hand brings it back sooner."),
        ), ("nurture",), "leads:nurture"),
    ),
)  # fmt: skip
MATERIAL = Guide(
    "material",
    _("Material for Sales"),
    _("Case studies, comparisons and references, asked for by a clock."),
    (
        Section("ask", _("Asking for material"), (
            _("Ask on the page of a lead. What the library has already is shown first. "
              "Marketing then owes an answer by a clock."),
        ), ("contribution",), "leads:contributions"),
        Section("library", _("The library"), (
            _("“I used it” records a piece with a lead at once: a contribution of Marketing "
              "that nobody had to ask for."),
        ), ("contribution",), "leads:library"),
        Section("used", _("Was it used?"), (
            _("Asked once, when the lead is won or lost. Marketing learns from it what helps."),
        )),
        Section("plan", _("The plan of content"), (
            _("What was promised for each stage, what is published, and what is missing."),
        ), ("commitment",), "leads:library-plan"),
    ),
)  # fmt: skip
GUIDES = (HANDOFF, RETURNS, MATERIAL)
