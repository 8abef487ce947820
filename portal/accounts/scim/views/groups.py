"""/scim/v2/Groups: who is in which; the table of groups says what that gives."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from portal import wallclock
from portal.accounts.actions import people
from portal.accounts.api import TokenRequest
from portal.accounts.models import DirectoryGroup, User
from portal.accounts.scim import reading
from portal.accounts.scim.answers import SCHEMA, ScimError, resource, said
from portal.accounts.scim.views.door import body_of, directory, unchanged
from portal.accounts.scim.views.listing import listed

FILTERS = {"displayname": "name", "externalid": "external_id"}


def shown(group: DirectoryGroup) -> dict[str, Any]:
    body: dict[str, Any] = {
        "schemas": [f"{SCHEMA}Group"],
        "id": str(group.pk),
        "displayName": group.name,
        "members": [{"value": str(one.pk), "display": one.name} for one in group.members.all()],
        "meta": {"resourceType": "Group"},
    }
    return body | ({"externalId": group.external_id} if group.external_id else {})


def _without_members(group: DirectoryGroup) -> dict[str, Any]:
    body = shown(group)
    del body["members"]
    return body


def _rows() -> Any:
    return DirectoryGroup.objects.prefetch_related("members")


def _answer(request: TokenRequest, group_id: int, status: int = 200) -> HttpResponse:
    place = request.build_absolute_uri(reverse("scim-group", args=[group_id]))
    return resource(shown(_rows().get(pk=group_id)), place, status)


def _index(request: TokenRequest) -> HttpResponse:
    wanted = reading.filtered(request.GET.get("filter", ""), FILTERS)
    bare = "members" in request.GET.get("excludedAttributes", "")
    return said(listed(request, _rows().filter(**wanted), _without_members if bare else shown))


def _create(request: TokenRequest) -> HttpResponse:
    return _kept(request, None, reading.flat(body_of(request)), 201)


def _read(request: TokenRequest, group_id: int) -> HttpResponse:
    return _answer(request, get_object_or_404(_rows(), pk=group_id).pk)


def _replace(request: TokenRequest, group_id: int) -> HttpResponse:
    group = get_object_or_404(_rows(), pk=group_id)
    unchanged(request, shown(group))
    attributes = {"members": []} | reading.flat(body_of(request))
    return _kept(request, group, attributes, 200)


def _patch(request: TokenRequest, group_id: int) -> HttpResponse:
    group = get_object_or_404(_rows(), pk=group_id)
    unchanged(request, shown(group))
    attributes: dict[str, Any] = {"displayname": group.name}
    inside = {one.pk for one in group.members.all()}
    for what, path, value in reading.patched(body_of(request)):
        one = reading.ONE_MEMBER.fullmatch(path)
        if one and what == "remove":
            inside -= reading.members([one[1]])
        elif path.lower() == "members":
            inside = _changed(inside, what, value)
        elif what != "remove":
            attributes[path.lower()] = value
    return _kept(request, group, attributes | {"members": list(inside)}, 200)


def _changed(inside: set[int], what: str, value: Any) -> set[int]:
    if what == "remove":
        return inside - reading.members(value) if value else set()
    told = reading.members(value or [])
    return inside | told if what == "add" else told


def _kept(
    request: TokenRequest, group: DirectoryGroup | None, attributes: dict[str, Any], status: int
) -> HttpResponse:
    name = reading.text(attributes, "displayname")
    if not name:
        raise ScimError(400, "displayName is missing.", "invalidValue")
    members = reading.members(attributes.get("members") or [])
    known = set(User.objects.filter(pk__in=members).values_list("pk", flat=True))
    if members - known:
        raise ScimError(400, "A member is nobody's id.", "invalidValue")
    kept = people.keep_group(
        group_id=group.pk if group else None, name=name,
        external_id=reading.text(attributes, "externalid"), members=members,
        by=request.auth.user, at=wallclock.now(),
    )  # fmt: skip
    return _answer(request, kept.pk, status)


def _remove(request: TokenRequest, group_id: int) -> HttpResponse:
    group = get_object_or_404(_rows(), pk=group_id)
    unchanged(request, shown(group))
    people.drop_group(group_id=group.pk, by=request.auth.user, at=wallclock.now())
    return HttpResponse(status=204)


groups = directory(GET=_index, POST=_create)
group = directory(GET=_read, PUT=_replace, PATCH=_patch, DELETE=_remove)
