"""The load: people who hand leads in through the web, and try again until it is taken."""

import http.client
import itertools
import json
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlencode

from tests.chaos.stage.processes import HOST

TOKEN = "c" * 32  # a CSRF cookie and its header agree
TAKEN = re.compile(r"/leads/\d+/")  # where one is led whose lead was taken
ANSWERED_WITHIN = 30.0  # seconds; who waits longer tries again


class Load:
    """Hands `number` leads in, several at once; `acked` counts those that were taken.

    `taken` is called with each lead that was acknowledged, in its thread. Of several `hosts`
    the next one is asked where one did not answer. Each of the hands rests for `pause`
    seconds after a lead.
    """

    def __init__(
        self,
        number: int,
        port: int,
        session: str,
        script: Path,
        taken: Callable[[str], None],
        *,
        hands: int = 3,
        hosts: Sequence[str] = (HOST,),
        patience: float = ANSWERED_WITHIN,
        pause: float = 0,
    ) -> None:
        self.number, self.port, self.script, self.taken = number, port, script, taken
        self.hosts, self.patience, self.pause = hosts, patience, pause
        self.cookie = f"concord_session={session}; concord_csrf={TOKEN}"
        self.next, self.acked = 0, 0
        self.answers: Counter[str] = Counter()
        self.lock = threading.Lock()
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self._run, daemon=True) for _ in range(hands)]

    def __enter__(self) -> "Load":
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.ended.set()
        for thread in self.threads:
            thread.join()

    @property
    def is_done(self) -> bool:
        return self.acked == self.number

    @property
    def refused(self) -> int:
        """How often somebody had to ask again."""
        with self.lock:
            return self.answers.total() - self.answers["taken"]

    def _run(self) -> None:
        while not self.ended.is_set():
            with self.lock:
                mine, self.next = self.next, self.next + 1
            if mine >= self.number:
                return
            self._hand_in(f"Chaos {mine:05d}")
            self.ended.wait(self.pause)

    def _hand_in(self, lead: str) -> None:
        tried = time.time()
        first = int(lead[-5:]) % len(self.hosts)
        hosts = itertools.cycle([*self.hosts[first:], *self.hosts[:first]])
        while (answer := self._post(lead, next(hosts))) != "taken":
            self._count(answer)
            if self.ended.wait(0.2):
                return
        line = {"lead": lead, "tried": tried, "acked": time.time()}
        self._count(answer)
        with self.lock, self.script.open("a") as script:
            script.write(json.dumps(line) + "\n")
        self.taken(lead)
        with self.lock:
            self.acked += 1

    def _count(self, answer: str) -> None:
        with self.lock:
            self.answers[answer] += 1

    def _post(self, lead: str, host: str) -> str:
        """`taken`, or the status of another answer; `no answer` if nobody was there."""
        line = http.client.HTTPConnection(host, self.port, timeout=self.patience)
        email = f"{lead.replace(' ', '').lower()}@example.test"
        body = urlencode({"name": lead, "email": email})
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookie,
            "Host": "localhost",
            "X-CSRFToken": TOKEN,
        }
        try:
            line.request("POST", "/leads/new/", body, headers)
            answer = line.getresponse()
            taken = TAKEN.fullmatch(answer.headers.get("Location", ""))
            return "taken" if taken else str(answer.status)
        except (OSError, http.client.HTTPException):
            return "no answer"
        finally:
            line.close()
