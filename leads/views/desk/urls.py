from django.urls import path

from leads.views.desk import brief, bulk, live, page, sheet, team, trying, views

urlpatterns = [
    path("desk/", page.show, name="desk"),
    path("desk/news/", live.show, name="desk-news"),
    path("desk/rows.csv", sheet.file, {"kind": "csv"}, name="desk-csv"),
    path("desk/rows.xlsx", sheet.file, {"kind": "xlsx"}, name="desk-xlsx"),
    path("desk/several/", bulk.show, name="desk-bulk"),
    path("desk/team/", team.show, name="desk-team"),
    path("desk/views/", views.index, name="desk-views"),
    path("desk/views/<int:view_id>/", views.change, name="desk-view"),
    path("desk/take-back/<int:touch_id>/", page.take_touch_back, name="desk-take-back"),
    path("desk/used/<int:contribution_id>/", page.used, name="desk-used"),
    path("desk/tries/hide/", trying.hide, name="tries-hide"),
    path("desk/undo/<int:handoff_id>/", page.take_back, name="desk-undo"),
    path("h/<int:handoff_id>/", brief.show, name="brief"),
    path("clocks/<int:clock_id>/act/", page.act, name="clock-act"),
]
