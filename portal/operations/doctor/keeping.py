"""What is kept: the database, its tables and triggers, the ledger, the disk, the files."""

import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from portal import ledger, wallclock
from portal.ledger.heads import known_heads, merged, read_heads
from portal.ledger.models import Head, LedgerEntry, guard
from portal.operations.doctor.finding import Finding, check, ok, warning, wrong

OLDEST_POSTGRESQL = 140000
OLDEST_SQLITE = (3, 37)
DRIFT = timedelta(seconds=5)
UNPUBLISHED = timedelta(hours=3)  # three beats
GIGABYTE = 1024**3
LEAST_FREE, LITTLE_FREE = 1 * GIGABYTE, 5 * GIGABYTE


@check("database")
def database(at: datetime) -> Finding:
    """It answers, is new enough, and works as the portal wants it to."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            return _postgresql(cursor)
        return _sqlite(cursor)


def _postgresql(cursor: Any) -> Finding:
    cursor.execute("SHOW server_version_num")
    number = int(cursor.fetchone()[0])
    cursor.execute("SHOW transaction_isolation")
    isolation = cursor.fetchone()[0]
    cursor.execute("SHOW synchronous_commit")
    commit = cursor.fetchone()[0]
    version = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number < OLDEST_POSTGRESQL:
        return wrong(f"{version} is too old", "use PostgreSQL 14 or newer")
    if isolation != "read committed":
        return wrong(
            f"{version}, but {isolation}", "let default_transaction_isolation be as is"
        )
    if commit == "off":
        return wrong(f"{version} may lose what it confirmed", "turn synchronous_commit on")
    return ok(f"{version}, {isolation}")


def _sqlite(cursor: Any) -> Finding:
    cursor.execute("SELECT sqlite_version()")
    version = cursor.fetchone()[0]
    cursor.execute("PRAGMA journal_mode")
    mode = cursor.fetchone()[0]
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST_SQLITE:
        return wrong(f"SQLite {version} is too old", "use SQLite 3.37 or newer")
    if mode != "wal":
        return wrong(f"SQLite {version} in mode {mode}", "keep it on a local disk, not a share")
    if not settings.SIMULATION_ALLOWED:
        return warning(
            f"SQLite {version}: good for one machine and some hundred leads a day",
            "for a company let DATABASE_URL name a PostgreSQL",
        )
    return ok(f"SQLite {version}, wal")


@check("migrations")
def migrations(at: datetime) -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        names = ", ".join(f"{one.app_label} {one.name}" for one, _back in plan[:3])
        return wrong(
            f"the tables are {len(plan)} steps behind: {names}", "run: manage.py migrate"
        )
    known = set(executor.loader.disk_migrations)
    ahead = sorted(
        key for key in executor.loader.applied_migrations
        if key not in known and key[0] in executor.loader.migrated_apps
    )  # fmt: skip
    if ahead:
        return warning(
            f"the tables are ahead of this release: {ahead[0][0]} {ahead[0][1]}",
            "install the release that made them",
        )
    return ok("the tables are as this release wants them")


@check("triggers")
def triggers(at: datetime) -> Finding:
    """The database itself refuses to change evidence."""
    if not guard.stands(connection):
        return wrong(
            "the database no longer refuses changes of the ledger",
            "find out who dropped the trigger; run manage.py verify_ledger with heads that"
            " were kept elsewhere",
        )
    return ok("the ledger's tables refuse changes")


@check("ledger")
def chain(at: datetime) -> Finding:
    """The newest heads that were published are those of this ledger; not the whole chain,
    which is verify_ledger's."""
    seq, _hash = ledger.tip()
    if not seq:
        return warning("it is empty: nobody opened a company here", "run: manage.py setup_link")
    path = settings.LEDGER_HEADS_FILE
    try:
        outside = read_heads(path) if path and path.exists() else {}
    except (OSError, ValueError) as error:
        return wrong(f"the published heads cannot be read: {error}", "see LEDGER_HEADS_FILE")
    heads = merged(known_heads(), outside)
    if heads and max(heads) > seq:
        return wrong(
            f"entries {seq + 1} to {max(heads)} are missing: a head was published at"
            f" {max(heads)}",
            "an old backup came back, or the end was cut off; run: manage.py verify_ledger",
        )
    some = sorted(heads)[-50:]
    mine = dict(LedgerEntry.objects.filter(seq__in=some).values_list("seq", "hash"))
    for number in some:
        if heads[number] != {mine.get(number)}:
            return wrong(
                f"entry {number} is not the one whose head was published",
                "the past was rewritten; run: manage.py verify_ledger",
            )
    return _published(seq, at)


def _published(seq: int, at: datetime) -> Finding:
    newest = Head.objects.order_by("-seq").first()
    if newest is None or (newest.seq < seq - 1 and at - newest.at > UNPUBLISHED):
        return warning(
            f"{seq} entries, and no head was published for hours",
            "see whether beat runs; at once: manage.py publish_head",
        )
    return ok(f"{seq} entries; the last head was published at entry {newest.seq}")


@check("clock")
def clock(at: datetime) -> Finding:
    """This host and the database mean the same time."""
    if connection.vendor != "postgresql" or ledger.is_simulated():
        return ok("host and database share one")
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    apart = abs(theirs - wallclock.now())  # `at` is older: other checks came before this one
    if apart > DRIFT:
        return wrong(
            f"host and database are {apart.total_seconds():.0f} s apart",
            "let both keep time by NTP; see manage.py clock",
        )
    return ok(f"host and database are {apart.total_seconds():.1f} s apart")


@check("disk")
def disk(at: datetime) -> Finding:
    """There is room where files are kept."""
    folder = Path(settings.FILES_DIR).parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return wrong(f"{folder} is not there: {error.strerror}", "make it; see DATA_DIR")
    said = f"{free / GIGABYTE:.1f} GB free in {folder}"
    if free < LEAST_FREE:
        return wrong(said, "make room: writes will soon fail")
    return warning(said, "make room") if free < LITTLE_FREE else ok(said)


@check("static files")
def static_files(at: datetime) -> Finding:
    """Every file of this release was collected, under the name that its pages use."""
    if "Manifest" not in settings.STORAGES["staticfiles"]["BACKEND"]:
        return ok("served as they lie")
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    try:
        collected = json.loads(manifest.read_text())["paths"]
    except (OSError, ValueError, KeyError):
        return wrong(f"{manifest} is not there", "run: manage.py collectstatic")
    sources = {name for finder in get_finders() for name, _ in finder.list([])}
    missing = sorted(name for name in sources if name not in collected)
    if missing:
        return wrong(
            f"{len(missing)} files of this release were not collected: {missing[0]}",
            "run: manage.py collectstatic",
        )
    return ok(f"{len(collected)} files in {settings.STATIC_ROOT}")
