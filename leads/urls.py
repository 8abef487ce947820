from django.urls import include, path

from leads.views import (
    alerts,
    clocks,
)

app_name = "leads"

urlpatterns = [
    path("", include("leads.views.desk.urls")),
    path("", include("leads.views.lead.urls")),
    path("", include("leads.views.library.urls")),
    path("", include("leads.views.help.urls")),
    path("", include("leads.views.handing.urls")),
    path("", include("leads.views.imports.urls")),
    path("", include("leads.views.events.urls")),
    path("", include("leads.views.owning.urls")),
    path("", include("leads.views.privacy.urls")),
    path("", include("leads.views.reports.urls")),
    path("", include("leads.views.setup.urls")),
    path("clocks/<int:clock_id>/", clocks.show, name="clock"),
    path("clocks/<int:clock_id>/pause/", clocks.pause, name="clock-pause"),
    path("alerts/", alerts.index, name="alerts"),
    path("alerts/read/", alerts.read, name="alerts-read"),
    path("alerts/<int:alert_id>/acknowledge/", alerts.acknowledge, name="alert-acknowledge"),
    path("alerts/<int:alert_id>/snooze/", alerts.snooze, name="alert-snooze"),
]
