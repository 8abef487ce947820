from django.urls import path

from leads.views.help import changes, guide, page

urlpatterns = [
    path("help/", page.show, name="help"),
    path("help/changes/", changes.show, name="help-changes"),
    path("help/<slug:key>/", guide.show, name="help-guide"),
]
