"""The words of the portal, as its specification means them, in plain sentences."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Term:
    """A word and what it means here.

    `other`: words under which people know it. `section`: the section of every agreement
    that rules it, 0 for none; `kinds`: of that section, the obligations of these kinds.
    """

    key: str
    word: str | Promise
    means: str | Promise
    other: str | Promise = ""
    section: int = 0
    kinds: tuple[str, ...] = ()


JOURNEY, PROMISES, VOLUME, LATENESS, RETURNS, EVIDENCE, TIME, _OWN, SELF = range(2, 11)

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
)  # fmt: skip
OWNING = (
    Term("stage", _("Stage"), _(
        "Where a person stands on their own journey, from noticing a problem to "
        "recommending us. It never carries the name of a department. Moving back is normal."),
        _("funnel stage, lifecycle stage"), JOURNEY),
    Term("criterion", _("Criterion"), _(
        "What must be true to enter a stage. The portal keeps what it saw, who set it and "
        "when: the evidence. What nobody has said is missing, and missing is not met."),
        _("definition, qualification"), JOURNEY),
    Term("waiver", _("Waiver"), _(
        "The receiving side lets a lead pass although a criterion is not met, with a "
        "reason. Waived entries are shown apart everywhere."), _("exception"), JOURNEY),
    Term("seat", _("Seat"), _(
        "Both departments own every lead at every stage: one seat of Marketing, one of "
        "Sales. Who acts changes; the other still sees every clock."), _("owner"), 0),
    Term("acts", _("Acts now"), _(
        "The side that must do the next thing. A handoff moves it; ownership does not move."),
        _("assigned to"), JOURNEY),
    Term("steward", _("Steward"), _(
        "Gets what nobody owns, and is told. Nothing is ever silently with nobody."),
        _("queue"), 0),
    Term("deputy", _("Deputy"), _(
        "Stands in for somebody away: is told, and may act. The clock runs on."),
        _("cover"), 0),
    Term("pool", _("Pool"), _(
        "Members of a team who share certain leads by turns, by weight or by load. Who is "
        "away, off hours or full is left out; a returned lead gives the turn back."),
        _("round robin"), 0),
)  # fmt: skip
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
)  # fmt: skip
CLOCKS = (
    Term("clock", _("Clock"), _(
        "One promise about one thing, with its due instant fixed when it started. It runs "
        "while the owner is away, and nobody else's hands restart it. Only a new round is a "
        "new clock."),
        _("timer, milestone"), PROMISES),
    Term("working-time", _("Working time"), _(
        "Only the open hours of the agreed calendar count: “1 h 48 left” is working time, "
        "the instant beside it is on the wall."), _("business hours"), TIME),
    Term("attempt", _("Attempt"), _(
        "Somebody reached out: a call, a voicemail, a personal mail, a booked meeting. "
        "Automatic replies are none. A contact is both ways, and is shown apart."),
        _("activity"),
        PROMISES, ("first_attempt",)),
    Term("cadence", _("Cadence"), _(
        "So many attempts within a span, counted, with the next one due on the desk."),
        _("sequence"), PROMISES, ("cadence",)),
    Term("outcome", _("Say the outcome"), _(
        "The receiver says what became of the lead: moved on, won, back to nurture, closed, "
        "or still talking."), _("disposition"), PROMISES, ("disposition",)),
    Term("pause", _("Pause"), _(
        "Stops a clock for a listed reason, by who acts, up to a cap, and never once it is "
        "due."),
        _("on hold"), PROMISES),
    Term("at-risk", _("At risk"), _(
        "Most of the time is used, as the agreement says how much: usually three quarters."),
        _("warning"), LATENESS),
    Term("late", _("Late"), _(
        "The due instant has passed. It is a fact of the data, never of when somebody "
        "looked; a late answer ends it and erases nothing. Due now is on time."),
        _("breach, violation"), LATENESS),
    Term("alert", _("Alert"), _(
        "Exactly one for each step of a clock, to exactly the people that the agreement "
        "names. “Seen, I act” stops no clock."), _("escalation, notification"), LATENESS),
    Term("attainment", _("Kept"), _(
        "Of the clocks due in a period, the share that was met. What was cancelled, "
        "returned or excused stands beside it."), _("attainment, compliance"), PROMISES),
)  # fmt: skip
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
)  # fmt: skip

GROUPS = (
    ("the-agreement", _("The agreement"), AGREEMENT),
    ("owning-together", _("Owning together"), OWNING),
    ("handing-over", _("Handing over"), HANDING),
    ("time", _("Clocks and time"), CLOCKS),
    ("proof", _("Proof and figures"), TRUST),
)
EVERY = {term.key: term for _key, _title, terms in GROUPS for term in terms}

SCREENS: dict[str, tuple[str, ...]] = {
    "leads:desk": ("clock", "working-time", "at-risk", "late", "accept", "cadence", "waiver"),
    "leads:desk-team": ("clock", "late", "steward", "deputy", "pool"),
    "leads:brief": ("accept", "return", "contribution", "working-time"),
    "leads:lead": ("stage", "seat", "acts", "clock", "touch", "attested", "contribution"),
    "leads:lead-move": ("stage", "criterion", "waiver", "attested"),
    "leads:lead-list": ("stage", "seat"),
    "leads:seats": ("seat", "pool", "deputy", "steward"),
    "leads:team-rules": ("pool", "steward", "deputy"),
    "leads:handoff": ("handoff", "round", "clock", "criterion", "dispute"),
    "leads:handoff-offer": ("handoff", "package", "criterion", "waiver"),
    "leads:handoff-return": ("return", "round", "dispute", "cadence"),
    "leads:handoff-answer": ("return", "round", "dispute", "nurture"),
    "leads:handoff-decide": ("dispute", "return", "attainment"),
    "leads:handoff-outcome": ("outcome", "nurture"),
    "leads:handoff-package": ("package",),
    "leads:returns": ("return", "round", "dispute"),
    "leads:nurture": ("nurture",),
    "leads:clock": ("clock", "working-time", "pause", "at-risk", "late", "alert"),
    "leads:alerts": ("alert", "late", "at-risk"),
    "leads:library": ("contribution",),
    "leads:contributions": ("contribution", "clock"),
    "leads:library-plan": ("commitment", "contribution"),
    "leads:scorecard": ("attainment", "commitment", "benchmark", "too-few", "seal"),
    "leads:scorecard-rows": ("attainment", "clock", "ledger"),
    "sla:agreement": ("agreement", "version", "in-force", "clock", "criterion"),
    "sla:version": ("version", "in-force", "signature", "criterion"),
    "sla:version-sign": ("signature", "version", "ledger"),
    "ledger": ("ledger", "head"),
    "ledger-entry": ("ledger", "head"),
}
"""What stands on a screen, by the name of its address."""
