"""Does any package that ships lag behind the newest release that fits beside the others?

`tools/newest.py` resolves the pins of pyproject.toml anew, each free to rise, and names every
package of requirements.txt that is older than what comes of it. Whoever is behind may be
waiting for a mended release that is out already. Needs the network; run it before a release,
and weekly. `--write` keeps what was found in docs/results/packages.md.
"""

import re
import subprocess
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "results" / "packages.md"
_LOCKED = re.compile(r"(?m)^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^\s;\\]+)")
_PINNED = re.compile(r'"([a-z0-9-]+(?:\[[a-z,]+\])?)==([^"]+)"')


def loosened(pyproject: str) -> str:
    """The same project, its packages as they are or newer."""
    return _PINNED.sub(r'"\1>=\2"', pyproject)


def locked(text: str) -> dict[str, set[str]]:
    """Each package of a lock and its versions: several, where Pythons differ."""
    found: dict[str, set[str]] = {}
    for name, version in _LOCKED.findall(text):
        found.setdefault(name, set()).add(version)
    return found


def behind(ours: str, newest: str) -> list[tuple[str, str, str]]:
    """(package, ours, newest) of every package whose release is none of the newest."""
    new = locked(newest)
    return [
        (name, " ".join(sorted(versions)), " ".join(sorted(new[name])))
        for name, versions in sorted(locked(ours).items())
        if name in new and not versions <= new[name]
    ]


def resolved(pyproject: str) -> str:
    """What the resolver that writes the lock makes of it today."""
    folder = ROOT / ".venv" / "newest"
    folder.mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text(pyproject)
    command = [
        str(ROOT / ".venv/bin/uv"), "pip", "compile", "pyproject.toml", "--universal",
        "--python-version", "3.11", "--no-header", "--no-annotate", "--quiet",
    ]  # fmt: skip
    return subprocess.run(
        command, cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def page(day: str, count: int, rows: Iterable[tuple[str, str, str]]) -> str:
    said = [f"| {name} | {ours} | {newest} |" for name, ours, newest in rows]
    table = ["", "| package | ours | newest |", "|---|---|---|", *said] if said else []
    return "\n".join(
        [
            "# Packages beside their newest releases", "",
            f"`tools/newest.py --write`, {day}: of {count} packages that ship, {len(said)} are"
            " behind the newest release that fits.", *table, "",
        ]
    )  # fmt: skip


def main() -> int:
    ours = (ROOT / "requirements.txt").read_text()
    rows = behind(ours, resolved(loosened((ROOT / "pyproject.toml").read_text())))
    count = len(locked(ours))
    for name, version, newest in rows:
        print(f"{name} {version}: {newest} is out")
    print(f"{count} packages, {len(rows)} behind")
    if "--write" in sys.argv:
        PAGE.write_text(page(f"{datetime.now(UTC):%d %B %Y}", count, rows))
    return 1 if rows else 0


if __name__ == "__main__":
    sys.exit(main())
