from collections.abc import Sequence
from typing import Any, cast

import allauth.account.admin
import allauth.mfa.admin  # noqa: F401  # both registered before they are taken out below
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

import portal.accounts.sso.admin  # noqa: F401  # registers its own
from portal import ledger, wallclock
from portal.accounts.actions.closing import close, elsewhere
from portal.accounts.actions.second_factor import take_away
from portal.accounts.forms import AbsenceForm, NewUserForm, UserForm
from portal.accounts.models import Absence, Department, Invitation, Team, User
from portal.accounts.sessions import actions as sessions
from portal.adminsite import LedgeredAdmin, ReadOnlyAdmin, administers

admin.site.unregister(Group)  # roles are ours; groups would be a second, unread truth
admin.site.unregister(EmailAddress)  # a person's address is the account's own
admin.site.unregister(Authenticator)  # its page shows the secret with which a code is made


@admin.register(Authenticator)
class SecondFactorAdmin(ReadOnlyAdmin):
    """Who has a second factor. Its secret is shown to nobody; a lost one is taken away."""

    list_display = ["user", "type", "created_at", "last_used_at"]
    fields = ["user", "type", "created_at", "last_used_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        with ledger.recording():
            response: HttpResponse = self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined]  # not in the stubs
        return response

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        take_away(obj, by=cast(User, request.user), at=wallclock.now())


@admin.register(User)
class UserAdmin(LedgeredAdmin, DjangoUserAdmin[User]):
    """People: who they are, where they belong, what they may do. Leaving is deactivation."""

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Django's opens a transaction of its own; ours, with the ledger, takes its place."""
        response: HttpResponse = self._add_view(request, *args, **kwargs)  # type: ignore[attr-defined]  # not in the stubs
        return response

    def user_change_password(
        self,
        request: HttpRequest,
        id: str,  # noqa: A002  # Django's name
        form_url: str = "",
    ) -> HttpResponse:
        with ledger.recording():
            response: HttpResponse = super().user_change_password(request, id, form_url)
            if request.method == "POST" and response.status_code == 302:
                sessions.end_all(owner=User.objects.get(pk=id))
                ledger.append(
                    "account_changed",
                    at=wallclock.now(),
                    by=request.user,
                    subject=("user", int(id)),
                    clear={"fields": ["password"]},
                )
        return response

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Who leaves hands on, in the same transaction, what they had in hand; who changes
        teams takes it along within the department."""
        super().save_model(request, obj, form, change)
        by, at = cast(User, request.user), wallclock.now()
        if change and "is_active" in form.changed_data and not obj.is_active:
            close(obj, by=by, at=at)
        elif change and "team" in form.changed_data:
            elsewhere(
                obj, Team.objects.filter(pk=form.initial.get("team")).first(), by=by, at=at
            )

    @admin.action(description=_("End all their sessions"))
    def end_sessions(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """They are out of every browser with the next request; account and password stay."""
        with ledger.recording():
            for person in chosen:
                sessions.end_all(owner=person)
                ledger.append(
                    "account_changed",
                    at=wallclock.now(),
                    by=request.user,
                    subject=("user", person.pk),
                    clear={"fields": ["sessions"]},
                )
        self.message_user(request, _("They have to sign in again."))

    actions = ["end_sessions"]  # type: ignore[assignment]  # other rows have none
    form = UserForm  # type: ignore[assignment]  # the stub wants ModelForm[Model]
    add_form = NewUserForm
    ordering = ["name"]
    list_display = ["name", "email", "role", "department", "team", "is_signatory", "is_active"]
    list_filter = ["role", "department", "team", "is_signatory", "is_active"]
    search_fields = ["name", "email"]
    filter_horizontal = ()
    autocomplete_fields = ["team"]
    readonly_fields = ["last_login"]
    fieldsets = [
        (None, {"fields": ["name", "email", "password", "title", "is_active"]}),
        (_("Place"), {"fields": ["role", "department", "team", "is_signatory", "is_staff"]}),
        (_("Work"), {"fields": ["zone", "hours", "capacity", "weight"]}),
        (_("Since when"), {"fields": ["joined_at", "left_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "email", "role", "department", "team", "zone"]}),
        (_("First password"), {"fields": ["usable_password", "password1", "password2"]}),
    ]


@admin.register(Team)
class TeamAdmin(LedgeredAdmin):
    """A team that is there keeps its department and key: figures of the past are counted by
    them. Its own page lets it join another team, or go over."""

    list_display = ["name", "department", "manager", "steward", "calendar", "archived_at"]
    list_filter = ["department"]
    search_fields = ["name", "key"]
    autocomplete_fields = ["manager", "steward"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["department", "key"] if obj else []

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: Model | None = None
    ) -> dict[str, Sequence[str]]:
        return {} if obj else {"key": ["name"]}


@admin.register(Department)
class DepartmentAdmin(LedgeredAdmin):
    """Exactly two rows, made with the database: their head, and what is shown of people."""

    list_display = ["__str__", "head", "shows_people", "smallest_group"]
    autocomplete_fields = ["head"]
    readonly_fields = ["key"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Absence)
class AbsenceAdmin(LedgeredAdmin):
    form = AbsenceForm  # type: ignore[assignment]  # the stub wants ModelForm[Model]
    list_display = ["user", "starts_at", "ends_at", "deputy"]
    search_fields = ["user__name", "user__email"]
    autocomplete_fields = ["user", "deputy"]


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """Who was invited and came. The link itself is known nowhere."""

    list_display = ["user", "created_at", "expires_at", "mailed_at", "used_at"]
    fields = ["user", "created_at", "expires_at", "mailed_at", "used_at"]
