from django.urls import path

from leads.views.owning import leaving, moving, rules, seats

urlpatterns = [
    path("leads/<int:lead_id>/seats/", seats.show, name="seats"),
    path("leads/<int:lead_id>/would-get/<slug:key>/", seats.would_get, name="would-get"),
    path("teams/", rules.index, name="teams"),
    path("teams/<slug:key>/rules/", rules.edit, name="team-rules"),
    path("people/<int:user_id>/leaving/", leaving.show, name="person-leaving"),
    path("people/<int:user_id>/team/", moving.show, name="person-team"),
]
