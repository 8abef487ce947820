"""One's own account, one's team, and what is kept of people."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.guides.shape import Guide, Section

ACCOUNT = Guide(
    "account",
    _("You and your team"),
    _("Hours, absences, sign-in, and who gets a lead."),
    (
        Section("hours", _("Hours and absences"), (
            _("Your hours and your room for open handoffs decide when leads come to you. An "
              "absence names a deputy, who is told and may act."),
        ), ("deputy", "pool"), "profile"),
        Section("sign-in", _("Signing in"), (
            _("A second factor guards your account, and signing asks for it. A passkey is "
              "bound to you and your device. Nobody here can read your password."),
        ), ("signature",), "mfa_index"),
        Section("tokens", _("Tokens for programs"), (
            _("A program acts in your name with no more than you may do. A token is shown once "
              "and can be taken away at any time."),
        ), ("trusted", "operations")),
        Section("teams", _("Who gets a lead"), (
            _("Each team’s pools and rules, and whom they would choose now, with the reason. "
              "Operations and managers change them."),
        ), ("pool", "steward"), "leads:teams"),
        Section("leaving", _("When somebody leaves"), (
            _("What they have open is given to others first. Their past stays under their "
              "name, as evidence."),
        ), ("seat",)),
        Section("moving", _("When people and teams move"), (
            _("Who changes teams takes their open work along, or leaves it to colleagues; into "
              "the other department it never goes along. Two teams become one with the pools "
              "of both. A team that goes over to the other department leaves what is "
              "open to another team of the one it was in."),
            _("No clock restarts. What ended, and what was late already, counts for the team "
              "that it was; what ends later counts for the team that has it then."),
        ), ("seat", "pool")),
    ),
)  # fmt: skip
PRIVACY = Guide(
    "privacy",
    _("Privacy"),
    _("What is kept of people, who sees it, and for how long."),
    (
        Section("leads", _("Of leads"), (
            _("Requests of persons are answered here, by day 30 at the latest. Rules say how "
              "long leads are kept. An erasure takes what names somebody; counts stay."),
        ), ("ledger",)),
        Section("you", _("Of you"), (
            _("What you do on leads is evidence for both departments, with your name. Figures "
              "of you are seen by you and your managers, never as a ranking. A company can "
              "hide them altogether."),
        ), ("erasure", "ledger"), "leads:my-records"),
    ),
)  # fmt: skip
GUIDES = (ACCOUNT, PRIVACY)
