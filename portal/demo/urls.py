from django.urls import path

from portal.demo import views

urlpatterns = [path("<str:token>/", views.first_admin, name="first-admin")]
