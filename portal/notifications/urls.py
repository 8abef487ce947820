from django.urls import path

from portal.notifications.views import preferences, undelivered

urlpatterns = [
    path("me/notifications/", preferences.show, name="my-notifications"),
    path("me/notifications/slack/", preferences.slack, name="my-slack"),
    path("undelivered/", undelivered.index, name="undelivered"),
    path("undelivered/<int:delivery_id>/again/", undelivered.again, name="send-again"),
]
