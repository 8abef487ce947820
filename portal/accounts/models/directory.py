from collections.abc import Collection

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models.user import Role


class GrantedRole(models.TextChoices):
    """What membership in a group can give. Administrators and signatories are made by hand."""

    MEMBER = Role.MEMBER.value, _("Member")
    MANAGER = Role.MANAGER.value, _("Manager")
    OPERATIONS = Role.OPERATIONS.value, _("Operations")
    AUDITOR = Role.AUDITOR.value, _("Auditor")


class GroupPlaceQuerySet(models.QuerySet["GroupPlace"]):
    def in_use(self) -> "GroupPlaceQuerySet":
        return self.filter(archived_at=None)

    def of(self, groups: Collection[str]) -> "GroupPlaceQuerySet":
        """Those that somebody in `groups` has, the first to count first."""
        return self.in_use().filter(group__in=groups).order_by("rank", "pk")


class GroupPlace(models.Model):
    """Where a group of the company's directory belongs here: department, team and role.

    `group` is as the provider says it, in a sign-in or by SCIM. Of several groups that a
    person is in, the one with the lowest `rank` counts.
    """

    group = models.CharField(
        _("group"),
        max_length=200,
        unique=True,
        help_text=_("As the identity provider says it: a name, or the id of the group."),
    )
    role = models.CharField(max_length=12, choices=GrantedRole, default=GrantedRole.MEMBER)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+"
    )
    rank = models.PositiveSmallIntegerField(
        _("rank"), default=100, help_text=_("Of several groups the lowest counts.")
    )
    archived_at = models.DateTimeField(null=True, blank=True)

    objects = GroupPlaceQuerySet.as_manager()

    class Meta:
        ordering = ["rank", "pk"]
        verbose_name = _("place of a group")
        verbose_name_plural = _("places of groups")
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["member", "manager"], department__isnull=False)
                | Q(role__in=["operations", "auditor"], department=None, team=None),
                name="group_place_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.group


class DirectoryPerson(models.Model):
    """What the company's directory calls somebody. `removed_at`: it has no such person."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, primary_key=True, related_name="directory"
    )
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.user} in the directory"


class DirectoryGroup(models.Model):
    """A group of the company's directory, and who is in it; `GroupPlace` says what it gives."""

    name = models.CharField(max_length=200, unique=True)
    external_id = models.CharField(max_length=200, null=True, blank=True, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="directory_groups")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
