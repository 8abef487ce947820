"""What the environment may say; each name is listed in deploy/environment.md."""

from pathlib import Path

from environs import Env

from portal.settings.base import ROOT

env = Env()

DATA_DIR = env.path("DATA_DIR", ROOT / ".demo").expanduser().resolve()


def sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'concord.sqlite3'}"
