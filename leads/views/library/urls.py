from django.urls import path

from leads.views.library import items, planning, requests, spoken, taking

urlpatterns = [
    path("library/", items.index, name="library"),
    path("library/library.csv", items.export, {"kind": "csv"}, name="library-csv"),
    path("library/library.xlsx", items.export, {"kind": "xlsx"}, name="library-xlsx"),
    path("library/new/", items.new, name="content-new"),
    path("library/plan/", planning.show, name="library-plan"),
    path("library/requests/", requests.index, name="contributions"),
    path("library/<int:content_id>/", items.show, name="content"),
    path("library/<int:content_id>/edit/", items.edit, name="content-edit"),
    path("library/<int:content_id>/retire/", items.retire, name="content-retire"),
    path("library/<int:content_id>/take/", taking.take, name="content-take"),
    path("leads/<int:lead_id>/contributions/ask/", requests.ask, name="contribution-ask"),
    path(
        "contributions/<int:contribution_id>/deliver/",
        requests.deliver,
        name="contribution-deliver",
    ),
    path("contributions/<int:contribution_id>/used/", requests.used, name="contribution-used"),
    path(
        "contributions/<int:contribution_id>/cancel/",
        requests.cancel,
        name="contribution-cancel",
    ),
    path("words/", spoken.show, name="old-words"),
]
