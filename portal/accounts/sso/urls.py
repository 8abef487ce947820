from django.urls import path

from portal.accounts.sso.views import proving, ways

urlpatterns = [
    path("company/begin/", ways.begin, name="company-begin"),
    path("company/back/", ways.back, name="company-back"),
    path("company/prove/", proving.prove, name="company-prove"),
]
