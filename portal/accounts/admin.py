from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext_lazy as _

from portal.accounts.forms import AbsenceForm, NewUserForm, UserForm
from portal.accounts.models import Absence, Department, Team, User
from portal.adminsite import LedgeredAdmin

admin.site.unregister(Group)  # roles are ours; groups would be a second, unread truth


@admin.register(User)
class UserAdmin(LedgeredAdmin, DjangoUserAdmin[User]):
    """People: who they are, where they belong, what they may do. Leaving is deactivation."""

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
        (_("Times"), {"fields": ["joined_at", "left_at", "last_login"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["name", "email", "role", "department", "team", "zone"]}),
        (_("First password"), {"fields": ["usable_password", "password1", "password2"]}),
    ]


@admin.register(Team)
class TeamAdmin(LedgeredAdmin):
    list_display = ["name", "department", "manager", "steward", "calendar", "archived_at"]
    list_filter = ["department"]
    search_fields = ["name", "key"]
    autocomplete_fields = ["manager", "steward"]
    prepopulated_fields = {"key": ["name"]}


@admin.register(Department)
class DepartmentAdmin(LedgeredAdmin):
    """Exactly two rows, made with the database; only the head changes."""

    list_display = ["__str__", "head"]
    autocomplete_fields = ["head"]
    readonly_fields = ["key"]

    def has_add_permission(self, request: object, obj: object = None) -> bool:
        return False


@admin.register(Absence)
class AbsenceAdmin(LedgeredAdmin):
    form = AbsenceForm  # type: ignore[assignment]  # the stub wants ModelForm[Model]
    list_display = ["user", "starts_at", "ends_at", "deputy"]
    search_fields = ["user__name", "user__email"]
    autocomplete_fields = ["user", "deputy"]
