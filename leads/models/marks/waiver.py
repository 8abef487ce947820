"""That somebody asked to let a lead pass although criteria are not met."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from leads.models.handoff import Handoff
    from portal.accounts.models import User


class WaiverRequestQuerySet(models.QuerySet["WaiverRequest"]):
    def waiting(self) -> "WaiverRequestQuerySet":
        return self.filter(answered_at=None)

    def visible_to(self, user: "User") -> "WaiverRequestQuerySet":
        return self.all() if user.reads_leads else self.none()

    def settle(self, handoff: "Handoff", *, by: "User", at: datetime) -> None:
        """What waits for this handoff is given by its offer, or needed no more."""
        given = handoff.waived_by_id is not None
        answer = WaiverRequest.Answer.WAIVED if given else WaiverRequest.Answer.NOT_NEEDED
        self.waiting().filter(lead=handoff.lead_id, handoff_kind=handoff.kind).update(
            answer=answer, answered_by=by, answered_at=at, note=handoff.waiver_reason
        )


class WaiverRequest(models.Model):
    """The giving side asks `team`, which would receive the lead, to waive what is not met.

    `handoff_kind`: the handoff of the terms that it is about; `unmet`: the sentences of the
    criteria, as they stood when it was asked. One at a time for each lead and kind.
    """

    class Answer(models.TextChoices):
        WAIVED = "waived", _("waived")
        REFUSED = "refused", _("not waived")
        NOT_NEEDED = "not_needed", _("not needed any more")

    lead = models.ForeignKey("leads.Lead", models.PROTECT, related_name="waiver_requests")
    handoff_kind = models.CharField(max_length=60)
    team = models.ForeignKey("accounts.Team", models.PROTECT, related_name="+")
    unmet: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    why = models.CharField(max_length=300)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=300, blank=True)

    objects = WaiverRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["lead", "handoff_kind"],
                condition=Q(answered_at=None),
                name="waiver_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None)
                | ~Q(answer="") & Q(answered_at__isnull=False),
                name="waiver_answer_has_instant",
            ),
        ]

    def __str__(self) -> str:
        return f"waiver asked for lead {self.lead_id}, {self.handoff_kind}"
