from django.urls import path

from portal.accounts.inviting import views

urlpatterns = [path("welcome/<str:token>/", views.welcome, name="welcome")]
