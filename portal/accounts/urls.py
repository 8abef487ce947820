from django.urls import include, path

from portal.accounts import views

urlpatterns = [
    path("", include("portal.accounts.working.urls")),
    path("", include("portal.accounts.inviting.urls")),
    path("", include("portal.accounts.sessions.urls")),
    path("tokens/", views.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", views.revoke_token, name="token-revoke"),
]
