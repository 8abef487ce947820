from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Count, Q, Sum

if TYPE_CHECKING:
    from portal.accounts.models import User


class RolledCellQuerySet(models.QuerySet["RolledCell"]):
    def visible_to(self, user: "User") -> "RolledCellQuerySet":
        return self.all() if user.reads_leads else self.none()

    def of_spans(
        self, spans: "Iterable[tuple[tuple[str, ...], date, date, tuple[str, ...]]]"
    ) -> "RolledCellQuerySet":
        """Cells of some families, each on days of a half-open span and of some names, if any
        are given; none of no span."""
        wanted = Q(pk__in=[])
        for families, first, after, names in spans:
            here = Q(family__in=families, day__gte=first, day__lt=after)
            wanted |= here & Q(name__in=names) if names else here
        return self.filter(wanted)

    def stamps(self) -> "models.QuerySet[Any, tuple[str, int, int]]":
        """Of each family how many cells there are, and the sum of their stamps."""
        found = self.order_by().values("family").annotate(all=Count("pk"), sum=Sum("stamp"))
        return found.values_list("family", "all", "sum")


class RolledCell(models.Model):
    """How many facts of one day are alike in everything that the scorecard tells apart.

    Nothing but a sum: `leads.actions.rolling` makes it from the rows and can make it again.
    `day` is in the zone of the agreement; `records` holds some int64 numbers of each fact,
    such as how long it took, one fact after the other. `key` is a digest of all but the sums.
    `stamp` is drawn by lot whenever the sums change: cells whose number and sum of stamps are
    as they were have not changed.
    """

    key = models.CharField(max_length=40, unique=True)
    family = models.CharField(max_length=10)
    day = models.DateField()
    name = models.CharField(max_length=60, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    party = models.CharField(max_length=60, blank=True)
    team = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=80, blank=True)
    segment = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=12, blank=True)
    origin = models.CharField(max_length=200, blank=True)
    stamp = models.PositiveBigIntegerField(default=0)
    n = models.PositiveIntegerField()
    records = models.BinaryField()

    objects = RolledCellQuerySet.as_manager()

    class Meta:
        # A report reads some families, each on days of its own.
        indexes = [models.Index(fields=["family", "day"], name="rolled_cell_family_day")]

    def __str__(self) -> str:
        return f"{self.n} {self.family} {self.name} {self.state} of {self.day}"


class RolledShare(models.Model):
    """What one lead has put into one cell, so that it can be taken out again."""

    lead_id = models.PositiveBigIntegerField()
    cell = models.ForeignKey(RolledCell, models.CASCADE, related_name="shares")
    n = models.PositiveIntegerField()
    records = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["lead_id", "cell"], name="rolled_share_once"),
        ]

    def __str__(self) -> str:
        return f"{self.n} of lead {self.lead_id}"


class RolledTo(models.Model):
    """Up to which entry of the ledger the cells hold: one row, or none before the first time.

    `form` is that of the code that made them. Until `complete` only leads up to `built_to`
    are in them; `checked_to` is the last lead that was counted again unasked. `state` is drawn
    by lot whenever any cell changes.
    """

    form = models.PositiveSmallIntegerField()
    zone = models.CharField(max_length=60)
    seq = models.PositiveBigIntegerField()
    hash = models.CharField(max_length=64)
    built_to = models.PositiveBigIntegerField(default=0)
    complete = models.BooleanField(default=False)
    checked_to = models.PositiveBigIntegerField(default=0)
    state = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"entry {self.seq}"
