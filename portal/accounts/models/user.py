from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MEMBER = "member", _("Member")
    MANAGER = "manager", _("Manager")
    OPERATIONS = "operations", _("Operations")
    AUDITOR = "auditor", _("Auditor")
    ADMIN = "admin", _("Administrator")


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> "UserQuerySet":
        return self.filter(is_active=True)

    def of_department(self, department: str) -> "UserQuerySet":
        return self.filter(department_id=department)

    def present(self, at: datetime) -> "UserQuerySet":
        """Active people without an absence that covers `at`."""
        away = Q(absences__starts_at__lte=at, absences__ends_at__gt=at)
        return self.active().exclude(away)

    def signatories(self) -> "UserQuerySet":
        return self.active().filter(is_signatory=True)


class UserManager(BaseUserManager["User"]):
    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str, **fields: Any) -> "User":
        fields |= {"is_staff": True, "is_superuser": True, "role": Role.ADMIN}
        return self.create_user(email, password, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in. Members belong to one department and one team.

    Operations, auditors and administrators have no department. A signatory is a manager
    or head and never staff of the admin, which the database enforces.
    """

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, related_name="members"
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="members"
    )
    is_signatory = models.BooleanField(_("may sign for the department"), default=False)
    zone = models.CharField(_("time zone"), max_length=64, default="UTC")
    hours = models.JSONField(
        _("working hours"),
        null=True,
        blank=True,
        help_text=_("Opening intervals by weekday, as in a calendar; empty means the team's."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("open handoffs at most"), null=True, blank=True
    )
    weight = models.PositiveSmallIntegerField(_("share of turns"), default=1)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(_("may open the admin"), default=False)
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    prefers_legacy = models.BooleanField(_("show old labels"), default=False)
    language = models.CharField(
        _("language"),
        max_length=8,
        blank=True,
        choices=settings.LANGUAGES,
        help_text=_("Empty: pages as the browser prefers, messages as the company speaks."),
    )

    objects = UserManager.from_queryset(UserQuerySet)()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_signatory=False) | Q(is_staff=False, is_superuser=False),
                name="user_signatory_is_never_staff",
            ),
            models.CheckConstraint(
                condition=Q(is_signatory=False) | Q(department__isnull=False),
                name="user_signatory_has_a_department",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=["operations", "auditor"]) | Q(department=None),
                name="user_operations_and_auditors_have_no_department",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[:1].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()

    @property
    def reads_leads(self) -> bool:
        """Both departments, operations and auditors; an admin without a department does not."""
        return self.is_active and (
            self.department_id is not None or self.role in {Role.OPERATIONS, Role.AUDITOR}
        )

    @property
    def imports_leads(self) -> bool:
        """Files come in by operations, who belong to neither department."""
        return self.is_active and self.role == Role.OPERATIONS

    @property
    def reads_privacy(self) -> bool:
        """What people asked to know or to have erased: operations answer it, auditors check."""
        return self.is_active and self.role in {Role.OPERATIONS, Role.AUDITOR}

    @property
    def may_act(self) -> bool:
        """Whether this person may change leads at all; auditors and admins never."""
        return self.is_active and (
            self.department_id is not None or self.role == Role.OPERATIONS
        )
