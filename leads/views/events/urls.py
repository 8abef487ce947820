from django.urls import path

from leads.views.events import door, heard, mapping, sources, subscriptions

urlpatterns = [
    path("in/<slug:key>/", door.take, name="event-in"),
    path("sources/", sources.index, name="source-list"),
    path("sources/new/", sources.new, name="source-new"),
    path("sources/heard/<int:item_id>/", heard.item, name="event-item"),
    path("sources/of/<slug:key>/", sources.show, name="source"),
    path("sources/of/<slug:key>/edit/", sources.edit, name="source-edit"),
    path("sources/of/<slug:key>/mapping/", mapping.edit, name="source-mapping"),
    path("sources/of/<slug:key>/rotate/", sources.rotate, name="source-rotate"),
    path("sources/of/<slug:key>/quarantine/", heard.quarantine, name="source-quarantine"),
    path("subscriptions/", subscriptions.index, name="subscription-list"),
    path("subscriptions/new/", subscriptions.new, name="subscription-new"),
    path("subscriptions/sent/<int:outgoing_id>/", subscriptions.sent, name="outgoing"),
    path("subscriptions/<int:subscription_id>/", subscriptions.show, name="subscription"),
    path(
        "subscriptions/<int:subscription_id>/edit/", subscriptions.edit,
        name="subscription-edit",
    ),
    path(
        "subscriptions/<int:subscription_id>/rotate/", subscriptions.rotate,
        name="subscription-rotate",
    ),
    path(
        "subscriptions/<int:subscription_id>/test/", subscriptions.try_out,
        name="subscription-test",
    ),
]  # fmt: skip
