from django.urls import path

from portal.accounts.passkeys import views

urlpatterns = [
    path("passkeys/", views.passkeys, name="passkeys"),
    path("passkeys/options/", views.options, name="passkey-options"),
    path("passkeys/<int:passkey_id>/rename/", views.rename, name="passkey-rename"),
    path("passkeys/<int:passkey_id>/revoke/", views.revoke, name="passkey-revoke"),
    # allauth's pages at allauth's addresses, each with its entry in the ledger.
    path("2fa/totp/activate/", views.TurnCodesOn.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.TurnCodesOff.as_view(), name="mfa_deactivate_totp"),
]
