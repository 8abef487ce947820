"""The control: two ways in which reminders are often built, under the same faults.

    python -I tests/chaos/naive.py timers|marker DATABASE PORT HOOK

`timers` keeps each due time in memory, as a timer or a task with an `eta` does. `marker`
looks for due rows, marks them as done, and then writes the alert and sends it. Both must
fail before the oracle: a judge who finds nothing here would find nothing anywhere.
"""

import contextlib
import http.client
import json
import sqlite3
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

STEPS = {"warn": (6, "left:"), "due": (8, "Due now:"), "after": (12, "late:")}
TRIES = 3
TABLES = (
    "CREATE TABLE IF NOT EXISTS handoff (lead TEXT, start INTEGER);"
    "CREATE TABLE IF NOT EXISTS step (lead TEXT, step TEXT, due INTEGER, done INTEGER);"
    "CREATE TABLE IF NOT EXISTS alert (lead TEXT, step TEXT, due INTEGER, raised INTEGER);"
)


def now() -> int:
    """Microseconds since 1970."""
    return time.time_ns() // 1_000


class Naive:
    def __init__(self, database: str, hook: str) -> None:
        self.database, self.hook = database, urlsplit(hook)
        with self.opened() as connection:
            connection.executescript("PRAGMA journal_mode=WAL;" + TABLES)

    def opened(self) -> sqlite3.Connection:
        return sqlite3.connect(self.database, timeout=60, isolation_level=None)

    def tell(self, lead: str, step: str, due: int) -> None:
        """Write the alert, then send it; try again if nothing comes back."""
        self.opened().execute("INSERT INTO alert VALUES (?, ?, ?, ?)", (lead, step, due, now()))
        for _ in range(TRIES):
            with contextlib.suppress(OSError, http.client.HTTPException):
                self.send(f"{STEPS[step][1]} {lead}")
                break

    def send(self, title: str) -> None:
        line = http.client.HTTPConnection(self.hook.netloc, timeout=10)
        body = json.dumps({"data": {"notices": [{"title": title}]}})
        line.request("POST", self.hook.path, body, {"webhook-id": str(uuid.uuid4())})
        line.getresponse().read()
        line.close()

    def offer(self, lead: str) -> None:
        """A handoff begins."""
        start = now()
        connection = self.opened()
        connection.execute("INSERT INTO handoff VALUES (?, ?)", (lead, start))
        for step, (after, _) in STEPS.items():
            self.remember(connection, lead, step, start + after * 1_000_000)

    def remember(self, connection: sqlite3.Connection, lead: str, step: str, due: int) -> None:
        timer = threading.Timer((due - now()) / 1e6, self.tell, [lead, step, due])
        timer.daemon = True
        timer.start()

    def watch(self) -> None:
        """Nothing: the timers know."""


class Marker(Naive):
    def remember(self, connection: sqlite3.Connection, lead: str, step: str, due: int) -> None:
        connection.execute("INSERT INTO step VALUES (?, ?, ?, 0)", (lead, step, due))

    def watch(self) -> None:
        connection = self.opened()
        while True:
            due = connection.execute(
                "SELECT rowid, lead, step, due FROM step WHERE NOT done AND due <= ? LIMIT 50",
                (now(),),
            ).fetchall()
            for row, *_ in due:
                connection.execute("UPDATE step SET done = 1 WHERE rowid = ?", (row,))
            for _, lead, step, instant in due:
                self.tell(lead, step, instant)
            time.sleep(0.5)


def main(mode: str, database: str, port: str, hook: str) -> None:
    naive = Naive(database, hook) if mode == "timers" else Marker(database, hook)
    threading.Thread(target=naive.watch, daemon=True).start()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            naive.offer(self.rfile.read(int(self.headers["content-length"])).decode())
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quietly."""

    ThreadingHTTPServer(("127.0.0.1", int(port)), Door).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
