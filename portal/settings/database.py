"""One address of a database, as Django's settings want it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

KEEP_CONNECTION = 60  # seconds
STATEMENT_TIMEOUT = "15s"
IDLE_IN_TRANSACTION = "60s"
# Both ends notice within some ten seconds that the cable between them is cut: who asks goes
# on, and the server lets go of what the lost one had locked. A socket folder has no cables.
NOTICED = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
UNANSWERED = 10_000  # milliseconds

# IMMEDIATE is what prevents "database is locked"; WAL is what makes it fast. A cache of 16 MB,
# not of 2, and more statements kept ready than by itself: pages ask many different questions.
SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "cached_statements": 500,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-16000;"
    ),
}


def database(url: str, password: str = "") -> dict[str, Any]:
    """Settings for `sqlite:////absolute/path` or `postgresql://user:secret@host:port/name`.

    A PostgreSQL socket folder goes into the query: `postgresql:///name?host=/run/x&port=5433`.
    `password` is of use where the address holds none. Raises ValueError for any other kind of
    database, and for one without a name.
    """
    kind = url.partition(":")[0]
    if kind == "sqlite":
        return sqlite(Path(url.removeprefix("sqlite:///")))
    if kind in {"postgres", "postgresql"}:
        return _postgresql(url, password)
    raise ValueError("DATABASE_URL must begin with sqlite: or postgresql:")


def sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": KEEP_CONNECTION,
        "OPTIONS": dict(SQLITE_OPTIONS),
    }


def _postgresql(url: str, password: str) -> dict[str, Any]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    name = unquote(parts.path.lstrip("/"))
    if not name:
        raise ValueError("DATABASE_URL names no database")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")) or password,
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": query.pop("port", "") or str(parts.port or ""),
        "CONN_MAX_AGE": KEEP_CONNECTION,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            **query,
            "connect_timeout": 5,
            **NOTICED,
            "tcp_user_timeout": UNANSWERED,
            "options": " ".join(f"-c {name}={value}" for name, value in _of_the_server()),
        },
    }


def _of_the_server() -> Iterator[tuple[str, object]]:
    """What the server does for each of our connections."""
    yield "statement_timeout", STATEMENT_TIMEOUT
    yield "idle_in_transaction_session_timeout", IDLE_IN_TRANSACTION
    yield from ((f"tcp_{name}", value) for name, value in NOTICED.items())
    yield "tcp_user_timeout", UNANSWERED
