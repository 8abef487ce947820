"""What holds for every request: headers, logins, and refusals that people can read."""

import logging
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from allauth.core.internal.httpkit import get_client_ip
from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotAllowed,
)
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from django.utils.module_loading import import_string

from portal import logs, telemetry, wallclock
from portal.accounts.sessions import actions as sessions
from portal.accounts.sessions import limits
from portal.errors import DomainError

logger = logging.getLogger(__name__)
GetResponse = Callable[[HttpRequest], HttpResponseBase]
ASK_EVERY = 10.0  # seconds
REFUSED = frozenset({401, 403, 404, 409, 422, 429})
CLEARED = '"cache", "storage"'
PROGRAMS = ("/api/", "/scim/", "/in/")
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class RequestIds:
    """Gives each request an id, or keeps the one that the proxy gave it: its log lines carry
    it, the tasks that it wakes, and the page that says what went wrong."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reference = logs.request_id(request.headers.get("X-Request-ID", ""))
        with logs.about(request=reference), self._traced(request, reference):
            response = self.get_response(request)
            if request.resolver_match is not None:
                route = request.resolver_match.route
                telemetry.note(**{"http.route": route, "http.status": response.status_code})
            if response.status_code in REFUSED and request.resolver_match is not None:
                self._say(request, response.status_code)
        response.headers["X-Request-ID"] = reference
        return response

    @staticmethod
    def _traced(request: HttpRequest, reference: str) -> AbstractContextManager[object]:
        """The trace of this request begins here; a path may hold a secret and is not kept."""
        facts = {"http.request.method": request.method or "", "concord.request": reference}
        return telemetry.root("request", ("request", reference), **facts)

    @staticmethod
    def _say(request: HttpRequest, status: int) -> None:
        """Who was refused what: by the route, as a path may hold a secret of a link. What
        is somebody else's is answered as if it were not there, so that is said too."""
        who = request.__dict__.get("auth") or getattr(request, "_cached_user", None)
        route = request.resolver_match.route if request.resolver_match else ""
        logger.warning(
            "refused",
            extra={
                "status": status, "method": request.method, "route": route,
                "person": getattr(who, "user_id", None) or getattr(who, "pk", None) or 0,
            },
        )  # fmt: skip


class SecurityHeaders:
    """Puts the same headers on every response, static files and errors included."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        headers = response.headers
        headers["Content-Security-Policy"] = settings.CONTENT_SECURITY_POLICY
        headers["Permissions-Policy"] = settings.PERMISSIONS_POLICY
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        headers.setdefault(
            "Cross-Origin-Opener-Policy", settings.SECURE_CROSS_ORIGIN_OPENER_POLICY
        )
        if not _is_static(request):
            patch_vary_headers(response, ["HX-Request"])
            if _is_personal(request):
                add_never_cache_headers(response)
        return response


def _is_static(request: HttpRequest) -> bool:
    return request.path.startswith(f"/{settings.STATIC_URL.strip('/')}/")


def _is_personal(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return user is not None and user.is_authenticated


class SweepWhenOverdue:
    """Checks the clocks from a web process when neither worker nor beat did.

    Asks at most once in ten seconds per process; a healthy portal is asked one cheap read.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.asked_at = float("-inf")

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.SWEEP_IN_WEB and not _is_static(request):
            self._ask()
        return response

    def _ask(self) -> None:
        if time.monotonic() - self.asked_at < ASK_EVERY:
            return
        self.asked_at = time.monotonic()
        sweep: Callable[[datetime], object] = import_string(settings.SWEEP_IF_OVERDUE)
        try:
            sweep(wallclock.now())
        except DatabaseError:
            logger.warning("clocks could not be checked: the database did not answer")


class ProgramsByHttps:
    """Refuses a program that calls without https, where people are led to https: one that
    was led on would go on sending its token in the open, and nobody would notice."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        led_on = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        if led_on and request.path.startswith(PROGRAMS):
            said = "https alone: what was sent in the open is to be replaced"
            return HttpResponse(said, status=403, content_type="text/plain")
        return self.get_response(request)


class SameSiteWrites:
    """Refuses a write that a page of another site has sent, beside the CSRF token; but for a
    view that says it takes one."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view_func: Any, *args: Any) -> None:
        origin = request.headers.get("Sec-Fetch-Site", "none")
        if request.method in SAFE or origin in {"same-origin", "none"}:
            return
        if not getattr(view_func, "takes_from_other_sites", False):
            raise PermissionDenied("a page of another site sent this")


class SessionLimits:
    """Ends a session after eight hours without a request and after a day in all.

    A session that begins is noted, so that its owner sees it and can end it; one whose owner
    proved anew who they are goes on under a new key. With its end the browser is told to
    forget what it kept. By the host's own time: what a simulation moves is not for how long
    somebody sits here.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            self._end_if_over(request)
        response = self.get_response(request)
        session = request.session
        if not session.accessed:
            return response
        if SESSION_KEY not in session:
            shown = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
            if shown and shown != session.session_key:  # it opens nothing any more
                response.headers["Clear-Site-Data"] = CLEARED
            return response
        if session.modified and limits.is_proved_anew(session):
            session.cycle_key()
            way = session[limits.PROOFS][-1].get("method", "")
            logger.info("proved again", extra={"person": int(session[SESSION_KEY]), "way": way})
        if session.modified and session.get(limits.NOTED) != session.session_key:
            self._note(request)
        elif limits.is_worth_noting(session, wallclock.hosts().timestamp()):
            session[limits.SEEN] = int(wallclock.hosts().timestamp())
            sessions.seen(key=session.session_key or "", at=wallclock.now())
        return response

    def _end_if_over(self, request: HttpRequest) -> None:
        idle, whole = settings.SESSION_COOKIE_AGE, settings.SESSION_LONGEST
        now = wallclock.hosts().timestamp()
        if limits.is_over(request.session, now, idle=idle, whole=whole):
            logout(request)

    def _note(self, request: HttpRequest) -> None:
        """A session that begins, or has a new key since its owner changed the password."""
        session, now = request.session, int(wallclock.hosts().timestamp())
        session.setdefault(limits.BEGAN, now)
        session[limits.SEEN], session[limits.NOTED] = now, session.session_key
        sessions.begin(
            user_id=int(session[SESSION_KEY]),
            key=session.session_key or "",
            address=get_client_ip(request) or "",
            browser=request.headers.get("User-Agent", ""),
            at=wallclock.now(),
        )


class LoginRequired(LoginRequiredMiddleware):
    """Every view wants a login unless it is marked otherwise.

    htmx is told to go to the login page; it must not put that page into a part of another.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, *args: Any
    ) -> HttpResponseBase | None:
        refusal = super().process_view(request, view_func, *args)
        if refusal is None or not getattr(request, "htmx", False):
            return refusal
        return HttpResponse(status=401, headers={"HX-Redirect": refusal.headers["Location"]})


class Refusals:
    """Turns a DomainError that leaves a view into a page that says why: 409, never 500.

    An address that only a button may call says so too, to who lands on it after signing in.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, HttpResponseNotAllowed) or response.content:
            return response
        page = render(request, "405.html", status=405)
        page.headers["Allow"] = response.headers["Allow"]
        return page

    def process_exception(
        self, request: HttpRequest, exception: Exception
    ) -> HttpResponse | None:
        if not isinstance(exception, DomainError):
            return None
        return render(request, "409.html", {"message": str(exception)}, status=409)
