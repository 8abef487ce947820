"""The ledger in the admin: to read. Nobody adds, changes or deletes, superusers included."""

from django.contrib import admin

from portal.adminsite import ReadOnlyAdmin
from portal.ledger.models import Head, LedgerEntry


@admin.register(LedgerEntry)
class LedgerEntryAdmin(ReadOnlyAdmin):
    list_display = ["seq", "at", "kind", "subject_type", "subject_id", "lead_id", "actor_id",
                    "department", "team", "hash"]  # fmt: skip
    list_filter = ["kind", "department"]
    search_fields = ["=lead_id", "=hash"]
    ordering = ["-seq"]


@admin.register(Head)
class HeadAdmin(ReadOnlyAdmin):
    list_display = ["seq", "hash", "count", "at", "published_to"]
    ordering = ["-seq"]
