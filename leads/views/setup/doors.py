"""Who sees these pages: who administers the portal, and operations; to others they are not
there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase

from leads.actions.setup import who
from portal.http import PortalRequest

View = Callable[..., HttpResponseBase]


def setters_only(view: View) -> View:
    """404 for everybody but operations and administrators."""
    return _only(view, who.sets_up)


def administrators_only(view: View) -> View:
    """404 for everybody but administrators (actions refuse others, too)."""
    return _only(view, who.configures)


def operations_only(view: View) -> View:
    return _only(view, lambda user: user.imports_leads)


def _only(view: View, may: Callable[[Any], bool]) -> View:
    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not may(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
