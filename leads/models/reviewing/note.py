from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewNote(models.Model):
    """What was decided in the review of the week that begins on `week`, a Monday.

    Evidence: rows are only added. `about` is the question of the page that it answers.
    """

    class About(models.TextChoices):
        LATE = "late", _("What was late, and why")
        SOON = "soon", _("What is about to be late")
        DECIDE = "decide", _("What needs a decision")
        PACE = "pace", _("Whether we keep pace")
        RETURNS = "returns", _("Why leads came back")
        TALK = "talk", _("Leads to talk about")
        INTEGRITY = "integrity", _("Questions about the figures")

    week = models.DateField()
    about = models.CharField(max_length=10, choices=About)
    text = models.CharField(max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    department = models.ForeignKey("accounts.Department", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [models.Index(fields=["week"], name="review_note_week")]

    def __str__(self) -> str:
        return f"{self.about}, week of {self.week}"
