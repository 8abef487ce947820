from typing import Any, cast

import allauth.socialaccount.admin  # noqa: F401  # registers what is taken out below
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from portal import wallclock
from portal.accounts.actions import directory
from portal.accounts.models import GroupPlace, User
from portal.adminsite import LedgeredAdmin, ReadOnlyAdmin, administers

for model in (SocialAccount, SocialApp, SocialToken):
    admin.site.unregister(model)  # the provider is named by the environment alone


@admin.register(SocialAccount)
class IdentityAdmin(ReadOnlyAdmin):
    """Whose account the company's sign-in opens. One that is wrong is taken away."""

    list_display = ["user", "date_joined", "last_login"]
    fields = ["user", "uid", "date_joined", "last_login"]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return administers(request)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        response: HttpResponse = self._delete_view(request, object_id, extra_context)  # type: ignore[attr-defined]  # not in the stubs
        return response

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        directory.unlink(identity_id=obj.pk, by=cast(User, request.user), at=wallclock.now())


class GroupPlaceForm(forms.ModelForm[GroupPlace]):
    class Meta:
        model = GroupPlace
        fields = ("group", "role", "department", "team", "rank", "archived_at")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        department, team = data.get("department"), data.get("team")
        inside = data.get("role") in {"member", "manager"}
        if inside and department is None:
            self.add_error("department", _("Members and managers belong to a department."))
        if not inside and (department or team):
            self.add_error("role", _("Operations and auditors belong to no department."))
        elif team and team.department_id != getattr(department, "pk", None):
            self.add_error("team", _("This team belongs to the other department."))
        return data


@admin.register(GroupPlace)
class GroupPlaceAdmin(LedgeredAdmin):
    """What each group of the company's directory gives: never a signature, never the admin."""

    form = GroupPlaceForm  # type: ignore[assignment]  # the stub wants ModelForm[Model]
    list_display = ["group", "role", "department", "team", "rank", "archived_at"]
    list_filter = ["role", "department"]
    search_fields = ["group"]
