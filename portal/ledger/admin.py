"""The ledger in the admin: to read. Nobody adds, changes or deletes, superusers included."""

from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import HttpRequest

from portal.ledger.models import Head, LedgerEntry

if TYPE_CHECKING:
    Base = admin.ModelAdmin[Any]
else:  # generic for the type checker only
    Base = admin.ModelAdmin


class ReadOnlyAdmin(Base):
    actions = None
    show_full_result_count = False  # counting three million rows is not worth a line

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


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
