"""How a log line looks: time, level, logger, message, then the data as key=value."""

import json
import logging

_OWN = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class LineFormatter(logging.Formatter):
    """One event, one line: line breaks inside a message or a value are escaped."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802
        line = super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")
        return line + "".join(f" {key}={_shown(value)}" for key, value in _extra(record))


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
