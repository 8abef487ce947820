"""What people see when something failed that is not their doing."""

import sys

from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.views.defaults import bad_request

from portal import logs

AWAY = (OperationalError, InterfaceError)
TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
TRY_AGAIN_AFTER = "5"  # seconds


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: 503 and "try again" while the database is away, else the page of a fault.

    Also what went wrong before a view was reached, in the session for instance.
    """
    if isinstance(sys.exc_info()[1], AWAY):
        page, headers = render_to_string("503.html"), {"Retry-After": TRY_AGAIN_AFTER}
        return HttpResponse(page, status=503, headers=headers)
    page = render_to_string("500.html", {"reference": logs.ids().get("request", "")})
    return HttpResponse(page, status=500)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400: 413 and how to send less where it was too much, else "not understood"."""
    if isinstance(exception, TOO_MUCH):
        return HttpResponse(render_to_string("413.html"), status=413)
    return bad_request(request, exception)
