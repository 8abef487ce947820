"""/scim/v2/Users: one for each account; who administers the portal is read only."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse

from portal import wallclock
from portal.accounts.actions import people
from portal.accounts.api import TokenRequest
from portal.accounts.models import User
from portal.accounts.scim import reading
from portal.accounts.scim.answers import SCHEMA, ScimError, resource, said
from portal.accounts.scim.views.door import body_of, directory, unchanged
from portal.accounts.scim.views.listing import listed

FILTERS = {"username": "email", "externalid": "directory__external_id", "id": "pk"}
CLEARED = {"title": "", "externalid": ""}


def shown(user: User) -> dict[str, Any]:
    known = getattr(user, "directory", None)
    body: dict[str, Any] = {
        "schemas": [f"{SCHEMA}User"],
        "id": str(user.pk),
        "userName": user.email,
        "name": {"formatted": user.name},
        "displayName": user.name,
        "title": user.title,
        "active": user.is_active,
        "emails": [{"value": user.email, "type": "work", "primary": True}],
        "groups": [
            {"value": str(group.pk), "display": group.name}
            for group in user.directory_groups.all()
        ],
        "meta": {"resourceType": "User"},
    }
    if known is not None and known.external_id:
        body["externalId"] = known.external_id
    return body


def _answer(request: TokenRequest, user: User, status: int = 200) -> HttpResponse:
    place = request.build_absolute_uri(reverse("scim-user", args=[user.pk]))
    return resource(shown(_rows().get(pk=user.pk)), place, status)


def _rows() -> QuerySet[User]:
    there = Q(directory=None) | Q(directory__removed_at=None)
    rows = User.objects.filter(there).select_related("directory")
    return rows.prefetch_related("directory_groups").order_by("pk")


def _index(request: TokenRequest) -> HttpResponse:
    wanted = reading.filtered(request.GET.get("filter", ""), FILTERS)
    if "email" in wanted:
        wanted["email"] = wanted["email"].lower()
    if "pk" in wanted and not wanted["pk"].isdecimal():
        wanted["pk"] = "0"
    return said(listed(request, _rows().filter(**wanted), shown))


def _create(request: TokenRequest) -> HttpResponse:
    told = _told(reading.flat(body_of(request)), whole=True)
    made = people.enter(told=told, by=request.auth.user, at=wallclock.now())
    return _answer(request, made, 201)


def _read(request: TokenRequest, user_id: int) -> HttpResponse:
    return _answer(request, get_object_or_404(_rows(), pk=user_id))


def _replace(request: TokenRequest, user_id: int) -> HttpResponse:
    return _changed(request, user_id, _told(reading.flat(body_of(request)), whole=True))


def _patch(request: TokenRequest, user_id: int) -> HttpResponse:
    attributes: dict[str, Any] = {}
    for what, path, value in reading.patched(body_of(request)):
        name = path.lower()
        if what == "remove":
            attributes |= {name: CLEARED[name]} if name in CLEARED else {}
        else:
            attributes[name] = value
    return _changed(request, user_id, _told(attributes, whole=False))


def _changed(request: TokenRequest, user_id: int, told: people.Told) -> HttpResponse:
    user = get_object_or_404(_rows(), pk=user_id)
    unchanged(request, shown(user))
    people.change(user_id=user.pk, told=told, by=request.auth.user, at=wallclock.now())
    return _answer(request, user)


def _remove(request: TokenRequest, user_id: int) -> HttpResponse:
    user = get_object_or_404(_rows(), pk=user_id)
    unchanged(request, shown(user))
    people.remove(user_id=user.pk, by=request.auth.user, at=wallclock.now())
    return HttpResponse(status=204)


def _told(attributes: dict[str, Any], *, whole: bool) -> people.Told:
    """What is said of a person; of a `whole` one also who it is."""
    mail = reading.text(attributes, "username")
    if whole and not mail:
        raise ScimError(400, "userName is missing.", "invalidValue")
    if mail is not None:
        mail = mail.lower()
        try:
            validate_email(mail)
        except ValidationError:
            why = "userName must be the person's e-mail address."
            raise ScimError(400, why, "invalidValue") from None
    active = reading.yes(attributes, "active")
    return people.Told(
        mail=mail,
        name=_name(attributes),
        title=_short(reading.text(attributes, "title")),
        external_id=reading.text(attributes, "externalid"),
        active=True if whole and active is None else active,
    )


def _name(attributes: dict[str, Any]) -> str | None:
    parts = [reading.text(attributes, f"name.{part}") for part in ("givenname", "familyname")]
    found = (
        reading.text(attributes, "name.formatted")
        or reading.text(attributes, "displayname")
        or (" ".join(part for part in parts if part) if all(parts) else None)
    )
    return _short(found)


def _short(said: str | None) -> str | None:
    return None if said is None else said[:120]


users = directory(GET=_index, POST=_create)
user = directory(GET=_read, PUT=_replace, PATCH=_patch, DELETE=_remove)
