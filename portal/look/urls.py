from django.urls import path

from portal import style
from portal.look import views

urlpatterns = [
    path("style/", style.style, name="style"),
    path("bell/", views.bell, name="bell"),
    path("preferences/", views.prefer, name="preferences"),
]
