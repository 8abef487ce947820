from datetime import date
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Count, Q
from simple_history.models import HistoricalRecords

from leads.models.contribution import Contribution
from portal.accounts.history import KeptHistory

if TYPE_CHECKING:
    from portal.accounts.models import User


class ContentQuerySet(models.QuerySet["Content"]):
    def visible_to(self, user: "User") -> "ContentQuerySet":
        return self.all() if user.reads_leads else self.none()

    def kept(self) -> "ContentQuerySet":
        return self.filter(retired_at=None)

    def ready(self, today: date) -> "ContentQuerySet":
        """What can be sent to a lead: published, not retired, still valid on that day."""
        valid = Q(valid_until=None) | Q(valid_until__gte=today)
        return self.kept().filter(valid, published_on__isnull=False)

    def planned(self) -> "ContentQuerySet":
        return self.kept().filter(published_on=None)

    def expired(self, today: date) -> "ContentQuerySet":
        return self.kept().filter(published_on__isnull=False, valid_until__lt=today)

    def matching(self, words: str) -> "ContentQuerySet":
        """Every word occurs in the title, the summary, the competitor or a tag."""
        found = self
        for word in words.split()[:8]:
            tagged = ContentTag.objects.filter(word__startswith=word.lower()).values("content")
            found = found.filter(
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | Q(competitor__icontains=word)
                | Q(pk__in=tagged)
            )
        return found

    def with_use(self) -> "ContentQuerySet":
        """With `delivered`, `used` and `won`: leads it was delivered to, helped, and won."""
        used = Q(contributions__used=True, contributions__cancelled_at=None)
        won = Q(contributions__lead__handoffs__outcome="won") | Q(
            contributions__lead__closed_as="won"
        )
        return self.annotate(
            delivered=Count(
                "contributions__lead",
                filter=Q(contributions__delivered_at__isnull=False),
                distinct=True,
            ),
            used=Count("contributions__lead", filter=used, distinct=True),
            won=Count("contributions__lead", filter=used & won, distinct=True),
        )


class Content(models.Model):
    """A piece of material in the library, planned or published.

    `stage` is the stage of the journey that it is meant for: a commitment of Marketing's
    counts what is published for it. `published_on` empty: planned, for `planned_for`.
    """

    Kind = Contribution.Kind

    title = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=Contribution.Kind)
    summary = models.CharField(max_length=500, blank=True)
    competitor = models.CharField(max_length=120, blank=True)
    stage = models.CharField(max_length=60, blank=True)
    link = models.CharField(max_length=300, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    planned_for = models.DateField(null=True, blank=True)
    published_on = models.DateField(null=True, blank=True)
    valid_until = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    objects = ContentQuerySet.as_manager()
    history = HistoricalRecords(history_manager=KeptHistory)

    class Meta:
        ordering = ["-pk"]
        verbose_name_plural = "content"
        constraints = [
            models.CheckConstraint(
                condition=Q(published_on=None) | ~Q(link=""), name="content_published_has_link"
            ),
            models.CheckConstraint(
                condition=~Q(kind="comparison") | ~Q(competitor=""),
                name="content_comparison_names_competitor",
            ),
        ]
        indexes = [
            # What was published for a stage in a period.
            models.Index(fields=["stage", "published_on"], name="content_published"),
        ]

    def __str__(self) -> str:
        return self.title

    def state(self, today: date) -> str:
        """`retired`, `planned`, `expired` or `ready`, as of a day."""
        if self.retired_at is not None:
            return "retired"
        if self.published_on is None:
            return "planned"
        if self.valid_until is not None and self.valid_until < today:
            return "expired"
        return "ready"


class ContentTag(models.Model):
    """One word under which a piece of content is found, in small letters."""

    content = models.ForeignKey("leads.Content", models.CASCADE, related_name="tags")
    word = models.CharField(max_length=40)

    class Meta:
        ordering = ["word"]
        constraints = [
            models.UniqueConstraint(fields=["content", "word"], name="content_tag_once"),
        ]
        indexes = [models.Index(fields=["word"], name="content_tag_word")]

    def __str__(self) -> str:
        return self.word
