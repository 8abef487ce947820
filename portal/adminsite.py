"""What the admin's pages share: changes that are ledgered, and rows nobody edits there."""

from typing import Any

from django import forms
from django.contrib import admin
from django.db import models
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal import ledger, wallclock
from portal.accounts.models import Role
from portal.rest.words import one_line

admin.site.site_header = _("Concord administration")
admin.site.site_title = _("Concord")
admin.site.index_title = _("People, teams and configuration")


def administers(request: HttpRequest) -> bool:
    """Whether this person configures the portal: staff with the role, or a superuser.

    Permissions of single models are not used; roles are ours.
    """
    user = request.user
    return bool(
        user.is_active
        and user.is_staff
        and (user.is_superuser or getattr(user, "role", "") == Role.ADMIN)
    )


class AdministratorsOnly(admin.ModelAdmin[Model]):
    """A page of the admin for whoever administers the portal, without further permissions."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return administers(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return administers(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return administers(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return administers(request)


class LineField(forms.CharField):
    """One line of text, clean as from every other door."""

    def to_python(self, value: Any) -> Any:
        said = super().to_python(value)
        return one_line(said) if said else said  # what may be NULL is None here


class LedgeredAdmin(AdministratorsOnly):
    """Configuration: every change is one transaction with its ledger entry.

    Rows are never deleted here; they are archived or deactivated, so that history keeps
    its names.
    """

    actions = None
    # Addresses and keys have fields of their own, which look closer.
    formfield_overrides = {
        **{one: {} for one in (models.EmailField, models.SlugField, models.URLField)},
        models.CharField: {"form_class": LineField},
    }

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with ledger.recording():
            response: HttpResponse = super().changeform_view(request, *args, **kwargs)
        return response

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        at = wallclock.now()
        if hasattr(type(obj), "history"):
            obj._history_date = at  # type: ignore[attr-defined]  # read by simple-history
        super().save_model(request, obj, form, change)
        # A department has its name for a key; the ledger's subjects have numbers.
        number = obj.pk if isinstance(obj.pk, int) else 0
        ledger.append(
            "configured",
            at=at,
            by=request.user,
            subject=(str(obj._meta.model_name), number),
            clear={
                "fields": sorted(form.changed_data),
                "added": not change,
                **({} if number else {"key": str(obj.pk)}),
            },
        )


class ReadOnlyAdmin(AdministratorsOnly):
    """Evidence: to be looked at, by superusers too. No add, no change, no delete, no action."""

    actions = None
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
