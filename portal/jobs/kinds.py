"""What a kind of job does in one step, found by name: the ground knows no kind itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string

from portal.jobs.models import Job


@dataclass(frozen=True)
class Step:
    """How far the work is after one step, and whether that was the last one.

    `result` and `back`, the page to go to, are kept once they are said.
    """

    cursor: int
    total: int = 0
    done: bool = False
    counts: Mapping[str, int] = field(default_factory=dict)
    result: Mapping[str, Any] = field(default_factory=dict)
    back: str = ""


Work = Callable[[Job, datetime], Step]
"""One step of a few seconds at most: `work(job, at)`, outside any transaction.

It may be done twice after a crash, or beside another that has not noticed yet that it lost
the job, and must then change nothing twice. It raises DomainError if the work cannot be
done, with the reason for who asked.
"""


def work_of(kind: str) -> Work:
    """The function that does a step of `kind`. Raises KeyError for a kind nobody bound."""
    found: Work = import_string(settings.JOBS[kind])
    return found
