from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from sla.models.version import Version


class ObservationQuerySet(models.QuerySet["Observation"]):
    def running(self) -> "ObservationQuerySet":
        return self.filter(stopped_at=None)

    def newest_of(self, key: str, number: int) -> "Observation | None":
        """The newest observation of a version, with all that its page says of it."""
        others = Version.objects.signed().exclude(pk=OuterRef("version"))
        begun = others.filter(
            agreement=OuterRef("version__agreement"), effective_from__isnull=False
        ).order_by("effective_from")
        there = self.filter(version__agreement__key=key, version__number=number)
        named = there.select_related("version__agreement", "started_by", "stopped_by")
        return named.annotate(other_from=Subquery(begun.values("effective_from")[:1])).first()


class Observation(models.Model):
    """A time in which a version is watched beside the one in force: its shadow mode.

    Nothing is computed ahead and nothing is sent; pages ask what would have been.
    """

    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="observations")
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = ObservationQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(stopped_at=None),
                name="observation_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(stopped_at=None) | Q(stopped_at__gte=F("started_at")),
                name="observation_stops_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} observed since {self.started_at:%d %b %H:%M} UTC"

    def beside_another(self, until: datetime) -> bool:
        """Whether another text of the agreement had begun by `until`. Of `newest_of` only."""
        begun: datetime | None = getattr(self, "other_from", None)
        return begun is not None and begun <= until
