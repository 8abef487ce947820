from django.urls import path

from portal.accounts.sso.views import ways

urlpatterns = [
    path("company/begin/", ways.begin, name="company-begin"),
    path("company/back/", ways.back, name="company-back"),
]
