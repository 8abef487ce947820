"""Which addresses may be called: what a URL must look like, and where its name may lead.

Pure but for `resolve`, which asks the resolver once.
"""

import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, Queue
from threading import Thread
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

PORTS = {"https": frozenset({443, 8443}), "http": frozenset({80, 8080})}
DEFAULT_PORT = {"https": 443, "http": 80}
LONGEST = 2_000  # characters of a URL
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_PLAIN = re.compile(r"[\x21-\x7e]+")

_NAT64 = (ip_network("64:ff9b::/96"), ip_network("64:ff9b:1::/48"))
_SIX_TO_FOUR = ip_network("2002::/16")
# Not for the public, whatever a version of Python's own table says of them.
_CLOSED = tuple(
    ip_network(net)
    for net in (
        "0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15",
        "224.0.0.0/4", "240.0.0.0/4", "::/96", "100::/64", "2001::/23", "2001:db8::/32",
        "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    )
)  # fmt: skip

Address = IPv4Address | IPv6Address
Resolver = Callable[[str, int], Iterable[str]]


class Refused(Exception):
    """The portal does not call this address; the message says why, for whoever typed it."""


@dataclass(frozen=True)
class Policy:
    """What is allowed beside https: plain http, ports, internal hosts.

    `internal` names hosts ("chat.intra" or "chat.intra:8065") that may be anywhere; `outside`
    those of the public ("crm.example", "*.crm.example"), None: the whole world.
    """

    http: bool = False
    internal: frozenset[str] = frozenset()
    ports: frozenset[int] = frozenset()
    outside: frozenset[str] | None = None

    def names(self, host: str) -> bool:
        """Whether a host of the public may be called at all."""
        if self.outside is None or host in self.outside:
            return True
        labels = host.split(".")
        above = (".".join(labels[at:]) for at in range(1, len(labels)))
        return any(f"*.{domain}" in self.outside for domain in above)


@dataclass(frozen=True)
class Place:
    """An address that may be called, once its name leads to where it may."""

    scheme: str
    host: str
    port: int
    target: str
    is_internal: bool

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORT[self.scheme] else f"{name}:{self.port}"


def place(url: str, policy: Policy) -> Place:
    """Read a URL; raises Refused for what may not be called, before anybody is asked."""
    if len(url) > LONGEST or not _PLAIN.fullmatch(url) or "\\" in url:
        raise Refused(_("The address has characters that no address has."))
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise Refused(_("This is not an address.")) from None
    if parts.scheme not in ({"https", "http"} if policy.http else {"https"}):
        raise Refused(_("The address must begin with https://."))
    if "@" in parts.netloc:
        raise Refused(_("The address must not hold a name or a password."))
    if not _is_name(host):
        raise Refused(_("This is not the name of a host."))
    port = DEFAULT_PORT[parts.scheme] if port is None else port
    internal = host in policy.internal or f"{host}:{port}" in policy.internal
    if not internal and port not in PORTS[parts.scheme] | policy.ports:
        raise Refused(_("Port %(port)s is not allowed.") % {"port": port})
    if not internal and not policy.names(host):
        raise Refused(
            _("Whoever runs the portal has not named %(host)s in OUTGOING_HOSTS.")
            % {"host": host}
        )
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Place(parts.scheme, host, port, target, internal)


def _is_name(host: str) -> bool:
    if ":" in host:
        return _is_address(host)
    return len(host) <= 253 and all(_LABEL.fullmatch(label) for label in host.split("."))


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def allowed(addresses: Iterable[str], spot: Place) -> list[str]:
    """The addresses that a name leads to, if all of them may be called.

    One that may not spoils the rest: who owns the name could choose it next time. Raises
    Refused; also if there is none.
    """
    found = list(dict.fromkeys(addresses))
    if not found:
        raise Refused(_("The name leads nowhere."))
    if not spot.is_internal and not all(is_public(address) for address in found):
        raise Refused(_("The name leads to an address inside a network, not to the public."))
    return found


def is_public(text: str) -> bool:
    """Whether an address, and each that is wrapped in it, belongs to the public Internet."""
    try:
        address: Address = ip_address(text)
    except ValueError:
        return False
    while (inner := _unwrapped(address)) is not None:
        address = inner
    if any(address in net for net in _CLOSED if net.version == address.version):
        return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _unwrapped(address: Address) -> IPv4Address | None:
    """The IPv4 address inside a mapped, NAT64 or 6to4 one."""
    if isinstance(address, IPv4Address):
        return None
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if any(address in net for net in _NAT64):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour if address in _SIX_TO_FOUR else None


def ask_resolver(host: str, port: int) -> list[str]:
    """All addresses of a name, as the system's resolver knows them. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(info[4][0]) for info in found]


def resolve(spot: Place, resolver: Resolver, seconds: float) -> list[str]:
    """Ask the resolver once, for so long at most. Raises OSError, and Refused.

    The system's resolver knows no deadline, so it is asked aside; one that hangs is left
    to end by itself.
    """
    answer: Queue[list[str] | OSError] = Queue()

    def ask() -> None:
        try:
            answer.put(list(resolver(spot.host, spot.port)))
        except (OSError, UnicodeError) as error:
            answer.put(error if isinstance(error, OSError) else OSError(str(error)))

    Thread(target=ask, daemon=True).start()
    try:
        found = answer.get(timeout=max(seconds, 0.001))
    except Empty:
        raise TimeoutError("the resolver did not answer") from None
    if isinstance(found, OSError):
        raise found
    return allowed(found, spot)
