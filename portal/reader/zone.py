"""Whose time zone a page is written in: the reader's."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone

GetResponse = Callable[[HttpRequest], HttpResponseBase]


class ReadersZone:
    """Writes every instant of a page in the zone of the person who reads it.

    Rows, the ledger and the API stay in UTC; a visitor without a login reads UTC, too.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        zone = getattr(request.user, "zone", settings.TIME_ZONE)
        with timezone.override(ZoneInfo(zone)):
            return self.get_response(request)
