from django.urls import path

from portal.accounts.sessions import views

urlpatterns = [
    path("me/sign-ins/", views.sign_ins, name="sign-ins"),
    path("me/sign-ins/<int:signed_in_id>/end/", views.end, name="sign-in-end"),
]
