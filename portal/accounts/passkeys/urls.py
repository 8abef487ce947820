from django.urls import path

from portal.accounts.passkeys import views

urlpatterns = [
    path("passkeys/", views.passkeys, name="passkeys"),
    path("passkeys/options/", views.options, name="passkey-options"),
    path("passkeys/<int:passkey_id>/rename/", views.rename, name="passkey-rename"),
    path("passkeys/<int:passkey_id>/revoke/", views.revoke, name="passkey-revoke"),
    # allauth's pages at allauth's addresses, with its entry in the ledger or a proof before.
    path("2fa/totp/activate/", views.TurnCodesOn.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.TurnCodesOff.as_view(), name="mfa_deactivate_totp"),
    path("password/set/", views.SetPassword.as_view(), name="account_set_password"),
]
