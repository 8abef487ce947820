"""A company of an older release is brought up to date by `migrate`, with all that it holds.

Each file here is the database of a small demo company as a release left it, named by its
newest migration of `leads`. A release adds one: `python -m tests.upgrades DATA_DIR`.
"""

import gzip
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).parents[2]
LEFT = sorted(Path(__file__).parent.glob("*.sql.gz"))
# Rebuilt by Django with every `migrate`, or what a session leaves behind.
ITS_OWN = {"django_migrations", "django_content_type", "auth_permission", "sqlite_sequence"}
# Somebody says that the gap since the last sweep is real; what came due in it is caught up.
AS_IT_STARTS = (("sweep",), ("clock", "confirm"), ("sweep",))


@pytest.fixture(params=LEFT, ids=lambda path: path.name)
def folder(request, tmp_path):
    with sqlite3.connect(tmp_path / "concord.sqlite3") as database:
        database.executescript(gzip.decompress(request.param.read_bytes()).decode())
    return tmp_path


def manage(folder, *words):
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return subprocess.run(
        [sys.executable, "manage.py", *words], cwd=ROOT, capture_output=True, text=True,
        env=kept | {"DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings.local"},
    )  # fmt: skip


def done(folder, *words):
    made = manage(folder, *words)
    assert made.returncode == 0, made.stdout + made.stderr
    return made.stdout


def counted(folder):
    """How many rows each table has."""
    with sqlite3.connect(folder / "concord.sqlite3") as database:
        names = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        ).fetchall()
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in names
            if name not in ITS_OWN
        }


def chain(folder):
    with sqlite3.connect(folder / "concord.sqlite3") as database:
        return database.execute("SELECT seq, hash FROM ledger_entry ORDER BY seq").fetchall()


def test_nothing_is_lost_and_the_audit_is_clean(folder):
    before, entries = counted(folder), chain(folder)

    done(folder, "migrate", "--verbosity", "0")

    after = counted(folder)
    less = {name: (n, after.get(name)) for name, n in before.items() if after.get(name, 0) < n}
    assert less == {}
    assert sum(before.values()) > 3000
    assert chain(folder) == entries
    done(folder, "verify_ledger")
    for words in AS_IT_STARTS:
        done(folder, *words)
    done(folder, "audit")


def test_what_is_newer_than_the_tables_is_said_before_it_is_used(folder):
    told = manage(folder, "doctor", "--only", "migrations")

    assert told.returncode == 1
    assert "migrate" in told.stdout
