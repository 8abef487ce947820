"""Logs: one line per event on standard error, for people or (LOG_FORMAT=json) machines."""

from typing import Any

FORMATS = {"line": "portal.logs.LineFormatter", "json": "portal.logs.JsonFormatter"}


def logging(level: str, form: str = "line") -> dict[str, Any]:
    """Everything of ours at `level`, of others from warnings on. KeyError: no such form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {form: {"()": FORMATS[form]}},
        "filters": {"away": {"()": "portal.operations.away.InOneLine"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": form}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": level} for name in ("portal", "sla", "leads")},
            # What is refused has a line of ours, by its route; this one names the path, in
            # which a link's secret may stand. Faults of ours it still tells.
            "django.request": {"level": "ERROR", "filters": ["away"]},
            "django.server": {"level": level, "handlers": ["stderr"], "propagate": False},
        },
    }
