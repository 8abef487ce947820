from django.urls import path

from portal.demo import views

urlpatterns = [
    path("setup/first/", views.first_admin, name="first-admin"),
    path("demo/login/", views.demo_login, name="demo-login"),
]
