"""A company whose processes are on hosts of their own, most of them twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, mkdtemp

from tests.chaos.hosts.net import STREET, Net
from tests.chaos.stage.company import House, Stage
from tests.chaos.stage.databases import Cluster
from tests.chaos.stage.processes import HOST

PLACES = {
    "web1": "web1", "web2": "web2", "worker1": "worker1", "worker2": "worker2",
    "beat1": "worker1", "beat2": "worker2", "sweeper1": "sweeper1", "sweeper2": "sweeper2",
    "redis": "queue",
}  # fmt: skip
"""Where each process is; PostgreSQL is on `db`."""
HOSTS = (*dict.fromkeys(PLACES.values()), "db")


class Spread(Stage):
    """The processes of `PLACES`, each begun on its host."""

    bind = "0.0.0.0"
    net: Net

    def command(self, name: str) -> list[str]:
        command = super().command(name)
        if name == "redis":
            command += ["--protected-mode", "no"]
        return [*self.net.hosts[PLACES[name]].inside, *command]

    def open(self) -> None:
        self.start("redis", *(name for name in PLACES if name != "redis"))


@contextmanager
def spread(net: Net) -> Iterator[Spread]:
    """A company on the hosts of `net`, with nothing running but its database."""
    host, queue = net.hosts["db"], net.hosts["queue"]
    with TemporaryDirectory(prefix="concord-hosts-") as folder:
        cluster = Cluster(Path(mkdtemp(prefix="concord-hosts-db-")), host.address, host.inside)
        cluster.initialise()
        house = House(cluster, Path(folder), STREET)
        try:
            cluster.start()
            house.found()
            made = _stage(house, queue.address)
            made.net = net
            yield made
            made.close()
        finally:
            house.close()
            cluster.server.kill()
            rmtree(cluster.folder, ignore_errors=True)


def _stage(house: House, queue: str) -> Spread:
    folder = house.folder / "run"
    folder.mkdir()
    made = Spread(house, house.home.copy("run"), folder, {})
    made.environment["REDIS_URL"] = made.environment["REDIS_URL"].replace(HOST, queue)
    return made
