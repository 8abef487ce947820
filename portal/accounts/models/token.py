import hashlib
from datetime import datetime
from hmac import compare_digest

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from portal.accounts.models.user import Role, User


class Scope(models.TextChoices):
    """What a program may do with a token, as far as its owner may. No scope signs."""

    READ = "read", _("read agreements, leads, handoffs, clocks and reports")
    DRAFT = "draft", _("write drafts of the agreement and propose them")
    INTAKE = "intake", _("bring leads in, and tell what is known of them")
    ACT = "act", _("act on leads and handoffs as you do: accept, return, log, move")
    DIRECTORY = "directory", _("keep people and groups as the company's directory has them")


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def owned_by(self, user: User) -> "ApiTokenQuerySet":
        return self.filter(user=user)

    def usable(self, at: datetime) -> "ApiTokenQuerySet":
        """Neither revoked nor expired as of `at`; their owners may still have left."""
        return self.filter(revoked_at=None, expires_at__gt=at)

    def with_a_call_left(self, window: datetime, most: int) -> "ApiTokenQuerySet":
        """Those that were shown fewer than `most` times since `window` began."""
        another = Q(window_at=None) | ~Q(window_at=window)
        return self.filter(another | Q(window_calls__lt=most))


class ApiToken(models.Model):
    """What a program shows instead of a person's login, and acts as that person with.

    Only a digest of it is kept: it is 256 random bits, so a plain SHA-256 cannot be turned
    back. It belongs to the department that its owner was of (None: operations), and is dead
    once the owner is not of it any more. `window_calls` were made since `window_at`.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens")
    department = models.ForeignKey(
        "accounts.Department", models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(_("what it is for"), max_length=80)
    prefix = models.CharField(max_length=8, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    window_at = models.DateTimeField(null=True, blank=True)
    window_calls = models.PositiveIntegerField(default=0)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="token_expires_after_birth"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def state(self, at: datetime) -> str:
        """In one word, for its owner: "revoked", "expired" or "usable"."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at <= at else "usable"

    def opens_with(self, secret: str) -> bool:
        """Whether `secret` is the whole token; takes as long for a wrong one."""
        return compare_digest(self.digest, digest_of(secret))

    @property
    def owner_stays(self) -> bool:
        """Whether its owner is still who it was made for."""
        return may_hold(self.user) and self.user.department_id == self.department_id


def may_hold(user: User) -> bool:
    """Both departments and operations have programs, administrators the company's directory;
    auditors have none."""
    return bool(scopes_of(user))


def scopes_of(user: User) -> frozenset[Scope]:
    """What a token of theirs may do at most. The directory's makes and closes accounts: it
    is an administrator's alone, and opens nothing else."""
    scopes: set[Scope] = set()
    if user.is_active and (user.department_id or user.role == Role.OPERATIONS):
        scopes |= set(Scope) - {Scope.DIRECTORY}
    if user.is_active and user.is_staff and (user.is_superuser or user.role == Role.ADMIN):
        scopes.add(Scope.DIRECTORY)
    return frozenset(scopes)


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
