"""Servers on loopback that behave badly, and one that only counts who came."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Talk = Callable[[socket.socket, threading.Event], None]


class Server:
    """Listens until it is closed; `came` counts connections, `heard` keeps what they sent."""

    def __init__(self, talk: Talk, family: int = socket.AF_INET) -> None:
        self.talk, self.came, self.heard = talk, 0, []
        self.ended = threading.Event()
        self.listener = socket.socket(family, socket.SOCK_STREAM)
        self.listener.bind(("::1" if family == socket.AF_INET6 else "127.0.0.1", 0))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            if self.ended.is_set():
                sock.close()
                return
            self.came += 1
            threading.Thread(target=self._talk, args=[sock], daemon=True).start()

    def _talk(self, sock: socket.socket) -> None:
        with sock, contextlib.suppress(OSError):
            self.heard.append(hear(sock))
            self.talk(sock, self.ended)

    def close(self) -> None:
        """Let those who hang go, and wake the listener, which waits for one more."""
        self.ended.set()
        with (
            contextlib.suppress(OSError),
            socket.create_connection(self.listener.getsockname()[:2], timeout=1),
        ):
            self.thread.join(1)
        self.listener.close()

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self.port}{path}"


@contextlib.contextmanager
def serving(talk: Talk, family: int = socket.AF_INET) -> Iterator[Server]:
    server = Server(talk, family)
    try:
        yield server
    finally:
        server.close()


def hear(sock: socket.socket) -> bytes:
    """One whole request."""
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := sock.recv(65536)):
            return data
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.split(b"\r\n")
            if line.lower().startswith(b"content-length:")
        ),
        0,
    )
    while len(body) < length and (more := sock.recv(65536)):
        body += more
    return head + b"\r\n\r\n" + body


def answering(status: str, body: bytes = b"ok", *headers: str) -> Talk:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Length: {len(body)}",
        "Connection: close",
        *headers,
    ]

    def talk(sock: socket.socket, ended: threading.Event) -> None:
        sock.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + body)

    return talk


def hanging(sock: socket.socket, ended: threading.Event) -> None:
    """Takes the request and says nothing."""
    ended.wait(30)


def dripping(sock: socket.socket, ended: threading.Event) -> None:
    """A header that never ends, a byte each hundredth of a second."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    while not ended.wait(0.01):
        sock.sendall(b"x")


def endless(sock: socket.socket, ended: threading.Event) -> None:
    """A body of ten gigabytes."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n")
    while not ended.is_set():
        sock.sendall(b"x" * 65536)


def hanging_up(sock: socket.socket, ended: threading.Event) -> None:
    """Takes the request and is gone."""


def babbling(sock: socket.socket, ended: threading.Event) -> None:
    sock.sendall(b"220 smtp.example.test ESMTP ready\r\n")
