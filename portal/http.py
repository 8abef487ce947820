"""The request as our views see it: somebody is logged in, and htmx may have sent it."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from portal.accounts.models import User


class PortalRequest(HttpRequest):
    """A request that passed the login and htmx middleware."""

    user: "User"
    htmx: HtmxDetails


def from_other_sites(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view that takes a form of another site, as what it takes proves itself."""
    view.takes_from_other_sites = True  # type: ignore[attr-defined]  # as Django marks its own
    return view


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form is bound to: the fields of a POST, an empty one included, else nothing."""
    return request.POST if request.method == "POST" else None


def secret_of_link(request: HttpRequest) -> str:
    """The secret of a one-time link, which stands behind its `#`: in the body of a form, alone
    or with the link around it, and never in an address. "" where none came."""
    return request.POST.get("link", "")[:500].rpartition("#")[2].strip()


def asked_for_link(request: HttpRequest, status: int = 200, **said: str) -> HttpResponse:
    """The page that takes a link: `message` and `advice` say why one is of no use."""
    if request.method == "POST" and status == 200:  # none came
        status = 422
    return render(request, "portal/link.html", said, status=status)
