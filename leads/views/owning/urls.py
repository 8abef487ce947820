from django.urls import path

from leads.views.owning import seats

urlpatterns = [
    path("leads/<int:lead_id>/seats/", seats.show, name="seats"),
]
