from django.urls import path

from portal.accounts.scim.views import about, groups, users

urlpatterns = [
    path("ServiceProviderConfig", about.config, name="scim-config"),
    path("Schemas", about.schemas, name="scim-schemas"),
    path("ResourceTypes", about.types, name="scim-types"),
    path("Users", users.users, name="scim-users"),
    path("Users/<int:user_id>", users.user, name="scim-user"),
    path("Groups", groups.groups, name="scim-groups"),
    path("Groups/<int:group_id>", groups.group, name="scim-group"),
    path("<anything:rest>", about.nowhere),
]
