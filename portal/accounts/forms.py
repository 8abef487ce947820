"""Forms of the admin for people. Each refusal names its field and says the way out."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.utils.translation import gettext_lazy as _

from portal.accounts.hours import validate_hours
from portal.accounts.models import Absence, Role, User


def _check_place(data: dict[str, Any]) -> dict[str, Any]:
    """Faults of who belongs where, by field."""
    department, team, role = data.get("department"), data.get("team"), data.get("role")
    faults: dict[str, Any] = {}
    if team and team.department_id != getattr(department, "pk", None):
        faults["team"] = _("This team belongs to the other department.")
    if role in {Role.OPERATIONS, Role.AUDITOR} and department:
        faults["department"] = _("Operations and auditors belong to no department.")
    if role in {Role.MEMBER, Role.MANAGER} and not department:
        faults["department"] = _("Members and managers belong to a department.")
    if data.get("is_signatory") and (data.get("is_staff") or role == Role.ADMIN):
        faults["is_signatory"] = _("A signatory never opens the admin. Take one of the two.")
    if data.get("is_signatory") and role != Role.MANAGER:
        faults["is_signatory"] = _("Only a manager or head signs.")
    if data.get("zone") and data["zone"] not in available_timezones():
        faults["zone"] = _("Not a time zone of the IANA list, such as Europe/Berlin.")
    return faults


class _PlaceMixin(forms.ModelForm[User]):
    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        for field, fault in _check_place(data).items():
            if field in self.fields:
                self.add_error(field, fault)
        return data


class UserForm(_PlaceMixin, UserChangeForm[User]):
    class Meta:
        model = User
        fields = (
            "name", "email", "password", "title", "is_active", "role", "department", "team",
            "is_signatory", "is_staff", "zone", "hours", "capacity", "weight", "joined_at",
            "left_at",
        )  # fmt: skip

    def clean_hours(self) -> Any:
        hours = self.cleaned_data["hours"]
        validate_hours(hours)
        return hours or None


class NewUserForm(_PlaceMixin, AdminUserCreationForm[User]):
    class Meta:
        model = User
        fields = ("name", "email", "role", "department", "team", "zone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The admin's own script gives a new row's first field the focus; an attribute that
        does so again comes too late now and then, and Chromium complains in its console."""
        super().__init__(*args, **kwargs)
        self.fields[User.USERNAME_FIELD].widget.attrs.pop("autofocus")


class AbsenceForm(forms.ModelForm[Absence]):
    class Meta:
        model = Absence
        fields = ("user", "starts_at", "ends_at", "deputy")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = data.get("starts_at"), data.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("The end must be after the start."))
        if data.get("deputy") and data["deputy"] == data.get("user"):
            self.add_error("deputy", _("The deputy must be somebody else."))
        return data
