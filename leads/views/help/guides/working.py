"""The desk, and one lead."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.guides.shape import Guide, Section

DESK = Guide(
    "desk",
    _("Your desk"),
    _("What you owe, soonest first, and one button for each."),
    (
        Section("rows", _("What stands on the desk"), (
            _("Everything that you owe, soonest first: late, at risk, today, later. A row says "
              "how much working time is left, until when, and what is asked."),
            _("Its button does what is asked and stops the clock. The rest is under the dots."),
        ), ("clock", "working-time", "at-risk", "late"), "leads:desk"),
        Section("undo", _("Taking it back"), (
            _("What you did can be undone for 30 seconds. The same clocks then run on to the "
              "instants they had."),
        )),
        Section("several", _("Several at once"), (
            _("Tick rows and press what to do. You first see what would become of each. One "
              "that is refused says why; the others stand."),
        ), ("accept", "return")),
        Section("views", _("Finding and saving"), (
            _("The address of the page is the filter, so it can be sent to a colleague. A view "
              "that you save is yours alone, unless you share it with your team."),
        ), ("lead",), "leads:desk-views"),
        Section("team", _("The team’s desk"), (
            _("For managers: who is here, who is away and who stands in, what nobody owns, "
              "what is late. Giving a lead to another restarts no clock."),
        ), ("steward", "deputy", "pool")),
    ),
)  # fmt: skip
LEAD = Guide(
    "lead",
    _("A lead"),
    _("One person on their way, owned by both departments from the first second."),
    (
        Section("page", _("What its page shows"), (
            _("The journey in two lanes, who owns it on each side, what runs by the clock, and "
              "what happened. Whoever acts now is marked; the other side owns it still."),
        ), ("stage", "seat", "acts"), "leads:lead-list"),
        Section("list", _("Finding leads"), (
            _("Look by name, company or address. A stage is found by its name and by its old "
              "label. Members of both departments see every lead."),
            _("Beside the heading of every list stand two links, CSV and XLSX. The file holds "
              "what your filters show, over all pages."),
        ), ("stage",), "leads:lead-list"),
        Section("new", _("A new lead"), (
            _("Entered by hand, a lead is treated as one that a system sends: it gets its "
              "owners, and is offered as the agreement says. Somebody already known is found "
              "by their address and not entered twice."),
        ), ("lead", "segment", "not-offered")),
        Section("touch", _("Saying what happened"), (
            _("Log a call, a mail or a meeting with one button. The time of the server counts. "
              "An attempt on an offered lead accepts it. What a dialler or the CRM sends needs "
              "no typing."),
        ), ("touch", "attempt")),
        Section("move", _("Moving on the journey"), (
            _("The portal shows what must be true to enter a stage, what it saw, and who said "
              "so. What nobody said is missing. Who lets a lead pass all the same gives a "
              "reason, and it is shown apart."),
        ), ("criterion", "waiver", "attested")),
        Section("owners", _("Who owns it, and why them"), (
            _("Rules choose: the company’s owner first, then the pool, by turns, weight or "
              "load. Whoever is away or full is left out. Where nobody is left, the steward "
              "gets it and is told. The reason stands beside each name."),
        ), ("seat", "pool", "steward", "deputy"), "leads:teams"),
        Section("same", _("The same person twice"), (
            _("Only the same id or the same address is taken for the same person. A likeness "
              "is shown, and somebody decides. Merged leads keep both histories, and count "
              "once."),
        ), ("duplicate", "lead")),
        Section("privacy", _("Consent, export and erasure"), (
            _("A person’s consent, the export of what is kept of them, and their erasure begin "
              "on the page of their lead. What was counted is counted on without a name."),
        ), ("erasure", "ledger")),
    ),
)  # fmt: skip
GUIDES = (DESK, LEAD)
