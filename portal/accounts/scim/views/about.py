"""What this server of SCIM can, for programs that ask."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse

from portal.accounts.scim.answers import MESSAGE, SCHEMA, said
from portal.accounts.scim.reading import MOST
from portal.accounts.scim.views.door import directory

ATTRIBUTES = {
    "User": {
        "userName": "string", "displayName": "string", "title": "string", "active": "boolean",
        "externalId": "string", "name": "complex", "emails": "complex", "groups": "complex",
    },
    "Group": {"displayName": "string", "externalId": "string", "members": "complex"},
}  # fmt: skip
READ_ONLY = {"emails", "groups"}


def _config(request: HttpRequest) -> HttpResponse:
    no = {"supported": False}
    return said(
        {
            "schemas": [f"{SCHEMA}ServiceProviderConfig"],
            "patch": {"supported": True},
            "bulk": {"supported": False, "maxOperations": 0, "maxPayloadSize": 0},
            "filter": {"supported": True, "maxResults": MOST},
            "changePassword": no,
            "sort": no,
            "etag": {"supported": True},
            "authenticationSchemes": [
                {
                    "type": "oauthbearertoken",
                    "name": "Bearer token",
                    "description": "A token with the scope “directory” of an administrator",
                }
            ],
            "meta": {"resourceType": "ServiceProviderConfig"},
        }
    )


def _schema(name: str) -> dict[str, Any]:
    return {
        "schemas": [f"{SCHEMA}Schema"],
        "id": f"{SCHEMA}{name}",
        "name": name,
        "attributes": [_attribute(name, key, kind) for key, kind in ATTRIBUTES[name].items()],
        "meta": {"resourceType": "Schema"},
    }


def _attribute(resource: str, name: str, kind: str) -> dict[str, Any]:
    first = "userName" if resource == "User" else "displayName"
    return {
        "name": name,
        "type": kind,
        "multiValued": name in {"emails", "groups", "members"},
        "required": name == first,
        "mutability": "readOnly" if name in READ_ONLY else "readWrite",
        "returned": "default",
        "caseExact": False,
        "uniqueness": "server" if name in {first, "externalId"} else "none",
    }


def _type(name: str) -> dict[str, Any]:
    return {
        "schemas": [f"{SCHEMA}ResourceType"],
        "id": name,
        "name": name,
        "endpoint": f"/{name}s",
        "schema": f"{SCHEMA}{name}",
        "meta": {"resourceType": "ResourceType"},
    }


def _all(found: list[dict[str, Any]]) -> HttpResponse:
    return said(
        {
            "schemas": [f"{MESSAGE}ListResponse"],
            "totalResults": len(found),
            "startIndex": 1,
            "itemsPerPage": len(found),
            "Resources": found,
        }
    )


def _schemas(request: HttpRequest) -> HttpResponse:
    return _all([_schema(name) for name in ATTRIBUTES])


def _types(request: HttpRequest) -> HttpResponse:
    return _all([_type(name) for name in ATTRIBUTES])


def _nowhere(request: HttpRequest, rest: str) -> HttpResponse:
    raise Http404


config = directory(GET=_config)
schemas = directory(GET=_schemas)
types = directory(GET=_types)
nowhere = directory(GET=_nowhere, POST=_nowhere, PUT=_nowhere, PATCH=_nowhere, DELETE=_nowhere)
