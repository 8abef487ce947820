from django.urls import path

from portal.accounts.inviting import forgotten, views

urlpatterns = [
    path("welcome/", views.welcome, name="welcome"),
    path("accounts/password/reset/key/", forgotten.forgotten, name="forgotten"),
]
