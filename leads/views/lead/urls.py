from django.urls import path

from leads.views.lead import acts, adding, around, listing, merging, moving, page

urlpatterns = [
    path("leads/", listing.index, name="lead-list"),
    path("leads/leads.csv", listing.export, {"kind": "csv"}, name="lead-csv"),
    path("leads/leads.xlsx", listing.export, {"kind": "xlsx"}, name="lead-xlsx"),
    path("leads/new/", adding.new, name="lead-new"),
    path("leads/<int:lead_id>/", page.show, name="lead"),
    path("leads/<int:lead_id>/company/", around.company, name="lead-company"),
    path("leads/<int:lead_id>/changes/", around.history, name="lead-changes"),
    path("leads/<int:lead_id>/duplicates/", merging.duplicates, name="lead-duplicates"),
    path("leads/<int:lead_id>/merge/", merging.merge, name="lead-merge"),
    path("leads/<int:lead_id>/unmerge/", merging.unmerge, name="lead-unmerge"),
    path("leads/<int:lead_id>/touches/log/", acts.touch, name="touch-log"),
    path("leads/<int:lead_id>/attest/", acts.attest, name="attest"),
    path("leads/<int:lead_id>/withdraw/", acts.withdraw_fact, name="attest-withdraw"),
    path("leads/<int:lead_id>/move/", moving.move, name="lead-move"),
]
