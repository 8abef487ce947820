"""Jobs in the admin: to be read, when somebody asks what became of one."""

from django.contrib import admin

from portal.adminsite import ReadOnlyAdmin
from portal.jobs.models import Job


@admin.register(Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ["title", "kind", "state", "cursor", "total", "by", "asked_at", "ended_at"]
    list_filter = ["kind", "state"]
    fields = [
        "title", "kind", "state", "cursor", "total", "counts", "by", "asked_at", "touched_at",
        "ended_at", "stop_asked_at", "lease_until", "attempts",
    ]  # fmt: skip
