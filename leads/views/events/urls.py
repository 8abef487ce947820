from django.urls import path

from leads.views.events import door

urlpatterns = [
    path("in/<slug:key>/", door.take, name="event-in"),
]
