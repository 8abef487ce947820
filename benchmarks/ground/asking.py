"""Requests through the whole handler, without a socket, by somebody who is signed in."""

import sys
from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any

Get = Callable[[], int]


def request(application: Any, path: str, query: str, headers: Mapping[str, str]) -> Get:
    """One GET, to the last byte; it returns how many there are."""
    said: list[str] = []

    def get() -> int:
        environment = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": query,
            "SERVER_NAME": "localhost", "SERVER_PORT": "80", "HTTP_HOST": "localhost",
            "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(), "wsgi.errors": sys.stderr, **headers,
        }  # fmt: skip
        said.clear()
        answer = application(environment, lambda status, *_rest: said.append(status))
        size = len(b"".join(answer))
        answer.close()
        if not said[0].startswith("200"):
            raise SystemExit(f"{path}?{query} answers {said[0]}")
        return size

    return get


def cookie(user: Any = None) -> str:
    """The session of somebody who is signed in: of who reads everything, without a `user`."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(user or _reader())
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={client.cookies[name].value}"


def _reader() -> Any:
    """Somebody who reads leads in the portal and may see the peer's admin."""
    from portal.accounts.models import Role, User

    return User.objects.create(
        email="reader@concord.test", name="Reader", role=Role.OPERATIONS, zone="Europe/Berlin",
        is_staff=True, is_superuser=True,
    )  # fmt: skip
