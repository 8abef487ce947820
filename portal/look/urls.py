from django.urls import path

from portal.look import views

urlpatterns = [
    path("bell/", views.bell, name="bell"),
    path("preferences/", views.prefer, name="preferences"),
]
