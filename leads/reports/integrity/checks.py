"""The questions, with what each counts and when it is quiet."""

from django.utils.translation import gettext_lazy as _

from leads.reports.integrity import clocks, entries, handoffs, touches
from leads.reports.integrity.scope import Check

CHECKS: tuple[Check, ...] = (
    Check(
        "last_minute",
        _("Are first attempts made because the clock runs out?"),
        _("First attempts in the last two minutes before they were due, of all made in time."),
        "clocks", "due_at", clocks.last_minute, clocks.met_attempts, 5, 20,
    ),
    Check(
        "zero_calls",
        _("Were these calls really calls?"),
        _("Calls that lasted no second, of all whose length the dialler tells."),
        "touches", "recorded_at", touches.zero_length, touches.calls, 3, 10,
    ),
    Check(
        "accepted_and_left",
        _("Is accepting a lead followed by trying to reach it?"),
        _("Accepted in time, and the first attempt late or never, of all accepted in time."),
        "clocks", "due_at", clocks.accepted_and_left, clocks.accepted, 5, 25,
    ),
    Check(
        "returned_at_once",
        _("Can a lead be judged within a minute?"),
        _("Returned within a minute of being accepted, of all returns."),
        "moves", "at", handoffs.returned_at_once, handoffs.returns, 3, 10,
    ),
    Check(
        "paused_before_due",
        _("Do clocks pause when they are about to be late?"),
        _("Pauses with less than a tenth of the target left, in working time, of all pauses."),
        "pauses", "paused_at", clocks.paused_just_before_due, clocks.pauses, 3, 30,
    ),
    Check(
        "bulk",
        _("Did somebody look at each of these?"),
        _("More than ten handoffs moved alike by one person within ten seconds, of all moves."),
        "moves", "at", handoffs.in_bulk, handoffs.pressed, 1, 0,
    ),
    Check(
        "wave",
        _("Why do leads qualify when the period ends?"),
        _("Entries that a commitment counts, in the last two days of its period, of all such."),
        "entries", "entered_at", entries.at_the_end, entries.committed, 10, 25,
    ),
    Check(
        "waived",
        _("Do the criteria still say what we mean?"),
        _("Entries that somebody let pass with unmet criteria, of all entries."),
        "entries", "entered_at", entries.waived, entries.entered, 5, 10,
    ),
    Check(
        "back_dated",
        _("Why was this written down later?"),
        _("Touches of people claimed more than 15 minutes back, of all of theirs. The claim"
          " counts for nothing."),
        "touches", "recorded_at", touches.back_dated, touches.outbound, 5, 10,
    ),
    Check(
        "twice",
        _("Is this one person?"),
        _("Leads that count for a commitment while another of the same name and company"
          " counted within its window, of all that count."),
        "entries", "entered_at", entries.twice, entries.committed, 1, 0,
    ),
    Check(
        "rounds",
        _("Do new rounds only start the clocks anew?"),
        _("Third and later rounds of handoffs that nobody had tried to reach, of all new"
          " rounds."),
        "moves", "at", handoffs.restarted, handoffs.rounds, 1, 0,
    ),
    Check(
        "to_oneself",
        _("Who hands over to themselves?"),
        _("Handoffs whose giver is their receiver, of all that were offered."),
        "handoffs", "first_offered_at", handoffs.to_oneself, handoffs.offered, 1, 0,
    ),
    Check(
        "set_before",
        _("Who wrote this value just before the offer?"),
        _("Handoffs of which the giving department wrote a value that the criteria ask for,"
          " less than an hour before the offer, of all that were offered."),
        "handoffs", "first_offered_at", handoffs.set_just_before, handoffs.offered, 3, 10,
    ),
)  # fmt: skip
BY_KEY = {check.key: check for check in CHECKS}
ONE_SIDED = "one_sided"
ONE_SIDED_PERCENT = 50  # of the criteria that open a handoff
