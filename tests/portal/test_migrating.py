"""A new database and one that came step by step are the same, to the last constraint."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.thorough
ROOT = Path(__file__).parent.parent.parent
STEPS = """
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.local")
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
executor = MigrationExecutor(connection)
executor.loader = MigrationLoader(connection, replace_migrations=False)
executor.migrate([("leads", "0016_known_consent"), ("accounts", "0005_api_calls")])
"""


def run(folder, *words):
    environment = os.environ | {
        "DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "portal.settings.local"
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, *words], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def parts(body):
    """The columns and constraints of a CREATE TABLE, in any order."""
    found, depth, quote, start = [], 0, "", 0
    for at, sign in enumerate(body):
        if quote or sign in "'\"":
            quote = "" if sign == quote else quote or sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
        elif sign == "," and depth == 0:
            found.append(body[start:at].strip())
            start = at + 1
    return sorted([*found, body[start:].strip()])


def shape(folder):
    """Tables, indexes, triggers; and what a new company has before anybody does a thing."""
    with sqlite3.connect(folder / "concord.sqlite3") as database:
        made = {
            (kind, name): parts(sql[sql.index("(") + 1 : sql.rindex(")")])
            if kind == "table"
            else sql
            for kind, name, sql in database.execute(
                "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
            )
        }
        keys = database.execute("SELECT key FROM accounts_department ORDER BY key").fetchall()
    return made, keys


def test_a_new_database_equals_one_that_was_migrated_step_by_step_and_updated(tmp_path):
    new, grown = tmp_path / "new", tmp_path / "grown"
    new.mkdir()
    grown.mkdir()

    run(new, "manage.py", "migrate")
    run(grown, "-c", STEPS)
    halfway = run(grown, "manage.py", "showmigrations", "leads", "--plan")
    run(grown, "manage.py", "migrate")

    assert "[X]  leads.0016_known_consent" in halfway
    assert "[ ]  leads.0017_reviewing" in halfway
    assert shape(grown) == shape(new)
    assert shape(new)[1] == [("marketing",), ("sales",)]
    assert ("trigger", "ledger_no_update") in shape(new)[0]
