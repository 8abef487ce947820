from django.urls import include, path

from leads.views import (
    alerts,
    clocks,
    contributions,
    lead_acts,
    leads,
    scorecard,
)

app_name = "leads"

urlpatterns = [
    path("", include("leads.views.desk.urls")),
    path("leads/", leads.index, name="lead-list"),
    path("leads/new/", leads.new, name="lead-new"),
    path("leads/<int:lead_id>/", leads.show, name="lead"),
    path("leads/<int:lead_id>/touches/log/", lead_acts.touch, name="touch-log"),
    path("leads/<int:lead_id>/attest/", lead_acts.attest, name="attest"),
    path("leads/<int:lead_id>/move/", lead_acts.move, name="lead-move"),
    path("leads/<int:lead_id>/contributions/ask/", lead_acts.ask, name="contribution-ask"),
    path("", include("leads.views.handing.urls")),
    path("", include("leads.views.owning.urls")),
    path("clocks/<int:clock_id>/", clocks.show, name="clock"),
    path("clocks/<int:clock_id>/pause/", clocks.pause, name="clock-pause"),
    path("alerts/", alerts.index, name="alerts"),
    path("alerts/read/", alerts.read, name="alerts-read"),
    path("alerts/<int:alert_id>/acknowledge/", alerts.acknowledge, name="alert-acknowledge"),
    path("alerts/<int:alert_id>/snooze/", alerts.snooze, name="alert-snooze"),
    path(
        "contributions/<int:contribution_id>/deliver/",
        contributions.deliver,
        name="contribution-deliver",
    ),
    path(
        "contributions/<int:contribution_id>/used/",
        contributions.used,
        name="contribution-used",
    ),
    path("scorecard/", scorecard.show, name="scorecard"),
    path("scorecard/rows/", scorecard.rows, name="scorecard-rows"),
]
