"""Every address of the portal."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

# The admin logs in where everybody does, second factor included.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # documented by allauth

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("healthz/", include("portal.health")),
    path("", include("portal.demo.urls")),
    path("", include("portal.look.urls")),
]
