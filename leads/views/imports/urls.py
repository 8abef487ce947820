from django.urls import path

from leads.views.imports import files, live, runs

urlpatterns = [
    path("imports/", files.index, name="imports"),
    path("imports/live/", live.show, name="import-live"),
    path("imports/files/<int:upload_id>/", files.mapping, name="import-map"),
    path("imports/files/<int:upload_id>/check/", files.check, name="import-check"),
    path("imports/files/<int:upload_id>/remove/", files.remove, name="import-remove"),
    path("imports/<int:run_id>/", runs.show, name="import"),
    path("imports/<int:run_id>/go-on/", runs.go_on, name="import-go-on"),
    path("imports/<int:run_id>/undo/", runs.undo, name="import-undo"),
    path("imports/<int:run_id>/records.<str:kind>", runs.records, name="import-records"),
    path("imports/<int:run_id>/refused.csv", runs.refused, name="import-refused"),
]
