from django.db import models


class SweepPass(models.Model):
    """The one row that says when clocks were last checked, and how that went."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    swept_at = models.DateTimeField()
    raised = models.PositiveIntegerField(default=0)
    by = models.CharField(max_length=60, blank=True)

    class Meta:
        verbose_name_plural = "sweep passes"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="sweep_pass_is_one_row"),
        ]

    def __str__(self) -> str:
        return f"swept {self.swept_at:%d %b %H:%M:%S} UTC"


class Outage(models.Model):
    """A time in which no sweep ran; steps that fell into it were found late."""

    began_at = models.DateTimeField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering = ["-began_at"]

    def __str__(self) -> str:
        return f"{self.began_at:%d %b %H:%M} to {self.ended_at:%d %b %H:%M} UTC"
