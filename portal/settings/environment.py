"""What the environment may say; each name is listed in deploy/environment.md.

A secret may come in a file instead, from what keeps secrets for this host.
"""

from pathlib import Path

from environs import Env

from portal.settings.base import ROOT

env = Env()

DATA_DIR = env.path("DATA_DIR", ROOT / ".demo").expanduser().resolve()

# Where systemd and containers put the secrets of one process, a file for each.
SECRETS_IN: str = env.str("CREDENTIALS_DIRECTORY", "")


def secret(name: str, *default: str) -> str:
    """The file `concord.NAME` or `NAME` of the folder of secrets, without the line's end; else
    what the environment says of NAME, else `default`. An empty file counts as none.
    """
    for path in (Path(SECRETS_IN, f"concord.{name}"), Path(SECRETS_IN, name)):
        if SECRETS_IN and path.is_file() and (said := path.read_text().strip()):
            return said
    return env.str(name, *default)


def sqlite_in(folder: Path) -> str:
    return f"sqlite:///{folder / 'concord.sqlite3'}"
