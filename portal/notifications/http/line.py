"""A connection with a deadline that holds for all of it, however slowly the other talks."""

import io
import socket
import ssl
from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from portal.notifications.http.address import Place, Refused, is_public

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CONNECT = 3.0  # seconds
READ = 10.0  # seconds, of silence
TOTAL = 15.0  # seconds, of everything

Dial = Callable[[tuple[str, int], float], socket.socket]


class Deadline:
    """Counts down from `seconds`; a step gets what is left, but no more than its own."""

    def __init__(self, seconds: float = TOTAL) -> None:
        self.until = monotonic() + seconds

    def left(self, most: float) -> float:
        """Seconds for the next step. Raises TimeoutError when none are left."""
        left = self.until - monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        return min(left, most)


class Line:
    """What `http.client` needs of a socket; each read and write watches the deadline."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self.sock, self.deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(self.deadline.left(READ))
        self.sock.sendall(data)

    def makefile(self, mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self))

    def close(self) -> None:
        self.sock.close()


class _Reader(io.RawIOBase):
    def __init__(self, line: Line) -> None:
        self.line = line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        self.line.sock.settimeout(self.line.deadline.left(READ))
        return self.line.sock.recv_into(memoryview(buffer))


def dial(address: tuple[str, int], seconds: float) -> socket.socket:
    """Connect to a numeric address. Raises OSError."""
    return socket.create_connection(address, timeout=seconds)


def connect(
    spot: Place,
    addresses: list[str],
    deadline: Deadline,
    *,
    dialer: Dial = dial,
    trust: ssl.SSLContext | None = None,
) -> Line:
    """A line to the first of the checked addresses that answers; TLS is for the name.

    Raises OSError, and Refused if the other end is not the address that was checked.
    """
    sock = _first(spot, addresses, deadline, dialer)
    try:
        _check_peer(sock, spot)
        if spot.scheme == "https":
            sock.settimeout(deadline.left(READ))
            context = trust or ssl.create_default_context()
            sock = context.wrap_socket(sock, server_hostname=spot.host)
    except BaseException:
        sock.close()
        raise
    return Line(sock, deadline)


def _first(
    spot: Place, addresses: list[str], deadline: Deadline, dialer: Dial
) -> socket.socket:
    quick = Deadline(deadline.left(CONNECT))
    failure = OSError("no address")
    for address in addresses:
        try:
            return dialer((address, spot.port), quick.left(CONNECT))
        except OSError as error:
            failure = error
    raise failure


def _check_peer(sock: socket.socket, spot: Place) -> None:
    """Once more, of the connection itself: nothing between the check and it may differ."""
    peer = str(sock.getpeername()[0])
    if not spot.is_internal and not is_public(peer.partition("%")[0]):
        raise Refused(_("The connection led to an address inside a network."))
