from django.urls import path

from leads.views.handing import (
    dialogs,
    meetings,
    offering,
    pressing,
    returning,
    showing,
)
from leads.views.handing.back import nurture, returned
from leads.views.handing.waivers import requests

urlpatterns = [
    path("leads/<int:lead_id>/offer/", offering.offer, name="handoff-offer"),
    path("leads/<int:lead_id>/waivers/ask/", requests.ask, name="waiver-ask"),
    path("waivers/<int:request_id>/refuse/", requests.refuse, name="waiver-refuse"),
    path("handoffs/<int:handoff_id>/", showing.show, name="handoff"),
    path("handoffs/<int:handoff_id>/accept/", pressing.accept, name="handoff-accept"),
    path("handoffs/<int:handoff_id>/return/", returning.give_back, name="handoff-return"),
    path("handoffs/<int:handoff_id>/answer/", returning.answer, name="handoff-answer"),
    path("handoffs/<int:handoff_id>/decide/", returning.decide, name="handoff-decide"),
    path("handoffs/<int:handoff_id>/outcome/", dialogs.outcome, name="handoff-outcome"),
    path("handoffs/<int:handoff_id>/package/", dialogs.package, name="handoff-package"),
    path("handoffs/<int:handoff_id>/withdraw/", pressing.withdraw, name="handoff-withdraw"),
    path("handoffs/<int:handoff_id>/reassign/", dialogs.reassign, name="handoff-reassign"),
    path("handoffs/<int:handoff_id>/undo/", pressing.undo, name="handoff-undo"),
    path("leads/<int:lead_id>/meetings/", meetings.show, name="meetings"),
    path("meetings/<int:meeting_id>/missed/", meetings.missed, name="meeting-missed"),
    path("returns/", returned.index, name="returns"),
    path("returns/group/", returned.group, name="returns-group"),
    path("nurture/", nurture.show, name="nurture"),
]
