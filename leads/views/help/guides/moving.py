"""Bringing leads in: set-up, files, other systems; and moving people."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.guides.shape import Guide, Section

SETUP = Guide(
    "setup",
    _("Setting the company up"),
    _("A list of what is left. Leave and come back at any time."),
    (
        Section("steps", _("The steps"), (
            _("The company and its calendar, teams, people, who heads and who signs, the "
              "agreement, leads, signatures. Nobody is told anything before you go live."),
            _("What you write is kept as you write it. Leave a form half way, and you or a "
              "colleague find it as it was; nothing of it counts before it is sent."),
        ), ("working-time", "steward")),
        Section("people", _("People and invitations"), (
            _("Paste them from a sheet and look before you take them. Each gets a link that is "
              "good once."),
        ), ("team", "operations", "administrator")),
        Section("signing", _("Who heads and who signs"), (
            _("Each department needs a head and somebody who may sign. Who administers the "
              "portal never signs."),
        ), ("signature",)),
        Section("live", _("Going live"), (
            _("From then on leads are offered, clocks run and people are told. What is older "
              "stays history. A test lead shows all of it and leaves nothing behind."),
        ), ("clock",)),
    ),
)  # fmt: skip
IMPORTS = Guide(
    "imports",
    _("Imports and other systems"),
    _("Leads from a file, from the CRM, and from a dialler."),
    (
        Section("file", _("Leads from a file"), (
            _("Bring a file, say what its columns mean, look at what would come of it. The "
              "same file twice changes nothing. A whole import can be taken back for a day."),
        ), ("imported", "lead", "not-offered")),
        Section("map", _("What the columns mean"), (
            _("Known exports are filled in for you. Dates are read by the whole column, and "
              "the proof is shown. What looks damaged is shown, and never mended by a guess."),
        ), ("stage", "segment", "imported")),
        Section("check", _("What would come of it"), (
            _("Every record stands under one outcome: new, updated, known already, or refused "
              "with its line and reason."),
        ), ("duplicate", "not-offered", "imported")),
        Section("live", _("Imported leads go live"), (
            _("They have owners and wait: no clock runs and nobody is told, until operations "
              "lets them live, the oldest first."),
        ), ("clock",)),
        Section("systems", _("What other systems send"), (
            _("A system sends what it knows, under its own key. What cannot be read waits in "
              "quarantine with its reason, and is tried again once the map is mended."),
        ), ("touch",)),
        Section("told", _("What other systems are told"), (
            _("What happens to leads and handoffs is sent out signed, in order, and again "
              "until it arrives. The log shows what was answered."),
            _("A new secret says first what it breaks, and until when which one signs."),
        ), ("ledger", "handoff")),
        Section("words", _("Old words"), (
            _("Which old labels are still used, where, and what each means on your journey."),
        ), ("stage",), "leads:old-words"),
        Section("job", _("Long work"), (
            _("It goes on while you do something else, says how far it is, and can be stopped. "
              "What it did before stays."),
        ), ("imported", "backtest")),
    ),
)  # fmt: skip
GUIDES = (SETUP, IMPORTS)
