"""The same list by django-tables2 with django-filter, and by the admin, by their manuals."""

from typing import Any

import django_filters
import django_tables2
from django.contrib.admin import AdminSite, ModelAdmin
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from leads.models import Lead

COLUMNS = ["name", "company", "stage", "segment", "source", "received_at"]
ROWS = 50
PAGE = (
    "<html><body><form>{{ filter.form.as_p }}</form>"
    "{% load render_table from django_tables2 %}{% render_table table %}</body></html>"
)


class LeadTable(django_tables2.Table):
    class Meta:
        model = Lead
        fields = COLUMNS
        order_by = "-received_at"


class LeadFilter(django_filters.FilterSet):
    class Meta:
        model = Lead
        fields = ["stage", "source"]


class LeadAdmin(ModelAdmin):
    list_display = COLUMNS
    list_filter = ["stage", "source"]
    list_select_related = ["company"]
    search_fields = ["name", "email"]
    ordering = ["-received_at"]
    list_per_page = ROWS


site = AdminSite(name="peer")
site.register(Lead, LeadAdmin)


def tables(request: HttpRequest) -> HttpResponse:
    found = LeadFilter(request.GET, queryset=Lead.objects.select_related("company"))
    table = LeadTable(found.qs)
    django_tables2.RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    template: Any = engines["django"].from_string(PAGE)
    return HttpResponse(template.render({"table": table, "filter": found}, request))


urlpatterns = [path("peers/tables/", tables), path("peers/admin/", site.urls)]
