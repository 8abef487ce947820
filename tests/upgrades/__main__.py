"""Keep a database for the test of upgrades: `python -m tests.upgrades DATA_DIR`."""

import gzip
import sqlite3
import sys
from pathlib import Path

NEWEST = "SELECT name FROM django_migrations WHERE app = 'leads' ORDER BY id DESC LIMIT 1"


def main(folder: Path) -> int:
    with sqlite3.connect(folder / "concord.sqlite3") as database:
        [name] = database.execute(NEWEST).fetchone()
        text = "\n".join(database.iterdump())
    kept = Path(__file__).parent / f"{name}.sql.gz"
    kept.write_bytes(gzip.compress(text.encode(), mtime=0))
    print(f"{kept.name}: {kept.stat().st_size:,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
