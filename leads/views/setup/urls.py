from django.urls import path

from leads.views.setup import checklist, company, entering, joining, living

urlpatterns = [
    path("setup/", checklist.show, name="setup"),
    path("setup/company/", company.company, name="setup-company"),
    path("setup/teams/", company.teams, name="setup-teams"),
    path("setup/teams/<slug:key>/", joining.show, name="setup-team"),
    path("setup/people/", company.people, name="setup-people"),
    path("setup/heads/", company.parties, name="setup-parties"),
    path("setup/signing/", entering.signing, name="setup-signing"),
    path("setup/invitations/", entering.invitations, name="setup-invitations"),
    path("setup/live/", living.live, name="setup-live"),
    path("setup/test/", living.test_lead, name="setup-test"),
]
