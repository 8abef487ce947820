"""What a person keeps of how they look at a page."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from portal.accounts.models import User


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def of(self, user: "User", page: str) -> "SavedViewQuerySet":
        """The person's own views of a page."""
        return self.filter(owner=user, page=page)

    def for_reader(self, user: "User", page: str) -> "SavedViewQuerySet":
        """Their own, and those that others share with their team."""
        shared = Q(team=user.team_id) & ~Q(owner=user) if user.team_id else Q(pk=None)
        return self.filter(Q(owner=user) | shared, page=page).select_related("owner")


class SavedView(models.Model):
    """A named choice of filters of one page, as the query of its address.

    Its owner's alone, unless shared with `team`, whose members may then use it. The one
    that is `is_default` opens when its owner goes to the page and says nothing else.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="views")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    is_default = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "page", "name"], name="saved_view_named_once"
            ),
            models.UniqueConstraint(
                fields=["owner", "page"],
                condition=Q(is_default=True),
                name="saved_view_one_default",
            ),
        ]
        indexes = [
            # What a team shares of a page.
            models.Index(
                fields=["team", "page"],
                condition=Q(team__isnull=False),
                name="saved_view_of_team",
            ),
        ]

    def __str__(self) -> str:
        return self.name
