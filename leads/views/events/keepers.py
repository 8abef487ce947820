"""Who sees these pages: operations, and who administers the portal; to others they are not
there. What stands in a message is for operations alone."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from leads.actions.events.incoming.sources import keeps_sources
from portal.http import PortalRequest
from portal.look.parts import Link

View = Callable[..., HttpResponseBase]


def keepers_only(view: View) -> View:
    """404 for everybody but operations and admins (actions refuse others, too)."""

    @wraps(view)
    def guarded(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not keeps_sources(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def tabs(request: PortalRequest, here: str) -> list[Link]:
    """What comes in, and what goes out; going out is operations' alone."""
    links = [Link(_("They tell us"), reverse("leads:source-list"), here == "in")]
    if request.user.imports_leads:
        links.append(Link(_("We tell them"), reverse("leads:subscription-list"), here == "out"))
    return links
