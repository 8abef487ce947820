from django.urls import path

from portal.accounts.passkeys import views

urlpatterns = [
    path("passkeys/", views.passkeys, name="passkeys"),
    path("passkeys/options/", views.options, name="passkey-options"),
    path("passkeys/<int:passkey_id>/rename/", views.rename, name="passkey-rename"),
    path("passkeys/<int:passkey_id>/revoke/", views.revoke, name="passkey-revoke"),
    # allauth's page at allauth's address, with a proof before.
    path("password/set/", views.SetPassword.as_view(), name="account_set_password"),
]
