"""Clocks, and who is told when one is late."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.guides.shape import Guide, Section

CLOCKS = Guide(
    "clocks",
    _("Clocks"),
    _("One promise about one thing, with a due instant that nobody moves."),
    (
        Section("why", _("Why this time?"), (
            _("The page of a clock draws every interval: open hours that count, closed ones "
              "that do not, pauses, and each step. The sum is exact."),
        ), ("clock", "working-time")),
        Section("late", _("Late"), (
            _("The due instant passed and it was not done. That is a fact, whoever looked and "
              "when. A late answer ends it and erases nothing. Due now is on time."),
        ), ("late",)),
        Section("pause", _("Pausing"), (
            _("By who acts, for a reason that the agreement lists, up to its cap, and never "
              "once it is due."),
        ), ("pause",)),
        Section("absence", _("When you are away"), (
            _("The clock runs on. Your deputy is told and may act, then the steward."),
        ), ("deputy", "steward"), "profile"),
    ),
)  # fmt: skip
ALERTS = Guide(
    "alerts",
    _("Alerts, and who is told"),
    _("Once for each step, to exactly the people the agreement names."),
    (
        Section("steps", _("Who is told, and when"), (
            _("The agreement lists the steps: as a rule the owner before it is due, the owner "
              "and the manager when it is late, the heads once a week. The page of a clock "
              "shows which steps are still to come."),
        ), ("alert", "at-risk", "late")),
        Section("seen", _("“Seen, I act”, and later"), (
            _("Both tell the others that you know. Neither stops the clock. Putting an alert "
              "off lasts until the next step at most."),
        ), ("alert",), "leads:alerts"),
        Section("ways", _("How you are told"), (
            _("In the portal always; by mail or chat as you choose. Quiet hours and gathering "
              "are yours. What is late and goes to a manager is never held back."),
        ), ("step", "alert"), "my-notifications"),
        Section("undelivered", _("What did not arrive"), (
            _("A message outside the portal is tried again for days. What is given up stands "
              "in a list, with its reason and a button that sends it again."),
        ), ("alert", "step")),
    ),
)  # fmt: skip
GUIDES = (CLOCKS, ALERTS)
