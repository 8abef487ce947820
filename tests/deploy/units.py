"""Reading the systemd units of deploy/, as systemd would."""

import shlex
from collections import defaultdict
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "deploy" / "systemd"


def read(path: Path) -> dict[str, dict[str, list[str]]]:
    """Section -> key -> its values in order."""
    found: dict[str, dict[str, list[str]]] = {}
    for line in path.read_text().splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), defaultdict(list))
        elif line and not line.startswith("#"):
            key, _, value = line.partition("=")
            section[key].append(value)
    return found


def commands() -> dict[str, list[list[str]]]:
    """Service -> its command lines, each as words."""
    return {
        path.stem: [shlex.split(line) for line in read(path)["Service"]["ExecStart"]]
        for path in sorted(FOLDER.glob("*.service"))
    }
