"""The points at which a process can be told to die, by an environment variable.

`CHAOS_DIE_AT=deliver-after-post` kills the process by SIGKILL the first time it comes there;
`:3` after the name, the third time. The portal's code knows nothing of it: the functions
are wrapped when the application `tests.chaos.stage` starts, which only the settings beside
this file install.
"""

import os
import signal
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

VARIABLE = "CHAOS_DIE_AT"

BEFORE, AFTER = "before", "after"
POINTS: dict[str, tuple[str, str, str]] = {
    "intake-before-commit": ("portal.ledger.recording", "_Recording.write", AFTER),
    "intake-after-commit": ("leads.actions.intake.receiving", "_receive", AFTER),
    "sweep-mid-batch": ("portal.notifications.outbox", "tell_all", AFTER),
    "sweep-before-commit": ("leads.actions.sweeping.sweep", "_save_next_steps", AFTER),
    "sweep-after-commit": ("leads.actions.sweeping.sweep", "remember_pass", BEFORE),
    "sweep-before-nudge": ("leads.tasks", "_nudge", BEFORE),
    "deliver-after-lease": ("portal.notifications.outbox", "_send_all", BEFORE),
    "deliver-after-post": ("portal.notifications.leases", "mark_sent", BEFORE),
    "deliver-endpoint-after-lease": ("portal.notifications.actions.lanes", "pack", BEFORE),
    "deliver-endpoint-after-post": (
        "portal.notifications.actions.lanes",
        "_Pass._settle",
        BEFORE,
    ),
    "accept-before-commit": ("portal.ledger.recording", "_Recording.write", BEFORE),
    "sign-before-commit": ("portal.ledger.recording", "_Recording.write", AFTER),
    "import-mid-chunk": ("leads.actions.imports.running", "_count", AFTER),
    "import-between-chunks": ("leads.actions.imports.running", "take", BEFORE),
    "publish-before-noting": ("portal.ledger.heads", "_note", BEFORE),
}


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def install(said: str) -> None:
    """Wrap what the variable names; an empty one changes nothing. Raises KeyError."""
    if not said:
        return
    name, _colon, times = said.partition(":")
    place, path, when = POINTS[name]
    owner: Any = import_module(place)
    *outer, attribute = path.split(".")
    for step in outer:
        owner = getattr(owner, step)
    setattr(owner, attribute, _deadly(getattr(owner, attribute), when, int(times or 1)))


def _deadly(function: Callable[..., Any], when: str, times: int) -> Callable[..., Any]:
    left = [times]

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0 and when == BEFORE:
            die()
        result = function(*args, **kwargs)
        if left[0] == 0:
            die()
        return result

    return run
