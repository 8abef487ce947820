"""The agreement: reading, writing, trying and signing it."""

from django.utils.translation import gettext_lazy as _

from leads.views.help.guides.shape import Guide, Section

AGREEMENT = Guide(
    "agreement",
    _("The agreement"),
    _("The text that both departments sign is what the portal does."),
    (
        Section("read", _("Reading it"), (
            _("Each clause has a number. Clocks, alerts and figures name the clause that they "
              "come from. Nothing that decides stands anywhere else."),
        ), ("agreement", "version", "in-force"), "sla:agreement-list"),
        Section("governs", _("Which text governs a lead"), (
            _("Agreements are tried in their order; the last one takes what no other does. A "
              "handoff keeps the version that was in force when it was first offered."),
        ), ("version", "in-force"), "sla:in-force"),
        Section("split", _("Splitting an agreement"), (
            _("Operations give a part of the leads an agreement of its own: first the text in "
              "force, as a draft, then which leads. Nothing changes before both sides sign. "
              "Open handoffs keep their version and their clocks."),
        ), ("agreement", "version"), "sla:in-force"),
        Section("begin", _("Beginning a text"), (
            _("Five questions make a first draft: which leads and how fast, who answers a "
              "return, whom to tell, how often Sales tries, how many leads Marketing brings."),
        ), ("which-leads", "draft"), "sla:agreement-list"),
        Section("edit", _("Writing a draft"), (
            _("A page for each part. It saves by itself and keeps who wrote what. If two write "
              "at once, nothing is lost: the second sees the difference."),
            _("A criterion shows the sentence that it makes, and how many of today’s leads "
              "meet it. A calendar shows its week."),
        ), ("criterion", "working-time", "commitment", "benchmark")),
        Section("changes", _("What changes"), (
            _("Any two versions are compared in sentences, with what a changed target would "
              "have cost."),
        ), ("version",)),
        Section("comments", _("Comments"), (
            _("Comment on a clause beside its number. A comment is closed, never deleted."),
        ), ("draft", "proposed")),
        Section("next-year", _("Next year’s holidays"), (
            _("Sixty days before a calendar runs out both departments are told. One click "
              "drafts the days of the next year as a single line to sign."),
        ), ("amendment", "calendar")),
        Section("shadow", _("Observing before signing"), (
            _("A proposed text is observed by itself while signatures are missing: its clocks "
              "are computed beside the real ones, or, before the first signatures, from what "
              "Sales did. Nothing is sent and nothing counts. To pilot a text with one team, "
              "look at that team alone."),
        ), ("observed", "proposed")),
        Section("backtest", _("On past handoffs"), (
            _("Every past handoff again under this text: who would have been late, and which "
              "target would have been kept in nine of ten cases."),
        ), ("backtest", "draft")),
    ),
)  # fmt: skip
SIGNING = Guide(
    "signing",
    _("Signing"),
    _("One person of each department, over the same text."),
    (
        Section("propose", _("Proposing"), (
            _("Proposing freezes the text. A later change is a new revision, and signatures "
              "for the old one count no more."),
        ), ("version",)),
        Section("sign", _("Signing"), (
            _("You prove who you are, by password and a second factor, by a passkey, or at "
              "your company’s login. You sign the fingerprint of the text on your page; if the "
              "text differs, you are shown how."),
            _("Both departments sign, two different persons. Nobody signs for another."),
        ), ("signature", "ledger")),
        Section("decline", _("Declining and withdrawing"), (
            _("Declining needs a reason, which everybody concerned reads. Signatures that were "
              "given stay in history."),
        ), ("signature",)),
        Section("force", _("In force"), (
            _("With the second signature, or from the later day that was asked for. Handoffs "
              "that were offered before keep their version."),
        ), ("in-force",), "sla:in-force"),
        Section("proof", _("Keeping it as proof"), (
            _("A signed version prints as PDF with a certificate. The evidence for an auditor "
              "is checked without this portal."),
        ), ("ledger", "head", "seal"), "leads:proof"),
    ),
)  # fmt: skip
GUIDES = (AGREEMENT, SIGNING)
