from django.urls import path

from leads.views import (
    alerts,
    clocks,
    contributions,
    desk,
    handoffs,
    lead_acts,
    leads,
    scorecard,
)

app_name = "leads"

urlpatterns = [
    path("desk/", desk.show, name="desk"),
    path("leads/", leads.index, name="lead-list"),
    path("leads/new/", leads.new, name="lead-new"),
    path("leads/<int:lead_id>/", leads.show, name="lead"),
    path("leads/<int:lead_id>/touches/log/", lead_acts.touch, name="touch-log"),
    path("leads/<int:lead_id>/attest/", lead_acts.attest, name="attest"),
    path("leads/<int:lead_id>/move/", lead_acts.move, name="lead-move"),
    path("leads/<int:lead_id>/offer/", lead_acts.offer, name="handoff-offer"),
    path("leads/<int:lead_id>/contributions/ask/", lead_acts.ask, name="contribution-ask"),
    path("handoffs/<int:handoff_id>/accept/", handoffs.accept, name="handoff-accept"),
    path("handoffs/<int:handoff_id>/return/", handoffs.give_back, name="handoff-return"),
    path("handoffs/<int:handoff_id>/answer/", handoffs.answer, name="handoff-answer"),
    path("handoffs/<int:handoff_id>/decide/", handoffs.decide, name="handoff-decide"),
    path("handoffs/<int:handoff_id>/outcome/", handoffs.outcome, name="handoff-outcome"),
    path("handoffs/<int:handoff_id>/package/", handoffs.package, name="handoff-package"),
    path("handoffs/<int:handoff_id>/withdraw/", handoffs.withdraw, name="handoff-withdraw"),
    path("handoffs/<int:handoff_id>/reassign/", handoffs.reassign, name="handoff-reassign"),
    path("handoffs/<int:handoff_id>/undo/", handoffs.undo, name="handoff-undo"),
    path("clocks/<int:clock_id>/", clocks.show, name="clock"),
    path("clocks/<int:clock_id>/act/", desk.act, name="clock-act"),
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
