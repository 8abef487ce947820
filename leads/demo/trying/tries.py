"""What a newcomer has tried: accept, return, see an alert, follow a figure to the ledger.

Kept in the browser, so that it stays when the newcomer comes in as somebody else. Only
where the settings allow a simulated company, and shown on one only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from leads.core.handoff import Move
from leads.models import HandoffMove
from portal.http import PortalRequest
from portal.look.parts import Act, Step

COOKIE = "tried"
SINCE = "tries_since"
HIDDEN = "hidden"
A_MONTH = 30 * 24 * 3600  # seconds
SEEN = {"leads:alerts": "alert", "ledger-entry": "ledger"}
MADE = {Move.ACCEPT.value: "accept", Move.RETURN.value: "return"}


@dataclass
class Tries:
    """The panel of one request; nothing is read before the page asks for its steps."""

    request: PortalRequest
    at: datetime

    @property
    def hidden(self) -> bool:
        return HIDDEN in tried(self.request)

    @cached_property
    def done(self) -> set[str]:
        """What was tried, in this browser so far and by this person since they came in."""
        found = tried(self.request) | _made(self.request, self.at)
        note(self.request, found)
        return found

    @property
    def number(self) -> int:
        return len(self.done - {HIDDEN})

    @property
    def steps(self) -> list[Step]:
        """In the order in which they are easiest."""
        sells = self.request.user.department_id == "sales"
        inside = _("Come in as Anna Keller or Greta Holm of Sales: their desks have offers.")
        accept = _("Press Accept in a row below. It can be taken back for half a minute.")
        back = _("Press r on a row, or choose Return in its menu: five reasons, one choice.")
        return [
            self._step("accept", _("Accept a lead"), accept if sells else inside),
            self._step("return", _("Return one with a reason"), back if sells else inside),
            self._step(
                "alert", _("See an alert"), _("Who was told what, and when."),
                Act(_("Open the alerts"), "bell", url=reverse("leads:alerts")),
            ),
            self._step(
                "ledger", _("Follow a figure down to the ledger"),
                _("A number of the scorecard, a row of it, its clock, then In the ledger."),
                Act(_("Open the scorecard"), "chart-histogram", url=reverse("leads:scorecard")),
            ),
        ]  # fmt: skip

    def _step(self, key: str, title: str, text: str, act: Act | None = None) -> Step:
        return Step(title, text, key in self.done, act)


def of(request: PortalRequest, at: datetime) -> Tries | None:
    """The panel, unless it was put away; None where no company is simulated."""
    if not settings.SIMULATION_ALLOWED:
        return None
    tries = Tries(request, at)
    return None if tries.hidden else tries


def tried(request: HttpRequest) -> set[str]:
    """What the browser says was tried."""
    known = {*SEEN.values(), *MADE.values(), HIDDEN}
    return known & set(request.COOKIES.get(COOKIE, "").split("."))


def note(request: HttpRequest, found: set[str]) -> None:
    """Let the browser keep it; `Remember` writes it into the answer."""
    if found - tried(request):
        request.tried = found  # type: ignore[attr-defined]  # lives as long as the request


def _made(request: PortalRequest, at: datetime) -> set[str]:
    """The moves that this person has made since they first saw their desk."""
    since = parse_datetime(request.session.get(SINCE, ""))
    if since is None:
        request.session[SINCE] = at.isoformat()
        return set()
    moves = HandoffMove.objects.filter(by=request.user, at__gte=since, move__in=MADE)
    return {MADE[move] for move in moves.values_list("move", flat=True)}


class Remember:
    """Middleware of the demo: keeps in the browser what was seen and done."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        place = getattr(request.resolver_match, "view_name", "")
        if place in SEEN and response.status_code == 200:
            note(request, tried(request) | {SEEN[place]})
        if (found := getattr(request, "tried", None)) is not None:
            response.set_cookie(
                COOKIE, ".".join(sorted(found)), max_age=A_MONTH, httponly=True,
                samesite="Lax", secure=request.is_secure(),
            )  # fmt: skip
        return response
