"""One request to an address that somebody typed in, guarded."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse

from portal.notifications.http.address import (
    Policy,
    Resolver,
    ask_resolver,
    place,
    resolve,
)
from portal.notifications.http.line import CONNECT, TOTAL, Deadline, Dial, Line, connect, dial

BODY = 64 * 1024  # bytes read of an answer; the rest is left


class Unreachable(Exception):
    """No answer came: no name, no connection, no TLS, no HTTP, or not in time."""


@dataclass(frozen=True)
class Reply:
    """An answer: its status, its headers, and up to 64 KiB of its body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def is_ok(self) -> bool:
        return 200 <= self.status < 300

    def retry_after(self, most: timedelta) -> timedelta | None:
        """How long the other asks to wait, `most` at most; None if it does not say.

        A date is measured against the answer's own Date, so no clock of ours is needed.
        """
        asked = self.headers.get("retry-after", "").strip()
        if asked.isdecimal() and asked.isascii():
            return min(timedelta(seconds=int(asked[:9])), most)
        try:
            until = parsedate_to_datetime(asked)
            wait = until - parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, TypeError):
            return None
        return min(max(wait, timedelta(0)), most)


def send(
    url: str,
    *,
    policy: Policy,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    method: str = "POST",
    seconds: float = TOTAL,
    resolver: Resolver | None = None,
    dialer: Dial = dial,
    trust: ssl.SSLContext | None = None,
) -> Reply:
    """Send one request and return its answer, whatever its status.

    Https only, unless the policy says otherwise; the name is resolved once, each of its
    addresses must be public, and one of them is what is connected to, with TLS for the
    name. No redirect is followed and no proxy used. 3 s to connect, 10 s of silence, 15 s in
    all, so that a server which drips its answer ends too.

    Raises Refused before anything is sent, and Unreachable.
    """
    spot, deadline = place(url, policy), Deadline(seconds)
    try:
        addresses = resolve(spot, resolver or ask_resolver, deadline.left(CONNECT))
        line = connect(spot, addresses, deadline, dialer=dialer, trust=trust)
        try:
            known = {"Host": spot.host_header, "User-Agent": "Concord", "Connection": "close"}
            return _exchange(line, method, spot.target, body, known | dict(headers or {}))
        finally:
            line.close()
    except (OSError, HTTPException, ValueError) as error:
        raise Unreachable(_said(error)) from error


def _exchange(
    line: Line, method: str, target: str, body: bytes, headers: Mapping[str, str]
) -> Reply:
    connection = HTTPConnection("unused.invalid")
    connection.sock = line
    connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        connection.putheader(name, value)
    if body or method == "POST":
        connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body or None)
    response = HTTPResponse(line, method=method)  # type: ignore[arg-type]  # a socket in all it needs
    try:
        response.begin()
        heard = {name.lower(): value for name, value in response.getheaders()}
        return Reply(response.status, heard, _body(response))
    finally:
        response.close()


def _body(response: HTTPResponse) -> bytes:
    """What came of the body. The status has said what became of the request, so a body that
    breaks off is no reason to send it again."""
    try:
        return response.read(BODY)
    except (OSError, HTTPException):
        return b""


def _said(error: Exception) -> str:
    """What happened, without a word of what the other end wrote."""
    if isinstance(error, ssl.SSLError):
        return f"TLS: {getattr(error, 'reason', None) or type(error).__name__}"
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
