from django.urls import path

from leads.views.help import guide, page

urlpatterns = [
    path("help/", page.show, name="help"),
    path("help/<slug:key>/", guide.show, name="help-guide"),
]
