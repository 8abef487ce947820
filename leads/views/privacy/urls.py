from django.urls import path

from leads.views.privacy import lead, mine, requests, retention

urlpatterns = [
    path("me/records/", mine.show, name="my-records"),
    path("privacy/", requests.index, name="privacy"),
    path("privacy/rules/", retention.edit, name="retention"),
    path("privacy/rules/<int:rule_id>/", retention.due, name="retention-due"),
    path("leads/<int:lead_id>/privacy/", lead.show, name="lead-privacy"),
    path("leads/<int:lead_id>/consent/", lead.consent, name="lead-consent"),
    path("leads/<int:lead_id>/privacy/asked/", lead.asked, name="lead-privacy-asked"),
    path("leads/<int:lead_id>/privacy/export/", lead.export, name="lead-privacy-export"),
    path("leads/<int:lead_id>/privacy/erase/", lead.erase, name="lead-privacy-erase"),
]
