"""Companies to be tormented, founded once for each kind of database and worker of the run."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest

from tests.chaos.stage.company import House, Stage, house
from tests.chaos.stage.play import judged
from tests.chaos.stage.processes import soon
from tests.chaos.stage.receivers import Receivers


@pytest.fixture(scope="session")
def houses() -> Iterator[Callable[[str], House]]:
    with ExitStack() as stack:
        open_ones: dict[str, House] = {}

        def of(kind: str) -> House:
            if kind not in open_ones:
                open_ones[kind] = stack.enter_context(house(kind))
            return open_ones[kind]

        yield of


@dataclass
class Scene:
    """A company on SQLite whose messages arrive, with nothing running."""

    stage: Stage
    receivers: Receivers

    def hand_in(self, number: int, ago: float = 0, first: int = 0) -> None:
        leads = [f"Chaos {first + one:05d}" for one in range(number)]
        self.stage.do("hand_in", str(self.stage.script), leads, ago)

    def judged(self, **more: Any) -> dict[str, Any]:
        return judged(self.stage, **more)

    def is_settled(self, **more: Any) -> bool:
        """Whether the oracle finds nothing wrong, now or soon."""
        return soon(lambda: self.judged(**more)["ok"])

    def is_clean(self) -> bool:
        self.stage.do("manage", "audit")
        self.stage.do("manage", "verify_ledger")
        return True


@pytest.fixture
def scene(houses) -> Iterator[Scene]:
    found = houses("sqlite")
    stage = found.stage()
    with Receivers(found.hook_port, found.mail_port, stage.wire, loses=0) as receivers:
        yield Scene(stage, receivers)
        stage.close()
