from django.urls import path

from leads.views.help import page

urlpatterns = [
    path("help/", page.show, name="help"),
]
