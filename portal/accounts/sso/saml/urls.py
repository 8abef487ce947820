from django.urls import path

from portal.accounts.sso.saml.views import ways

urlpatterns = [
    path("company/saml/metadata/", ways.metadata, name="company-metadata"),
    path("company/saml/back/", ways.receive, name="company-receive"),
    path("company/saml/finish/", ways.finish, name="company-finish"),
]
