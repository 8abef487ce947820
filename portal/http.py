"""The request as our views see it: somebody is logged in, and htmx may have sent it."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

if TYPE_CHECKING:
    from portal.accounts.models import User


class PortalRequest(HttpRequest):
    """A request that passed the login and htmx middleware."""

    user: "User"
    htmx: HtmxDetails
