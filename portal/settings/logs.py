"""Logs: one readable line per event, on standard error."""

from typing import Any


def logging(level: str) -> dict[str, Any]:
    """Everything of ours at `level`, of others from warnings on."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": "portal.logs.LineFormatter"}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": level} for name in ("portal", "sla", "leads")},
            "django.server": {"level": level, "handlers": ["stderr"], "propagate": False},
        },
    }
