from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from sla.models.version import Version


class CommentQuerySet(models.QuerySet["Comment"]):
    def threads(self) -> "CommentQuerySet":
        """What was said first, without the replies."""
        return self.filter(parent=None)

    def open_on(self, version: "Version") -> "CommentQuerySet":
        """Threads about a version that nobody has resolved."""
        return self.threads().filter(version=version, resolved_at=None)


class Comment(models.Model):
    """What somebody says about a clause of a version before it is signed, or replies to it.

    `path` names the clause in every save and revision; `heading` and `clause` are what it
    said when the comment was written, so that a reader sees whether the text changed since.
    A thread is resolved as a whole: its first comment carries that.
    """

    version = models.ForeignKey("sla.Version", models.PROTECT, related_name="comments")
    revision = models.PositiveSmallIntegerField()
    path = models.CharField(max_length=200)
    heading = models.CharField(max_length=300)
    clause = models.TextField()
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies"
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.TextField()
    written_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent=None) | Q(resolved_at=None),
                name="comment_thread_is_resolved_as_a_whole",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
                name="comment_resolved_says_by_whom",
            ),
        ]
        indexes = [
            # The margin of a version counts its threads by clause.
            models.Index(fields=["version", "path"], name="comment_by_clause"),
        ]

    def __str__(self) -> str:
        return f"{self.author} on {self.heading}"
