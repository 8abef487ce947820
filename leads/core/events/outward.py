"""Which entries of the ledger other systems can be told of, and which not, and why."""

from collections.abc import Mapping

SCHEMA = "concord.event.v1"

SENT: Mapping[str, tuple[str, ...]] = {
    "lead": (
        "lead_arrived", "lead_updated", "lead_merged", "lead_unmerged", "lead_closed",
        "touch_logged", "touch_taken_back", "attested", "attestation_withdrawn",
        "agreement_chosen", "seat_assigned", "stage_entered", "waived", "meeting_booked",
        "meeting_missed", "erased", "consent_given", "consent_withdrawn",
    ),
    "handoff": (
        "handoff_offer", "handoff_accept", "handoff_return", "handoff_fixed",
        "handoff_dispute", "handoff_decide", "handoff_counts", "handoff_does_not_count",
        "handoff_still_talking", "handoff_complete", "handoff_close", "handoff_recycle",
        "handoff_withdraw", "handoff_end", "handoff_expire", "handoff_reassign",
        "handoff_undo", "contribution_asked", "contribution_delivered", "contribution_used",
        "contribution_cancelled", "waiver_asked", "waiver_refused",
    ),
    "clock": (
        "clock_started", "clock_paused", "clock_resumed", "clock_stopped",
        "clock_reassigned", "clock_reopened", "alert_raised", "alert_acknowledged",
        "alert_snoozed",
    ),
    "agreement": (
        "version_drafted", "version_saved", "version_proposed", "version_revised",
        "version_signed", "version_concluded", "version_declined", "version_withdrawn",
        "version_reminded", "version_expired", "version_commented", "comment_resolved",
        "comment_reopened", "observation_started", "observation_stopped", "pace_behind",
    ),
    "ledger": ("head_published",),
}  # fmt: skip
"""What it is about -> kinds of entry. A subscription chooses among them, or takes all."""

EVERY = frozenset(kind for kinds in SENT.values() for kind in kinds)

NOT_SENT: Mapping[str, str] = {
    "genesis": "the ledger's own beginning; it is about no lead and no promise",
    "period_sealed": "a figure and no event of a lead; the API shows seals",
    "figure_restated": "a figure and no event of a lead; the API shows seals",
    "content_added": "Marketing's library; what is used of it with a lead is sent as a touch",
    "content_changed": "Marketing's library; no lead is touched",
    "content_retired": "Marketing's library; no lead is touched",
    "delivery_died": "about the portal's own messages: telling of it would tell of itself",
    "delivery_sent_again": "about the portal's own messages, as above",
    "event_taken": "an echo: what it did is sent as its own entries",
    "event_dropped": "about a message that changed nothing",
    "crm_counted": "how many leads another system holds; the API shows figures",
    "integrity_answered": "talk about a figure; the API shows figures",
    "cause_named": "talk about what was late; the clock itself is sent",
    "cause_agreed": "talk about what was late; the clock itself is sent",
    "review_noted": "talk about a figure; the API shows figures",
    "imported": "a whole file in one entry; imported leads are history and tell nobody",
    "went_live": "a batch in one entry; what each lead then does is sent",
    "release_planned": "a batch in one entry; each lead's own offer is sent",
    "audit_differed": "for who runs the portal; it stands on its own page",
    "outage": "for who runs the portal; it stands on its own page",
    "sweep_held": "for who runs the portal; it stands on its own page",
    "restored": "for who runs the portal; what is lost with it nobody can send",
    "time_confirmed": "for who runs the portal; it stands on its own page",
    "time_moved": "only of a demo",
    "glass_broken": "for who audits the portal; what was done is sent as its own entries",
    "privacy_asked": "between a person and who answers for the portal; erasure is sent",
    "person_exported": "between a person and who answers for the portal",
    "configured": "settings, which may name secrets' owners",
    "routing_changed": "settings of a team; where each lead goes is sent",
    "person_invited": "people of the company; no lead is touched",
    "account_changed": "about a person of ours",
    "absence_planned": "about a person of ours",
    "absence_ended": "about a person of ours",
    "person_left": "about a person of ours; each seat that moves is sent",
    "passkey_enrolled": "about a person's means to prove who they are",
    "passkey_renamed": "about a person's means to prove who they are",
    "passkey_revoked": "about a person's means to prove who they are",
    "factor_enrolled": "about a person's means to prove who they are",
    "identity_linked": "about a person's means to prove who they are",
    "token_made": "about a person's means to prove who they are",
    "token_revoked": "about a person's means to prove who they are",
}
"""Kinds that stay here, each with its reason."""


def type_of(kind: str) -> str:
    """The kind as other systems write types: `clock_started` is `clock.started`.

    >>> type_of("handoff_does_not_count")
    'handoff.does_not_count'
    """
    return kind.replace("_", ".", 1)
