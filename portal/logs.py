"""How a log line looks: for people, or as JSON for machines; and whose line it is.

Every line that is written while a request is answered or a task runs carries its id. A
request's id goes with the messages it sends, so that the task they wake carries it too.
"""

import json
import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}
_QUOTED = re.compile(r"\n(?:DETAIL|CONTEXT): .*(?:\n(?!\S).*)*")
_GIVEN = re.compile(r"[A-Za-z0-9._-]{8,64}")

_ids: ContextVar[dict[str, str] | None] = ContextVar("ids_of_this_work", default=None)


def ids() -> dict[str, str]:
    """`request` and `task` of what runs now, as far as there are any."""
    return dict(_ids.get() or {})


@contextmanager
def about(**more: str) -> Iterator[None]:
    """Let lines that are written inside carry these ids; empty ones say nothing."""
    token = _ids.set(ids() | {name: value for name, value in more.items() if value})
    try:
        yield
    finally:
        _ids.reset(token)


def begin(**known: str) -> None:
    """Let all lines from now on carry these ids and no others; for who cannot say `with`."""
    _ids.set({name: value for name, value in known.items() if value})


def forget() -> None:
    """No ids any more."""
    _ids.set(None)


def request_id(given: str) -> str:
    """The id that a proxy gave a request, if it is one; else a new one."""
    return given if _GIVEN.fullmatch(given) else uuid4().hex


class _WithoutValues(logging.Formatter):
    def formatException(self, ei: Any) -> str:  # noqa: N802
        """The trace, but not where a database quotes the row that it refused."""
        return _QUOTED.sub("", super().formatException(ei))


class LineFormatter(_WithoutValues):
    """One event, one line: line breaks inside a message or a value are escaped."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        line = super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
        pairs = [*_extra(record), *ids().items()]
        return line + "".join(f" {key}={_shown(value)}" for key, value in pairs)


class JsonFormatter(_WithoutValues):
    """One event, one line of JSON: at, level, logger, message, the data, the ids, an error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **dict(_extra(record)),
            **ids(),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def _extra(record: logging.LogRecord) -> list[tuple[str, object]]:
    # Celery and Django hang whole objects on their records; only plain values are data.
    return [
        (key, value)
        for key, value in record.__dict__.items()
        if key not in _OWN and isinstance(value, str | int | float | bool)
    ]


def _shown(value: object) -> str:
    text = str(value)
    return text if text.isprintable() and " " not in text else json.dumps(text)
