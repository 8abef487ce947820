from django.urls import path

from portal.accounts.codes import views

# allauth's pages at allauth's addresses, with our codes and an entry in the ledger.
urlpatterns = [
    path("2fa/", views.Overview.as_view(), name="mfa_index"),
    path("2fa/totp/activate/", views.TurnCodesOn.as_view(), name="mfa_activate_totp"),
    path("2fa/totp/deactivate/", views.TurnCodesOff.as_view(), name="mfa_deactivate_totp"),
    path(
        "2fa/recovery-codes/generate/",
        views.make_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
]
