from django.urls import path

from portal.jobs import views

urlpatterns = [
    path("jobs/<int:job_id>/", views.show, name="job"),
    path("jobs/<int:job_id>/cancel/", views.cancel, name="job-cancel"),
]
