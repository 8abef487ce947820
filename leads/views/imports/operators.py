"""Who sees these pages: operations. To everybody else they are not there."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase

from portal.http import PortalRequest

View = Callable[..., HttpResponseBase]


def operators_only(view: View) -> View:
    """404 for everybody but operations, who import (actions refuse others, too)."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.imports_leads:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded
