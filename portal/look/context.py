"""The context processor `shell`: what base.html needs, read when it is first asked for."""

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from portal import wallclock
from portal.look.shell import Persona, Place, Strip, Trust, readers

THEMES = ("light", "dark")
THEME_COOKIE = "theme"
KEYS_COOKIE = "keys"
CHANGES_COOKIE = "changes"


class Shell:
    """The shell of one request. Each part is read once, and only if a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def at(self) -> datetime:
        """The instant of this page; every `now` on it is the same."""
        return wallclock.now()

    @cached_property
    def user(self) -> Any:
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def theme(self) -> str:
        """`light` or `dark` if the reader chose, else empty: the system decides."""
        chosen = self.request.COOKIES.get(kept_as(THEME_COOKIE), "")
        return chosen if chosen in THEMES else ""

    @property
    def keys(self) -> bool:
        """Whether single letters act; whoever speaks to the computer turns them off."""
        return self.request.COOKIES.get(kept_as(KEYS_COOKIE)) != "off"

    @cached_property
    def places(self) -> list[dict[str, Any]]:
        """The navigation; a place whose page does not exist, for this reader, is left out."""
        known = [(place, address(place.view)) for place in readers.places]
        here = self._here(known)
        return [
            {**vars(place), "url": url, "here": place.key == here}
            for place, url in known
            if url and (self._reads_leads or not place.of_leads)
        ]

    @property
    def _reads_leads(self) -> bool:
        return self.user is not None and self.user.reads_leads

    def _here(self, known: list[tuple[Place, str]]) -> str:
        """The place with the longest address that the current path begins with."""
        path = self.request.path
        under = [(len(url), place.key) for place, url in known if url and path.startswith(url)]
        return max(under, default=(0, ""))[1]

    @cached_property
    def unread(self) -> int:
        return readers.unread(self.user) if self.user else 0

    @cached_property
    def trust(self) -> Trust:
        return readers.trust(self.user, self.at) if self.user else Trust()

    @cached_property
    def strip(self) -> Strip | None:
        return readers.strip(self.user, self.at)

    @cached_property
    def simulated(self) -> bool:
        return readers.simulated(self.user, self.at)

    @cached_property
    def beginning(self) -> str:
        """Where this person goes on setting the company up; empty once that is over."""
        return readers.beginning(self.user, self.at) if self.user else ""

    @property
    def checked_ago(self) -> timedelta | None:
        """How long ago the clocks were checked; None if they never were."""
        checked = self.trust.checked_at
        return None if checked is None else max(self.at - checked, timedelta(0))

    @property
    def back(self) -> str:
        """The page this request came from, if it is one of ours; else the first page."""
        headers = self.request.headers
        return own_address(
            self.request, headers.get("HX-Current-URL") or headers.get("Referer")
        )

    @property
    def alerts_url(self) -> str:
        return address(readers.alerts)

    @property
    def bell_url(self) -> str:
        return address(readers.bell)

    @property
    def demo_logins(self) -> list[Persona]:
        """People of a demo whom a visitor may be; empty for a real portal."""
        return list(readers.demo_logins()) if self.demo_login_url else []

    @property
    def demo_password(self) -> str:
        return readers.demo_password

    @property
    def demo_login_url(self) -> str:
        return address(readers.demo_login)

    @property
    def search_url(self) -> str:
        return address(readers.search) if self._reads_leads else ""

    @property
    def help_url(self) -> str:
        """What the words mean, those of this screen first; empty where there is no help."""
        match, page = self.request.resolver_match, address(readers.help)
        return f"{page}?{urlencode({'screen': match.view_name})}" if page and match else page

    @property
    def explained_url(self) -> str:
        """Where the help explains this screen; empty where it does not, and for visitors."""
        match = self.request.resolver_match
        return readers.explained(match.view_name) if self.user and match else ""

    @property
    def changes_unseen(self) -> bool:
        """Whether the newest version's changes were not read in this browser."""
        return self.request.COOKIES.get(kept_as(CHANGES_COOKIE), "") != readers.newest_changes

    @property
    def profile_url(self) -> str:
        return address(readers.profile)


def kept_as(name: str) -> str:
    """What the cookie is called in the browser."""
    return f"{settings.COOKIE_PREFIX}{name}"


def own_address(request: HttpRequest, target: str | None) -> str:
    """`target` if it leads to this portal, else the first page: never to another site."""
    safe = target and url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target and safe else "/"


def address(view: str) -> str:
    """The path of a view without arguments; empty where no such view exists."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""


def shell(request: HttpRequest) -> dict[str, Shell]:
    """Context processor. The same shell for every template of one request."""
    if not hasattr(request, "_shell"):
        request._shell = Shell(request)  # type: ignore[attr-defined]  # lives as long as the request
    return {"shell": request._shell}  # type: ignore[attr-defined]  # set above
