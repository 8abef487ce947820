"""A private database for one run of a benchmark: SQLite as Concord configures it, or a
PostgreSQL cluster of its own, whose commits reach the disk as a company's do."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # benchmarks are run as files, from anywhere

from tools.postgres_lane import cluster  # noqa: E402

KINDS = ("sqlite", "postgresql")
DURABLE = "-c shared_buffers=512MB -c max_wal_size=4GB -c max_connections=50"


@contextmanager
def private(kind: str) -> Iterator[dict[str, str]]:
    """An empty database while the block runs: the environment that leads to it."""
    with tempfile.TemporaryDirectory(prefix="concord-bench-") as folder:
        environment = {
            "DJANGO_SETTINGS_MODULE": "portal.settings.local",
            "DATA_DIR": folder,
            "LOG_LEVEL": "WARNING",
        }
        if kind == "sqlite":
            yield environment | {"DATABASE_URL": f"sqlite:///{folder}/concord.sqlite3"}
        else:
            with cluster(DURABLE) as url:
                yield environment | {"DATABASE_URL": url}


def once_for_each(kinds: Sequence[str], script: str, arguments: Sequence[str]) -> None:
    """Run a script once for each kind, as a process that has `--inside KIND` as its end."""
    for kind in kinds:
        with private(kind) as environment:
            command = [sys.executable, script, *arguments, "--inside", kind]
            subprocess.run(command, env=os.environ | environment, check=True)


def begin(settings: str = "") -> None:
    """In such a process: Django, and the tables. `settings` instead of those of one machine."""
    if settings:
        os.environ["DJANGO_SETTINGS_MODULE"] = settings
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
