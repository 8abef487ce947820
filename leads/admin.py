"""The admin sees no lead data; what happened is evidence, shown and never edited.

Leads, touches and handoffs are not registered at all: an administrator without a department
does not read them. Clocks and alerts are, without names, so that an operator can look.
"""

from django.contrib import admin

from leads.models import (
    Alert,
    AuditPass,
    BreachCause,
    Clock,
    CrmCount,
    EventSource,
    ImportRun,
    IntegrityAnswer,
    Outage,
    Pace,
    PaceAlert,
    PrivacyRequest,
    RetentionRule,
    ReviewNote,
    RolledCell,
    RolledShare,
    RolledTo,
    Seal,
    SealCheck,
    Subscription,
    SweepHold,
    SweepPass,
)
from portal.adminsite import ReadOnlyAdmin


@admin.register(Clock)
class ClockAdmin(ReadOnlyAdmin):
    list_display = [
        "pk",
        "obligation",
        "department",
        "round",
        "due_at",
        "stopped_at",
        "outcome",
    ]
    list_filter = ["department", "kind", "outcome"]
    fields = [
        "obligation", "kind", "round", "department", "team", "calendar", "started_at", "due_at",
        "warn_at", "next_step_at", "paused_at", "stopped_at", "outcome", "sweep_error",
    ]  # fmt: skip


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ["pk", "step", "level", "due_at", "raised_at", "found_late"]
    fields = ["step", "level", "due_at", "raised_at", "found_late", "acknowledged_at"]


@admin.register(Pace)
class PaceAdmin(ReadOnlyAdmin):
    list_display = ["agreement", "commitment", "period", "begins_at", "ends_at", "at", "error"]


@admin.register(PaceAlert)
class PaceAlertAdmin(ReadOnlyAdmin):
    list_display = ["pace", "step", "due_at", "raised_at", "found_late", "done", "wanted"]


@admin.register(EventSource)
class EventSourceAdmin(ReadOnlyAdmin):
    """Looked at here; made, changed and given other secrets on its own pages, by who
    administers the portal, too."""

    list_display = ["name", "key", "kind", "is_active", "heard_at", "refused_at"]
    list_filter = ["kind", "is_active"]
    fields = [
        "name", "key", "kind", "system", "keeper", "speaks_for_seat", "is_active", "api_token",
        "mapping", "made_at", "changed_at", "changed_by", "heard_at", "refused_at",
        "refused_why",
    ]  # fmt: skip


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """What is told to whom; where to, and with which secrets, is its endpoint's."""

    list_display = ["name", "endpoint", "personal", "after"]
    fields = ["name", "endpoint", "kinds", "personal", "after", "old_until"]


@admin.register(ImportRun)
class ImportRunAdmin(ReadOnlyAdmin):
    list_display = ["name", "started_at", "records", "new", "updated", "duplicate", "rejected"]


@admin.register(Outage)
class OutageAdmin(ReadOnlyAdmin):
    list_display = ["began_at", "ended_at"]


@admin.register(SweepPass)
class SweepPassAdmin(ReadOnlyAdmin):
    list_display = ["swept_at", "raised", "by"]


@admin.register(AuditPass)
class AuditPassAdmin(ReadOnlyAdmin):
    list_display = ["audited_at", "differences"]
    fields = ["began_at", "audited_at", "differences", "found"]


@admin.register(SweepHold)
class SweepHoldAdmin(ReadOnlyAdmin):
    list_display = ["began_at", "why", "machine", "ended_at", "ended_how", "ended_by"]


@admin.register(ReviewNote)
class ReviewNoteAdmin(ReadOnlyAdmin):
    list_display = ["week", "about", "department", "at"]


@admin.register(BreachCause)
class BreachCauseAdmin(ReadOnlyAdmin):
    list_display = ["clock", "cause", "department", "by", "at", "agreed_by", "agreed_at"]
    list_filter = ["cause", "department"]


@admin.register(IntegrityAnswer)
class IntegrityAnswerAdmin(ReadOnlyAdmin):
    list_display = ["check_key", "first", "length", "number", "of", "department", "at"]


@admin.register(CrmCount)
class CrmCountAdmin(ReadOnlyAdmin):
    list_display = ["month", "source", "number", "by", "at"]


@admin.register(Seal)
class SealAdmin(ReadOnlyAdmin):
    list_display = ["length", "first", "sealed_at", "version", "digest"]
    exclude = ["evidence"]


@admin.register(SealCheck)
class SealCheckAdmin(ReadOnlyAdmin):
    list_display = ["seal", "checked_at", "corrected"]


@admin.register(RetentionRule)
class RetentionRuleAdmin(ReadOnlyAdmin):
    list_display = ["kind", "months", "automatic", "is_active", "changed_by", "changed_at"]


@admin.register(PrivacyRequest)
class PrivacyRequestAdmin(ReadOnlyAdmin):
    list_display = ["pk", "kind", "basis", "asked_at", "done_at", "done_by"]
    list_filter = ["kind", "basis"]
    fields = ["kind", "basis", "asked_at", "done_at", "done_by", "counts"]


@admin.register(RolledCell)
class RolledCellAdmin(ReadOnlyAdmin):
    """Sums that can be made again at any time; who is in them stays out of the admin."""

    list_display = ["day", "family", "name", "party", "team", "state", "n"]
    list_filter = ["family"]
    exclude = ["records"]


@admin.register(RolledShare)
class RolledShareAdmin(ReadOnlyAdmin):
    list_display = ["pk", "lead_id", "cell", "n"]
    list_select_related = ["cell"]
    exclude = ["records"]


@admin.register(RolledTo)
class RolledToAdmin(ReadOnlyAdmin):
    list_display = ["seq", "form", "zone", "complete", "built_to", "checked_to"]
