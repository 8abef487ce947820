"""Run the tests on PostgreSQL: the server of DATABASE_URL, or a private cluster.

The private cluster is Debian's `postgresql` on a free port in a temporary folder, without
fsync, removed afterwards. PostgreSQL refuses to run as root; root runs it as `postgres`.
Arguments go to pytest. Without a server this lane fails, it never skips.
"""

import os
import pwd
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
DEBIAN = Path("/usr/lib/postgresql")
SYSTEM_USER = "postgres"
FAST_AND_FORGETFUL = (
    "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200"
)
# Tables of a few rows, never analyzed: their plans look dear enough to be compiled.
FOR_SMALL_TABLES = "-c jit=off -c wal_level=minimal -c max_wal_senders=0"


def binaries() -> Path:
    """The folder of the newest installed PostgreSQL. Exits when there is none."""
    found = [path.parent for path in DEBIAN.glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: int(path.parent.name.partition(".")[0]))
    if initdb := shutil.which("initdb"):
        return Path(initdb).resolve().parent
    sys.exit(
        "No PostgreSQL here. Set DATABASE_URL to a server whose user may create databases,"
        " or install one: apt-get install postgresql"
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def run(command: list[str | Path]) -> None:
    """Run one of PostgreSQL's programs, as its own user when we are root."""
    as_root = os.geteuid() == 0
    subprocess.run(
        command,
        check=True,
        user=SYSTEM_USER if as_root else None,
        group=pwd.getpwnam(SYSTEM_USER).pw_gid if as_root else None,
        extra_groups=[] if as_root else None,
        stdout=subprocess.DEVNULL,
        cwd="/",
    )


@contextmanager
def cluster(settings: str = FAST_AND_FORGETFUL) -> Iterator[str]:
    """A private cluster while the block runs; yields its DATABASE_URL."""
    programs, port = binaries(), free_port()
    folder = Path(tempfile.mkdtemp(prefix="concord-pg-"))
    data = folder / "data"
    if os.geteuid() == 0:
        shutil.chown(folder, SYSTEM_USER)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 {settings}"
    try:
        run([programs / "initdb", "-D", data, "-U", "concord", "-A", "trust", "-E", "UTF8",
             "--locale=C.UTF-8", "--no-sync"])  # fmt: skip
        log = folder / "log"
        run([programs / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start"])
        try:
            yield f"postgresql://concord@127.0.0.1:{port}/postgres"
        finally:
            run([programs / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
    finally:
        shutil.rmtree(folder)


def tests(url: str, arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    environment = os.environ | {"DATABASE_URL": url, "CONCORD_LANE": "postgres"}
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def main(arguments: list[str]) -> int:
    given = os.environ.get("DATABASE_URL", "")
    if given:
        if not given.startswith("postgres"):
            sys.exit("DATABASE_URL does not name a PostgreSQL server")
        return tests(given, arguments)
    with cluster(f"{FAST_AND_FORGETFUL} {FOR_SMALL_TABLES}") as url:
        return tests(url, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
