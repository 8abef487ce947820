"""What an address that somebody typed in can make the portal call: nothing but itself."""

import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.notifications import http
from portal.notifications.http import Policy, Refused, Reply, Unreachable, line, send
from portal.notifications.http.address import is_public, place
from tests.portal.hostile import (
    Server,
    answering,
    babbling,
    dripping,
    endless,
    hanging,
    hanging_up,
    serving,
)

PUBLIC = "93.184.216.34"


@pytest.fixture(scope="module")
def canary() -> Iterator[Server]:
    """A server on loopback that nobody may reach."""
    with serving(answering("200 OK")) as server:
        yield server
        assert server.came == 0


def names(**known: list[str]):
    """A resolver that knows some names, and numbers as the system's own does."""

    def resolve(host: str, port: int) -> list[str]:
        if host in known:
            return known[host]
        return [str(info[4][0]) for info in socket.getaddrinfo(host, port)]

    return resolve


# Each with the canary's port where it says PORT, which this policy allows.
CASES = {
    "loopback": "https://127.0.0.1:PORT/",
    "another loopback": "https://127.8.9.1:PORT/",
    "short loopback": "https://127.1:PORT/",
    "shorter": "https://127.0.1:PORT/",
    "hexadecimal": "https://0x7f.1:PORT/",
    "all hexadecimal": "https://0x7f000001:PORT/",
    "octal": "https://0177.0.0.1:PORT/",
    "one number": "https://2130706433:PORT/",
    "nought": "https://0:PORT/",
    "any": "https://0.0.0.0:PORT/",
    "localhost": "https://localhost:PORT/",
    "in capitals": "https://LOCALHOST:PORT/",
    "trailing dot": "https://localhost.:PORT/",
    "address with a trailing dot": "https://127.0.0.1.:PORT/",
    "two trailing dots": "https://127.0.0.1..:PORT/",
    "six": "https://[::1]:PORT/",
    "six in full": "https://[0:0:0:0:0:0:0:1]:PORT/",
    "six any": "https://[::]:PORT/",
    "mapped": "https://[::ffff:127.0.0.1]:PORT/",
    "mapped in hexadecimal": "https://[::ffff:7f00:1]:PORT/",
    "compatible": "https://[::127.0.0.1]:PORT/",
    "nat64": "https://[64:ff9b::7f00:1]:PORT/",
    "local nat64": "https://[64:ff9b:1::7f00:1]:PORT/",
    "6to4": "https://[2002:7f00:1::]:PORT/",
    "teredo": "https://[2001:0:7f00:1::1]:PORT/",
    "link-local six": "https://[fe80::1]:PORT/",
    "link-local with a zone": "https://[fe80::1%25lo]:PORT/",
    "site-local": "https://[fec0::1]:PORT/",
    "unique local": "https://[fd00::1]:PORT/",
    "multicast six": "https://[ff02::1]:PORT/",
    "documentation six": "https://[2001:db8::1]:PORT/",
    "discard": "https://[100::1]:PORT/",
    "metadata": "https://169.254.169.254/latest/meta-data/",
    "metadata as a number": "https://2852039166/",
    "ten": "https://10.0.0.1/",
    "one hundred and seventy-two": "https://172.16.0.1/",
    "one hundred and ninety-two": "https://192.168.1.1/",
    "carrier": "https://100.64.0.1/",
    "benchmarks": "https://198.18.0.1/",
    "documentation": "https://192.0.2.1/",
    "protocol": "https://192.0.0.8/",
    "multicast": "https://224.0.1.1/",
    "reserved": "https://240.0.0.1/",
    "broadcast": "https://255.255.255.255/",
    "full-width dots": "https://127。0。0。1:PORT/",
    "full-width digits": "https://１２７.0.0.1:PORT/",
    "circled": "https://ⓛocalhost:PORT/",
    "a name before an at": "https://hooks.example@127.0.0.1:PORT/",
    "a name and a password": "https://a:b@127.0.0.1:PORT/",
    "an at in the password": "https://a:b@c@127.0.0.1:PORT/",
    "a backslash": "https://hooks.example\\@127.0.0.1:PORT/",
    "a fragment": "https://127.0.0.1:PORT#@hooks.example/",
    "a question": "https://127.0.0.1:PORT?@hooks.example/",
    "a blank": "https://127.0.0.1 :PORT/",
    "a tab": "https://127.0\t.0.1:PORT/",
    "a line break": "https://127.0.0.1:PORT/\r\nHost: hooks.example",
    "nul": "https://127.0.0.1\x00.hooks.example:PORT/",
    "gopher": "gopher://127.0.0.1:PORT/_GET",
    "file": "file:///etc/passwd",
    "ftp": "ftp://127.0.0.1:PORT/",
    "data": "data:text/plain,x",
    "no scheme": "//127.0.0.1:PORT/",
    "only a path": "/hook",
    "empty": "",
    "no host": "https:///hook",
    "plain http": "http://127.0.0.1:PORT/",
    "a bad port": "https://127.0.0.1:99999/",
    "port of ssh": "https://127.0.0.1:22/",
    "percent": "https://127.0.0%2e1:PORT/",
    "inside by name": "https://inside.example:PORT/",
    "one inside among public ones": "https://mixed.example:PORT/",
    "six inside among public ones": "https://mixed6.example:PORT/",
    "nowhere": "https://nowhere.example:PORT/",
    "no address": "https://garbled.example:PORT/",
}
NAMES = {
    "inside.example": ["127.0.0.1"],
    "mixed.example": [PUBLIC, "127.0.0.1"],
    "mixed6.example": [PUBLIC, "::ffff:127.0.0.1"],
    "nowhere.example": [],
    "garbled.example": ["127.0.0.1%lo"],
}


@pytest.mark.parametrize("url", CASES.values(), ids=CASES)
def test_no_address_leads_inside(url, canary):
    policy = Policy(ports=frozenset({canary.port}))

    with pytest.raises((Refused, Unreachable)):
        send(url.replace("PORT", str(canary.port)), policy=policy, resolver=names(**NAMES))

    assert canary.came == 0


def test_where_http_is_allowed_it_leads_inside_no_more(canary):
    policy = Policy(http=True, ports=frozenset({canary.port}))

    with pytest.raises(Refused):
        send(canary.url(), policy=policy)

    assert canary.came == 0


def test_a_name_is_resolved_once_and_that_address_is_called(canary):
    """A name that leads elsewhere when it is asked again gains nothing by it."""
    answers, called = iter([[PUBLIC], ["127.0.0.1"]]), []

    def dial(address, seconds):
        called.append(address)
        raise ConnectionRefusedError(111, "refused")

    with pytest.raises(Unreachable):
        send(
            f"https://rebound.example:{canary.port}/",
            policy=Policy(ports=frozenset({canary.port})),
            resolver=lambda host, port: next(answers),
            dialer=dial,
        )

    assert called == [(PUBLIC, canary.port)]
    assert next(answers) == ["127.0.0.1"]  # nobody asked again


def test_a_connection_that_led_elsewhere_is_dropped_before_a_byte_is_sent():
    with serving(answering("200 OK")) as inside:

        def led_astray(address, seconds):
            return socket.create_connection(("127.0.0.1", inside.port), timeout=seconds)

        with pytest.raises(Refused):
            send(
                "https://hooks.example/", policy=Policy(),
                resolver=names(**{"hooks.example": [PUBLIC]}), dialer=led_astray,
            )  # fmt: skip

    assert b"".join(inside.heard) == b""


def test_a_redirect_is_an_answer_and_is_not_followed(canary):
    elsewhere = f"Location: http://127.0.0.1:{canary.port}/"
    with serving(answering("302 Found", b"", elsewhere)) as server:
        reply = send(server.url(), policy=inside(server))

    assert (reply.status, reply.is_ok, server.came) == (302, False, 1)
    assert canary.came == 0


def test_a_proxy_of_the_environment_is_not_asked(monkeypatch, canary):
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    with serving(answering("204 No Content", b"")) as server:
        assert send(server.url(), policy=inside(server)).is_ok

    assert canary.came == 0


def inside(server: Server) -> Policy:
    """An operator says that this host may be inside, and asks for plain http."""
    return Policy(http=True, internal=frozenset({f"127.0.0.1:{server.port}"}))


def test_an_internal_host_is_reached_where_the_operator_names_it():
    with serving(answering("200 OK", b"fine")) as server:
        url = server.url("/hook?a=1")
        reply = send(url, policy=inside(server), body=b"{}", headers={"X-One": "1"})

    (heard,) = server.heard
    assert reply == Reply(200, reply.headers, b"fine")
    assert heard.startswith(b"POST /hook?a=1 HTTP/1.1\r\n")
    assert f"\r\nHost: 127.0.0.1:{server.port}\r\n".encode() in heard
    assert heard.endswith(b"\r\n\r\n{}")


def test_another_port_of_an_internal_host_stays_closed(canary):
    with serving(answering("200 OK")) as server, pytest.raises(Refused):
        send(canary.url(), policy=inside(server))


@pytest.mark.parametrize(
    "talk", [hanging, dripping, hanging_up, babbling], ids=lambda talk: talk.__name__
)
def test_who_does_not_answer_properly_is_left_in_time(talk):
    with serving(talk) as server, pytest.raises(Unreachable):
        send(server.url(), policy=inside(server), seconds=0.3)


def test_of_an_endless_body_64_kib_are_read():
    with serving(endless) as server:
        reply = send(server.url(), policy=inside(server))

    assert len(reply.body) == 64 * 1024


def test_a_body_that_breaks_off_leaves_the_status_as_the_answer():
    """What was taken must not be sent again because the rest of the answer is slow."""

    def slow_body(sock, ended):
        sock.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\nx")
        ended.wait(30)

    with serving(slow_body) as server:
        reply = send(server.url(), policy=inside(server), seconds=0.3)

    assert (reply.status, reply.body) == (202, b"")


def test_a_resolver_that_hangs_is_not_waited_for():
    never = threading.Event()
    with pytest.raises(Unreachable, match="in time"):
        send(
            "https://hooks.example/", policy=Policy(), seconds=0.05,
            resolver=lambda host, port: [PUBLIC][: int(never.wait(5))],
        )  # fmt: skip
    never.set()


def test_nobody_there_is_told_in_words():
    with serving(answering("200 OK")) as server:
        policy, url = inside(server), server.url()

    with pytest.raises(Unreachable, match="refused"):
        send(url, policy=policy)


def test_tls_is_for_the_name_and_a_stranger_is_not_believed():
    asked = []

    class Context(ssl.SSLContext):
        def wrap_socket(self, sock, **given):
            asked.append(given["server_hostname"])
            raise ssl.SSLCertVerificationError("self-signed")

    with serving(hanging) as server:
        policy = Policy(internal=frozenset({"hooks.example"}))
        with pytest.raises(Unreachable, match="TLS"):
            send(
                f"https://hooks.example:{server.port}/", policy=policy,
                resolver=names(**{"hooks.example": ["127.0.0.1"]}),
                trust=Context(ssl.PROTOCOL_TLS_CLIENT),
            )  # fmt: skip

    assert asked == ["hooks.example"]


def test_a_header_cannot_carry_another():
    with serving(answering("200 OK")) as server, pytest.raises(Unreachable):
        send(server.url(), policy=inside(server), headers={"X-One": "1\r\nX-Two: 2"})


def test_the_limits_are_those_that_are_promised():
    assert (line.CONNECT, line.READ, line.TOTAL) == (3.0, 10.0, 15.0)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": "99999999999999999999"}, 3600),
        (
            {
                "retry-after": "Mon, 02 Mar 2026 09:10:00 GMT",
                "date": "Mon, 02 Mar 2026 09:00:00 GMT",
            },
            600,
        ),
        ({"retry-after": "Mon, 02 Mar 2026 09:10:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-5"}, None),
        ({"retry-after": "١٢"}, None),
        ({}, None),
    ],
)
def test_how_long_the_other_asks_to_wait(headers, seconds):
    wait = Reply(429, headers, b"").retry_after(timedelta(hours=1))

    assert wait == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("address", ["8.8.8.8", PUBLIC, "2606:4700::1", "64:ff9b::808:808"])
def test_the_public_internet_is_public(address):
    assert is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.slack.com/services/T0/B0/x",
        "https://prod-1.westeurope.logic.azure.com:443/workflows/a?sig=b%2Fc",
        "https://xn--bcher-kva.example:8443/",
        "https://[2606:4700::1]/",
    ],
)
def test_an_ordinary_address_is_read(url):
    assert place(url, Policy()).scheme == "https"


NAMED = Policy(
    outside=frozenset({"hooks.slack.com", "*.office.com"}), internal=frozenset({"chat.intra"})
)


@pytest.mark.parametrize(
    "host",
    ["hooks.slack.com", "HOOKS.slack.com.", "a.office.com", "a.b.office.com", "chat.intra"],
)
def test_a_host_that_operators_named_may_be_called(host):
    assert place(f"https://{host}/x", NAMED).target == "/x"


@pytest.mark.parametrize(
    "host",
    [
        "slack.com", "evil.hooks.slack.com", "hooks.slack.com.evil.example", "office.com",
        "evil-office.com", "xoffice.com", "evil.example", PUBLIC, "[2606:4700::1111]",
    ],
)  # fmt: skip
def test_a_host_that_nobody_named_is_called_by_no_door(host, settings):
    settings.OUTGOING_HOSTS = NAMED.outside

    with pytest.raises(Refused, match="OUTGOING_HOSTS"):
        place(f"https://{host}/x", NAMED)
    with pytest.raises(Refused, match="OUTGOING_HOSTS"):
        send(f"https://{host}/x", policy=http.policy(allows_http=False))
