"""How fast one person may ask with a browser: pages in a minute, and files to take away."""

import logging
import time
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from portal import spreadsheet

logger = logging.getLogger(__name__)
MINUTE = 60.0  # seconds
FILES = (".csv", ".xlsx", ".pdf", ".zip")


class Counted:
    """How often each of many asked in the minute that runs. A new minute begins at nothing."""

    def __init__(self) -> None:
        self.minute, self.asked = 0, dict[str, int]()

    def wait(self, who: str, *, most: int, now: float) -> int:
        """Whole seconds until `who` may ask again; 0: now, and it is counted. `now` is in
        seconds from anywhere; `most` a minute, 0: as often as they like."""
        minute = int(now // MINUTE)
        if minute != self.minute:
            self.minute, self.asked = minute, {}
        count = self.asked.get(who, 0)
        if most and count >= most:
            return int((minute + 1) * MINUTE - now) + 1
        self.asked[who] = count + 1
        return 0


class Pace:
    """Refuses who asks faster than anybody reads: 429, and when to come again.

    Counted in each web process for itself, so that it costs no question to the database; a
    portal of two processes lets twice as much through.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response, self.counted = get_response, Counted()

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        wait = self._wait(request)
        if not wait:
            return self.get_response(request)
        message = _("That was too much at once. Go on in a minute.")
        page = render(request, "409.html", {"message": message}, status=429)
        page.headers["Retry-After"] = str(wait)
        return page

    def _wait(self, request: HttpRequest) -> int:
        who = request.session.get(SESSION_KEY)
        if who is None:
            return 0
        now = time.monotonic()
        if request.path.endswith(FILES) or spreadsheet.asked(request):
            wait = self.counted.wait(f"{who} files", most=settings.FILES_A_MINUTE, now=now)
            if wait:
                return wait
        return self.counted.wait(str(who), most=settings.PAGES_A_MINUTE, now=now)
