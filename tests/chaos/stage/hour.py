"""An hour without the broker, in simulated time.

The portal's own loop of `sweep --watch`, its beat and its web run in one process, on the
real database; the time they read and the sleep between two looks are simulated, so that an
hour takes seconds. The broker is really not there: its port refuses.
"""

import time
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.test import Client

from leads.management.commands.sweep import Watch
from portal import wallclock
from portal.celery import app
from portal.scheduler import DueScheduler
from tests.chaos.stage.load import TAKEN
from tests.chaos.stage.script import AFTER, WITHIN

HOUR, LEADS = 3_600, 60
ENDS = timedelta(seconds=HOUR + WITHIN + AFTER + 20)


class Clock:
    """The time that everything here reads; it passes only by sleeping."""

    def __init__(self) -> None:
        self.at = wallclock.now()

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def play(session: str, write: Any) -> dict[str, int]:
    """Hand a lead in each minute; return how the requests were answered."""
    clock, answers = Clock(), Counter[str]()
    began, wallclock.now, time.sleep = clock.at, clock.now, clock.sleep
    web, watch, beat = Client(), Watch(deliver=True), DueScheduler(app)
    web.cookies["concord_session"] = session
    swept: datetime | None = None
    while clock.at - began < ENDS:
        number = answers.total()
        if number < LEADS and clock.at - began >= number * timedelta(minutes=1):
            answers[hand_in(web, number, clock.at, write)] += 1
            beat.tick()  # each message that it sends fails, and costs it nothing
        swept = watch.turn(clock.at, swept)
    return dict(answers)


def hand_in(web: Client, number: int, at: datetime, write: Any) -> str:
    lead = f"Chaos {number:05d}"
    form = {"name": lead, "email": f"chaos{number:05d}@example.test"}
    answer = web.post("/leads/new/", form, HTTP_HOST="localhost")
    write(lead, at)
    return "taken" if TAKEN.fullmatch(answer.headers.get("Location", "")) else "failed"
