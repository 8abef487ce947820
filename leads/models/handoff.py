from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from portal.accounts.models import User

OPEN = ("offered", "accepted", "returned")


class HandoffQuerySet(models.QuerySet["Handoff"]):
    def visible_to(self, user: "User") -> "HandoffQuerySet":
        return self.all() if user.reads_leads else self.none()

    def open(self) -> "HandoffQuerySet":
        # The second half says nothing new: it names the index of open ones to SQLite.
        return self.filter(state__in=OPEN, ended_at=None)


class Handoff(models.Model):
    """A lead passing from one team to another, over all its rounds.

    Governed for its whole life by the version in force at its first offer. `receiver` is
    who was offered it and then who accepted it; `giver` answers a return. `evidence` and
    `gaps` (missing parts of the package) are frozen at the offer of the current round.
    """

    class State(models.TextChoices):
        OFFERED = "offered", _("offered")
        ACCEPTED = "accepted", _("accepted")
        RETURNED = "returned", _("returned")
        COMPLETED = "completed", _("completed")
        CLOSED = "closed", _("closed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        EXPIRED = "expired", _("expired")

    class Outcome(models.TextChoices):
        WON = "won", _("won")
        MOVED_ON = "moved_on", _("moved on")
        STILL_TALKING = "still_talking", _("still talking")
        NURTURE = "nurture", _("back to nurture")
        DISQUALIFIED = "disqualified", _("disqualified")
        LOST = "lost", _("lost")

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="handoffs")
    version = models.ForeignKey(
        "sla.Version", models.PROTECT, related_name="handoffs", db_index=False
    )
    kind = models.CharField(max_length=60)
    state = models.CharField(max_length=10, choices=State)
    round = models.PositiveSmallIntegerField(default=1)
    segment = models.CharField(max_length=80, blank=True)
    automatic = models.BooleanField(default=False)
    giver_team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="given")
    receiver_team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="received")
    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="given"
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="received"
    )
    first_offered_at = models.DateTimeField()
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    returned_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    return_reason = models.CharField(max_length=60, blank=True)
    return_note = models.CharField(max_length=500, blank=True)
    disputed_at = models.DateTimeField(null=True, blank=True)
    dispute_note = models.CharField(max_length=500, blank=True)
    decided_as = models.CharField(max_length=16, blank=True)
    outcome = models.CharField(max_length=14, choices=Outcome, blank=True)
    outcome_reason = models.CharField(max_length=300, blank=True)
    evidence = models.JSONField(default=list, blank=True)
    gaps = models.JSONField(default=list, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    waiver_reason = models.CharField(max_length=300, blank=True)
    why = models.JSONField(default=list, blank=True)

    objects = HandoffQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "kind"],
                condition=Q(state__in=OPEN),
                name="handoff_one_open_per_lead_and_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="accepted")
                | Q(accepted_at__isnull=False, receiver__isnull=False),
                name="handoff_accepted_has_acceptor",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""),
                name="handoff_returned_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(waived_by=None) | ~Q(waiver_reason=""),
                name="handoff_waiver_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OPEN, ended_at=None)
                | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
                name="handoff_ended_exactly_when_not_open",
            ),
        ]
        indexes = [
            # Desks and routing read the open handoffs of a person, on either side.
            models.Index(
                fields=["receiver", "state"],
                condition=Q(ended_at=None),
                name="handoff_open_receiver",
            ),
            models.Index(
                fields=["giver", "state"], condition=Q(ended_at=None), name="handoff_open_giver"
            ),
            # How many an agreement's week has brought.
            models.Index(
                fields=["version", "kind", "first_offered_at"], name="handoff_by_week"
            ),
            models.Index(fields=["first_offered_at"], name="handoff_by_offer"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.lead}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_disputed(self) -> bool:
        """Whether its return is disputed, and neither decided nor mended since."""
        return self.state == "returned" and self.disputed_at is not None and not self.decided_as

    @property
    def standing(self) -> str:
        """How it stands, in words: its state, or that its return is disputed, or that it went
        back to nurture, which ends a handoff and not the lead."""
        if self.outcome == self.Outcome.NURTURE:
            return str(self.get_outcome_display())
        return str(_("return disputed") if self.is_disputed else self.get_state_display())


class HandoffMove(models.Model):
    """One step of a handoff: who did what, when, in which round. Rows are only added."""

    handoff = models.ForeignKey(
        "leads.Handoff", models.PROTECT, related_name="moves", db_index=False
    )
    move = models.CharField(max_length=16)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    round = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        db_index=False,
    )  # fmt: skip
    reason = models.CharField(max_length=60, blank=True)
    note = models.CharField(max_length=500, blank=True)
    undo = models.JSONField(default=dict, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            # Returns by reason in a period.
            models.Index(fields=["move", "at"], name="handoff_move_by_time"),
            models.Index(fields=["handoff", "move", "round"], name="handoff_move_of_handoff"),
            # What somebody has just done, and may take back.
            models.Index(fields=["by", "at"], name="handoff_move_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.move} of handoff {self.handoff_id}"
