"""One launcher in one folder."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.errors import DomainError


class CannotStart(DomainError):
    """Something outside the portal is in the way; the message says what to do."""


@contextmanager
def only_one_in(folder: Path) -> Iterator[None]:
    """Hold the folder's lock; the system lets go of it however this process ends.

    Raises CannotStart if another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "launcher.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotStart(f"Concord is running already on {folder}.") from error
        yield
