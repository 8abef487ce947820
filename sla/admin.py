from django.contrib import admin

from portal.adminsite import LedgeredAdmin, ReadOnlyAdmin
from sla.models import Agreement, Office, Signature, Version, VersionSave


@admin.register(Agreement)
class AgreementAdmin(LedgeredAdmin):
    """Names, scopes and order. The text is written, proposed and signed in the portal."""

    list_display = ["name", "key", "position", "is_default", "archived_at"]
    fields = ["name", "key", "scope", "position", "is_default", "archived_at"]


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ["agreement", "number", "revision", "state", "digest", "effective_from"]
    list_filter = ["agreement", "state"]


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    list_display = ["version", "revision", "department", "signer_name", "method", "signed_at"]


@admin.register(VersionSave)
class VersionSaveAdmin(ReadOnlyAdmin):
    list_display = ["version", "number", "author", "saved_at"]


@admin.register(Office)
class OfficeAdmin(ReadOnlyAdmin):
    """The company as it was set up; it is changed on the page of the first steps."""

    list_display = ["name", "country", "region", "changed_at", "changed_by"]
