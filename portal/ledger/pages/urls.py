from django.urls import path

from portal.ledger.pages import views

urlpatterns = [
    path("ledger/", views.index, name="ledger"),
    path("ledger/<int:seq>/", views.entry, name="ledger-entry"),
]
