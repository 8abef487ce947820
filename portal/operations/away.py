"""A database that is away is one line a request in the log, and not a trace each."""

import logging

from django.db import InterfaceError, OperationalError

TRACE_EVERY = 60.0  # seconds


class InOneLine(logging.Filter):
    """It fails each request alike: the first of a minute is told with its trace, the others
    in one line. Neither names the path, in which a link's secret may stand."""

    def __init__(self) -> None:
        super().__init__()
        self.traced_at = float("-inf")

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not isinstance(error, OperationalError | InterfaceError):
            return True
        record.msg, record.args = "the database is away", ()
        if record.created - self.traced_at < TRACE_EVERY:
            record.exc_info = record.exc_text = None
        else:
            self.traced_at = record.created
        return True
