from django.urls import path

from portal.accounts.working import views

urlpatterns = [
    path("me/hours/", views.mine, name="profile"),
    path("people/<int:user_id>/hours/", views.of_person, name="person-hours"),
]
