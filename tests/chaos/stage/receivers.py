"""The world outside: a receiver of webhooks and one of mail, that lose some replies.

What arrives is written down before anything is answered. Of each hundred messages some get
no reply the first time they come, the connection is closed instead; which, their keys say,
so that a repeat is answered.
"""

import asyncio
import email
import email.policy
import hashlib
import json
import threading
from collections import Counter
from pathlib import Path

from tests.chaos.stage.processes import HOST

MOST_OF_A_MAIL = 2**20  # bytes; a reader of asyncio gives up at 64 KiB otherwise


class Receivers:
    """Both receivers in a thread of their own; `heard` keeps each message that came."""

    def __init__(
        self, hook_port: int, mail_port: int, wire: Path, *, loses: int = 5, host: str = HOST
    ) -> None:
        self.ports, self.wire, self.loses = (hook_port, mail_port), wire, loses
        self.host = host
        self.came: Counter[tuple[str, str]] = Counter()
        self.lost_replies = 0
        self.heard: list[dict[str, str]] = []
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> "Receivers":
        self.thread.start()
        assert self.ready.wait(60)
        return self

    def __exit__(self, *_: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._listen())
        self.ready.set()
        self.loop.run_forever()
        for server in self.servers:
            server.close()
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    async def _listen(self) -> None:
        hook, mail = self.ports
        self.servers = [
            await asyncio.start_server(self._guarded(self._hook), self.host, hook),
            await asyncio.start_server(
                self._guarded(self._mail), self.host, mail, limit=MOST_OF_A_MAIL
            ),
        ]

    def _guarded(self, talk):
        async def run(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await talk(reader, writer)
            except (OSError, asyncio.IncompleteReadError, ValueError):
                pass  # the sender was killed
            finally:
                writer.close()

        return run

    def take(self, design: str, channel: str, key: str, text: str, to: str) -> bool:
        """Write a message down; whether its reply may be given."""
        message = {"design": design, "channel": channel, "key": key, "text": text, "to": to}
        with self.wire.open("a") as wire:
            wire.write(json.dumps(message) + "\n")
        self.heard.append(message)
        self.came[design, key] += 1
        drawn = int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % 100
        lost = drawn < self.loses and self.came[design, key] == 1
        self.lost_replies += lost and design == "concord"
        return not lost

    async def _hook(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        path = head.split(" ", 2)[1]
        fields = dict(line.lower().split(": ", 1) for line in head.split("\r\n")[1:] if line)
        body = json.loads(await reader.readexactly(int(fields["content-length"])))
        notices = body["data"]["notices"]
        titles = [notice["title"] for notice in notices]
        people = {one["email"] for notice in notices for one in notice.get("recipients", [])}
        key = fields["webhook-id"]
        to = " ".join(sorted(people))
        if self.take(path.strip("/"), "webhook", key, "\n".join(titles), to):
            writer.write(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n")
            await writer.drain()

    async def _mail(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        async def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())
            await writer.drain()

        await say("220 receiver ESMTP")
        while line := await reader.readline():
            verb = line[:4].upper()
            if verb == b"DATA":
                await say("354 go on")
                if not self._mailed(await reader.readuntil(b"\r\n.\r\n")):
                    return
            elif verb == b"QUIT":
                await say("221 bye")
                return
            await say("250 ok")

    def _mailed(self, data: bytes) -> bool:
        mail = email.message_from_bytes(data[:-5], policy=email.policy.default)
        part = mail.get_body(("plain",))
        text = part.get_content() if part else ""
        return self.take("concord", "mail", mail["Message-ID"], text, mail["To"])
