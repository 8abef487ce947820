"""What a ledger entry may be about. Each kind is a fact that happened, in the past tense."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Kind(models.TextChoices):
    """The word that stands in the entry; it is hashed, so it is never renamed."""

    GENESIS = "genesis", _("The ledger was opened")

    LEAD_ARRIVED = "lead_arrived", _("A lead arrived")
    LEAD_UPDATED = "lead_updated", _("A lead's fields changed")
    LEAD_MERGED = "lead_merged", _("Two leads became one")
    LEAD_UNMERGED = "lead_unmerged", _("A merge of two leads was taken back")
    LEAD_CLOSED = "lead_closed", _("A lead was closed")
    CONSENT_GIVEN = "consent_given", _("A person agreed to something")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("A person took consent back")
    TOUCH_LOGGED = "touch_logged", _("A touch was recorded")
    TOUCH_TAKEN_BACK = "touch_taken_back", _("A touch was taken back")
    ATTESTED = "attested", _("A fact was attested")
    ATTESTATION_WITHDRAWN = "attestation_withdrawn", _("An attested fact was withdrawn")
    AGREEMENT_CHOSEN = "agreement_chosen", _("An agreement was chosen for a lead")
    SEAT_ASSIGNED = "seat_assigned", _("A seat of a lead was filled")
    STAGE_ENTERED = "stage_entered", _("A lead entered a stage")
    WAIVED = "waived", _("Unmet criteria were waived")
    WAIVER_ASKED = "waiver_asked", _("A waiver of unmet criteria was asked for")
    WAIVER_REFUSED = "waiver_refused", _("A waiver that was asked for was refused")

    VERSION_DRAFTED = "version_drafted", _("A version was drafted")
    VERSION_SAVED = "version_saved", _("A draft was saved")
    VERSION_PROPOSED = "version_proposed", _("A version was proposed")
    VERSION_REVISED = "version_revised", _("A proposed version was revised")
    VERSION_SIGNED = "version_signed", _("A department signed a version")
    VERSION_CONCLUDED = "version_concluded", _("A version has both signatures")
    VERSION_DECLINED = "version_declined", _("A version was declined")
    VERSION_WITHDRAWN = "version_withdrawn", _("A version was withdrawn")

    VERSION_REMINDED = "version_reminded", _("Signatures that are missing were asked for again")
    VERSION_EXPIRED = "version_expired", _("A proposal was not signed in time")
    VERSION_COMMENTED = "version_commented", _("A clause of a version was commented on")
    COMMENT_RESOLVED = "comment_resolved", _("A comment was resolved")
    COMMENT_REOPENED = "comment_reopened", _("A resolved comment was opened again")
    OBSERVATION_STARTED = "observation_started", _("A version is observed beside the other")
    OBSERVATION_STOPPED = "observation_stopped", _("The observation of a version ended")

    HANDOFF_OFFER = "handoff_offer", _("A handoff was offered")
    HANDOFF_ACCEPT = "handoff_accept", _("A handoff was accepted")
    HANDOFF_RETURN = "handoff_return", _("A handoff was returned")
    HANDOFF_FIXED = "handoff_fixed", _("A return was answered: fixed")
    HANDOFF_DISPUTE = "handoff_dispute", _("A return was answered: disputed")
    HANDOFF_DECIDE = "handoff_decide", _("A dispute was decided")
    HANDOFF_COUNTS = "handoff_counts", _("A disputed return was decided: it counts")
    HANDOFF_DOES_NOT_COUNT = (
        "handoff_does_not_count",
        _("A disputed return was decided: it does not count"),
    )
    HANDOFF_STILL_TALKING = "handoff_still_talking", _("The talks of a handoff go on")
    HANDOFF_COMPLETE = "handoff_complete", _("A handoff was completed")
    HANDOFF_CLOSE = "handoff_close", _("A handoff was closed")
    HANDOFF_RECYCLE = "handoff_recycle", _("A lead was recycled to nurture")
    HANDOFF_WITHDRAW = "handoff_withdraw", _("A handoff was withdrawn")
    HANDOFF_END = "handoff_end", _("A handoff ended with its lead")
    HANDOFF_EXPIRE = "handoff_expire", _("A handoff expired")
    HANDOFF_REASSIGN = "handoff_reassign", _("A handoff was reassigned")
    HANDOFF_UNDO = "handoff_undo", _("A move of a handoff was undone")

    CONTRIBUTION_ASKED = "contribution_asked", _("A contribution was asked for")
    CONTRIBUTION_DELIVERED = "contribution_delivered", _("A contribution was delivered")
    CONTRIBUTION_USED = "contribution_used", _("Use of a contribution was stated")
    CONTRIBUTION_CANCELLED = "contribution_cancelled", _("A contribution was cancelled")

    CONTENT_ADDED = "content_added", _("Material was added to the library")
    CONTENT_CHANGED = "content_changed", _("Material of the library changed")
    CONTENT_RETIRED = "content_retired", _("Material was taken out of the library")

    CLOCK_STARTED = "clock_started", _("A clock started")
    CLOCK_PAUSED = "clock_paused", _("A clock was paused")
    CLOCK_RESUMED = "clock_resumed", _("A clock was resumed")
    CLOCK_STOPPED = "clock_stopped", _("A clock stopped")
    CLOCK_REASSIGNED = "clock_reassigned", _("Somebody else answers for a clock")
    CLOCK_REOPENED = "clock_reopened", _("A stopped clock runs again")
    ALERT_RAISED = "alert_raised", _("An alert was raised")
    ALERT_ACKNOWLEDGED = "alert_acknowledged", _("An alert was acknowledged")
    ALERT_SNOOZED = "alert_snoozed", _("An alert was snoozed")
    PACE_BEHIND = "pace_behind", _("A commitment fell behind its pace")
    DELIVERY_DIED = "delivery_died", _("A message could not be delivered")
    DELIVERY_SENT_AGAIN = "delivery_sent_again", _("A message was sent again by hand")

    EVENT_TAKEN = "event_taken", _("What another system told was taken over")
    EVENT_DROPPED = "event_dropped", _("What another system told was set aside")

    IMPORTED = "imported", _("Records were imported")
    WENT_LIVE = "went_live", _("Imported leads went live")
    AUDIT_DIFFERED = "audit_differed", _("An audit found rows that are not as they should be")
    OUTAGE = "outage", _("The portal was down")
    PRIVACY_ASKED = "privacy_asked", _("A person asked for their data, or to be erased")
    PERSON_EXPORTED = "person_exported", _("A person was told what is known of them")
    ERASED = "erased", _("Personal data was erased")
    HEAD_PUBLISHED = "head_published", _("The head of the ledger was published")
    PERIOD_SEALED = "period_sealed", _("A period's figures were sealed")
    REVIEW_NOTED = "review_noted", _("Something was decided in a weekly review")
    CAUSE_NAMED = "cause_named", _("A cause of a broken promise was named")
    CAUSE_AGREED = "cause_agreed", _("Both departments agreed why a promise broke")
    CRM_COUNTED = "crm_counted", _("It was said how many leads the CRM holds")
    INTEGRITY_ANSWERED = "integrity_answered", _("A question about the figures was answered")
    FIGURE_RESTATED = "figure_restated", _("A sealed figure was restated")
    CONFIGURED = "configured", _("The configuration changed")
    ACCOUNT_CHANGED = "account_changed", _("A person's account, role or team changed")
    PERSON_INVITED = "person_invited", _("Somebody was invited")
    ABSENCE_PLANNED = "absence_planned", _("An absence was planned")
    ABSENCE_ENDED = "absence_ended", _("An absence ended early or was called off")
    ROUTING_CHANGED = "routing_changed", _("The rules by which a team shares leads changed")
    PERSON_LEFT = "person_left", _("Somebody left and what they had was handed on")
    MEETING_BOOKED = "meeting_booked", _("A meeting was booked by the lead")
    MEETING_MISSED = "meeting_missed", _("A lead did not come to a meeting")
    RELEASE_PLANNED = "release_planned", _("Leads of a big batch were spread over days")
    PASSKEY_ENROLLED = "passkey_enrolled", _("A passkey was enrolled")
    PASSKEY_RENAMED = "passkey_renamed", _("A passkey got another name")
    PASSKEY_REVOKED = "passkey_revoked", _("A passkey was revoked")
    FACTOR_ENROLLED = "factor_enrolled", _("Somebody turned on one-time codes")
    IDENTITY_LINKED = "identity_linked", _("An account was connected to the company's sign-in")
    TOKEN_MADE = "token_made", _("An API token was made")
    TOKEN_REVOKED = "token_revoked", _("An API token was revoked")
    SWEEP_HELD = "sweep_held", _("Clocks were not checked, as the host's time is in doubt")
    RESTORED = "restored", _("A backup was restored")
    TIME_CONFIRMED = "time_confirmed", _("A jump of the host's time was confirmed")
    TIME_MOVED = "time_moved", _("Simulated time was moved")
    GLASS_BROKEN = "glass_broken", _("Somebody acted from the command line, past the rules")


def choices() -> list[tuple[str, str]]:
    """For the model field: a new kind then needs no migration."""
    return [(kind.value, str(kind.label)) for kind in Kind]
