"""Starts processes in order, relays what they say, and stops them in the reverse order."""

import selectors
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType

from portal.demo.launcher.child import Child
from portal.demo.launcher.terminal import Terminal

LOOK_EVERY = 0.2  # seconds
PATIENCE = 8.0  # seconds that a process may take to stop
LATELY, OFTEN = 60.0, 3  # so often in so many seconds: it will not stay up
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(Exception):
    """Somebody asked the launcher to stop before everything had started."""


class Supervisor:
    """The processes of one launcher. One thread; nothing else waits on them."""

    def __init__(self, terminal: Terminal) -> None:
        self.terminal = terminal
        self.children: list[Child] = []
        self.asked = 0
        self._ended: dict[str, list[float]] = {}  # when each, by name, ended by itself
        self._outputs = selectors.DefaultSelector()

    def listen(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal stop everything in order."""
        for number in STOPPING:
            signal.signal(number, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self.asked += 1

    @property
    def must_stop(self) -> bool:
        return self.asked > 0 or self.terminal.gone

    def start(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> Child:
        child = Child(name, command, environment)
        self.children.append(child)
        self._outputs.register(child.output, selectors.EVENT_READ, child)
        return child

    def run(self, name: str, command: Sequence[str], environment: Mapping[str, str]) -> int:
        """Run a command to its end; return its exit code. Raises Interrupted."""
        child = self.start(name, command, environment)
        self.wait_for(lambda: child.exit_code is not None, until=float("inf"))
        self._relay(child)
        self._forget(child)
        return child.process.wait()

    def wait_for(self, ready: Callable[[], bool], until: float) -> bool:
        """Relay until `ready()`; False if the monotonic instant `until` came first.

        Raises Interrupted if the launcher is asked to stop meanwhile.
        """
        while not ready():
            self.pump()
            if self.must_stop:
                raise Interrupted
            if time.monotonic() >= until:
                return False
        return True

    def watch(self) -> Child | None:
        """Relay until asked to stop (None), or until a process does not stay up (that one).

        A process that ends by itself is started again, unless it did so too often.
        """
        while not self.must_stop:
            self.pump()
            for child in [one for one in self.children if one.exit_code is not None]:
                if not self._again(child):
                    return child
        return None

    def _again(self, child: Child) -> bool:
        """Put a new process in the place of one that ended; False if that has no sense."""
        now = time.monotonic()
        lately = [one for one in self._ended.get(child.name, ()) if now - one < LATELY]
        if len(lately) >= OFTEN:
            return False
        self._ended[child.name] = [*lately, now]
        self.terminal.say(
            f"{child.name} ended (exit code {child.exit_code}). Starting it again."
        )
        place = self.children.index(child)
        child.kill_group()
        self._relay(child)
        self._forget(child)
        self.start(child.name, child.command, child.environment)
        self.children.insert(place, self.children.pop())  # the order of stopping stays
        return True

    def pump(self) -> None:
        """Relay what was said, waiting a moment for something to be said."""
        for key, _ in self._outputs.select(LOOK_EVERY):
            self._relay(key.data)
            if key.data.silent:
                self._outputs.unregister(key.fileobj)

    def _relay(self, child: Child) -> None:
        for line in child.lines():
            self.terminal.relay(child.name, line)

    def stop(self) -> None:
        """Stop every process, the last started first; who does not go in time is killed."""
        while self.children:
            child = self.children[-1]
            child.ask_to_stop()
            self._wait_until_gone(child, time.monotonic() + PATIENCE)
            child.kill_group()
            self._relay(child)
            self._forget(child)

    def _wait_until_gone(self, child: Child, until: float) -> None:
        insisted = self.asked + 1  # a second Ctrl-C does not wait
        while child.exit_code is None and time.monotonic() < until and self.asked < insisted:
            self.pump()

    def _forget(self, child: Child) -> None:
        self.children.remove(child)
        if child.output.fileno() in self._outputs.get_map():
            self._outputs.unregister(child.output)
        child.output.close()
