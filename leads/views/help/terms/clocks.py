"""Clocks, and the time that they count."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.terms.shape import LATENESS, PROMISES, TIME, Term

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
    Term("calendar", _("Working calendar"), _(
        "Open hours of each weekday, closed dates, and dates with hours of their own, in one "
        "time zone. It is signed with the text, and is good until a day; both sides are told "
        "60 days before."), _("holidays, opening hours, valid through"), TIME),
    Term("step", _("Step"), _(
        "One rung of a promise’s ladder: before it is due, when it is, and some time after, "
        "with whom it tells and through which channel. Each comes once for each clock."),
        _("escalation ladder, rung"), LATENESS),
    Term("beyond", _("Beyond the agreed volume"), _(
        "Where one side brings more leads in a week than was agreed, the other may have the "
        "longer target that both signed."), _("reciprocity, overflow"), PROMISES),
    Term("excused", _("Excused"), _(
        "A late clock that does not count, because the portal itself was away then and the "
        "agreement says that this excuses. It is listed beside the others."),
        _("outage, exclusion"), PROMISES),
    Term("found-late", _("Found late"), _(
        "A step that came while the portal was away. It is recorded with its true time, and "
        "told afterwards in one message, not in hundreds."), _("catch-up, outage"), LATENESS),
)  # fmt: skip
