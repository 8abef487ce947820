"""The least that Django can do for the same rows: tuples from the database, text from Python.

No template, no session, no person; the same columns, filter, order and escaping.
"""

from html import escape

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.urls import path

from leads.models import Lead

ROWS = 50


@login_not_required
def rows(request: HttpRequest) -> HttpResponse:
    found = Lead.objects.filter(stage=request.GET["stage"], merged_into=None)
    if "after" in request.GET:
        pk = int(request.GET["after"])
        at = Lead.objects.values_list("received_at", flat=True).get(pk=pk)
        found = found.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=pk))
    read = found.order_by("-received_at", "-pk").values_list(
        "name", "company__name", "stage", "segment", "source", "received_at", "pk"
    )
    text = "".join(
        f'<tr><th><a href="/leads/{pk}/">{escape(name)}</a></th>'
        f"<td>{escape(company or '')}</td>"
        f"<td>{escape(stage)}</td><td>{escape(segment)}</td><td>{escape(source)}</td>"
        f"<td>{at:%d %b %H:%M}</td></tr>"
        for name, company, stage, segment, source, at, pk in read[:ROWS]
    )
    return HttpResponse(f"<table>{text}</table>")


urlpatterns = [path("limit/rows/", rows)]
