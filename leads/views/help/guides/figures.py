"""The reports: what each figure counts."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.guides.shape import Guide, Section

REPORTS = Guide(
    "reports",
    _("Reports and figures"),
    _("A figure is the number of its rows, and opens onto them."),
    (
        Section("scorecard", _("The scorecard"), (
            _("Both departments side by side. Choose a period, a team, a source or a kind of "
              "lead; the address says what you chose."),
        ), ("attainment", "commitment"), "leads:scorecard"),
        Section("kept", _("Kept"), (
            _("Of the clocks due in the period: met, divided by met and late. Open, returned, "
              "cancelled and excused ones stand beside it, each with its rows."),
        ), ("attainment", "late"), "leads:scorecard"),
        Section("pace", _("Volume and pace"), (
            _("Persons who entered the promised stage, each once. Customers, open deals, "
              "imported history and merged leads are left out. The pace is even over the days "
              "of the period."),
        ), ("commitment",), "leads:scorecard"),
        Section("response", _("Response times"), (
            _("From the first offer to the first attempt, over all rounds, in working time. "
              "The middle and nine of ten, never a mean alone. Never tried is shown apart."),
        ), ("attempt", "round"), "leads:scorecard"),
        Section("conversion", _("Conversions"), (
            _("Of the leads that entered a stage in the period, those that came to the next in "
              "time. The interval says how sure that is; of few it says nothing."),
        ), ("benchmark", "too-few"), "leads:scorecard"),
        Section("rows", _("The rows of a figure"), (
            _("Exactly what the figure counts. Each row opens its lead, its clock and its "
              "entries in the ledger. They can be downloaded."),
        ), ("ledger",)),
        Section("review", _("The week in questions"), (
            _("One page for both managers: what was kept and broken, the top reason of "
              "returns, three leads to talk about. A note is never changed."),
        ), ("late", "return"), "leads:review"),
        Section("forecast", _("What will be late"), (
            _("Clocks due before closing and before the weekend. The chance is a count: how "
              "many clocks like it came to be late. Of fewer than 20 it says nothing."),
        ), ("at-risk",), "leads:forecast"),
        Section("breaches", _("Why they were late"), (
            _("Late clocks in groups. A manager of each department names a cause; when both "
              "name the same, it stays."),
        ), ("late",), "leads:breaches"),
        Section("cohort", _("The journey of a cohort"), (
            _("Leads that began in one period, followed until now: where they stand, how long "
              "they stayed, and what both departments did."),
        ), ("stage",), "leads:cohort"),
        Section("integrity", _("Can we trust them?"), (
            _("Questions that the data raise, with their rows. A question is no verdict; an "
              "answer stays with the period. Both departments see the same."),
        ), ("waiver", "ledger"), "leads:integrity"),
        Section("coverage", _("What does the portal not see?"), (
            _("Which part of the CRM’s leads the portal has, by source and team, and who "
              "answers elsewhere only. Figures of a part say so."),
            _("Operations enter how many leads the CRM holds, for a source and a month."),
        ), ("coverage", "imported")),
        Section("seals", _("Sealed periods"), (
            _("At a period’s close its figures are fixed. What is corrected later shows as a "
              "restatement."),
        ), ("seal", "head"), "leads:seals"),
        Section("ledger", _("The ledger"), (
            _("Everything that decides is written down in one chain. Its newest fingerprint "
              "leaves the portal every hour; whoever keeps one can tell whether anything "
              "before it was changed."),
        ), ("ledger", "head"), "ledger"),
    ),
)  # fmt: skip
GUIDES = (REPORTS,)
