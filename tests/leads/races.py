"""Many at once: threads that start together, each with a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection

from portal.errors import DomainError

Act = Callable[[], Any]


def at_once(acts: Sequence[Act]) -> tuple[list[Any], list[DomainError]]:
    """Run all acts at the same moment; return what they returned, and the refusals.

    Anything else that one of them raises is raised here: no race ends in a fault.
    """
    barrier = Barrier(len(acts))

    def run(act: Act) -> Any:
        try:
            barrier.wait()
            return act()
        except DomainError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        ended = list(pool.map(run, acts))
    refused = [one for one in ended if isinstance(one, DomainError)]
    return [one for one in ended if not isinstance(one, DomainError)], refused
