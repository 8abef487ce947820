"""How much of the processor a host may use, and how much it used.

A share is a control group with a quota, of the first version of such groups or the second.
Where none can be made (no root, or a container that may not) all hosts share the machine.
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PERIOD = 20_000  # microseconds
ROOTS = {"cpu.cfs_quota_us": Path("/sys/fs/cgroup/cpu"), "cpu.max": Path("/sys/fs/cgroup")}
JOIN = 'echo $$ > "$0" && exec "$@"'
TICKS = os.sysconf("SC_CLK_TCK")
SESSION, USER, SYSTEM = 3, 11, 12  # places in /proc/PID/stat, behind the name


@contextmanager
def shares(names: Sequence[str], cores: float) -> Iterator[Mapping[str, list[str]]]:
    """Let each host have so many `cores`; yields what begins a command there: nothing where
    no share can be given."""
    made: dict[str, Path] = {}
    try:
        for name in names:
            folder = _made(f"concord{os.getpid()}-{name}", cores)
            if folder is not None:
                made[name] = folder
        whole = len(made) == len(names)
        join = {name: ["sh", "-c", JOIN, str(made[name] / "cgroup.procs")] for name in made}
        yield join if whole else {}
    finally:
        for folder in made.values():
            with suppress(OSError):
                folder.rmdir()


def _made(name: str, cores: float) -> Path | None:
    """A group with its quota; None where the machine gives none."""
    quota = int(cores * PERIOD)
    for file, root in ROOTS.items():
        folder = root / name
        try:
            folder.mkdir()
            if file == "cpu.max":
                (folder / file).write_text(f"{quota} {PERIOD}")
            else:
                (folder / "cpu.cfs_period_us").write_text(str(PERIOD))
                (folder / file).write_text(str(quota))
        except OSError:
            with suppress(OSError):
                folder.rmdir()
            continue
        return folder
    return None


def used(leaders: Sequence[int]) -> float:
    """Processor seconds so far of the processes that these began, as far as they live."""
    ticks = 0
    for file in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = file.read_text().rpartition(") ")[2].split()
            if int(fields[SESSION]) in leaders:
                ticks += int(fields[USER]) + int(fields[SYSTEM])
    return ticks / TICKS
