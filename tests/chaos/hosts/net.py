"""Hosts of their own: network namespaces on a bridge, each with one cable.

All of it lives in a network namespace that `alone` begins for a program: nothing of the
machine's own network is touched or reached. Needs root, and `ip` of iproute2.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

NET = "198.18.77"  # of the addresses that are kept for such trials (RFC 2544)
STREET = f"{NET}.1"  # where the program itself is, with its receivers and its people
ALONE = "CONCORD_ALONE"
WAYS = ("in", "out")
REACH = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 2)"


def alone() -> None:
    """Begin this program again in a network of its own, unless it is in one."""
    if ALONE in os.environ:
        return
    if os.geteuid() != 0 or not shutil.which("ip") or not shutil.which("unshare"):
        sys.exit("hosts of their own need root, and `ip` and `unshare` (iproute2, util-linux)")
    os.environ[ALONE] = "1"
    os.execvp("unshare", ["unshare", "--net", sys.executable, *sys.orig_argv[1:]])


class Host:
    """A namespace; `inside` begins a command there, `address` is how others reach it."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.number = f"concord{os.getpid()}-{name}", number
        self.address, self.cable = f"{NET}.{number}", f"cable{number}"
        self.inside = ["ip", "netns", "exec", self.name]

    def reaches(self, address: str, port: int) -> bool:
        """Whether a connection from here is answered."""
        words = [*self.inside, sys.executable, "-I", "-c", REACH, address, str(port)]
        return not subprocess.run(words, capture_output=True, check=False).returncode


class Net:
    """The bridge and its hosts, until the block ends."""

    def __init__(self, names: Sequence[str]) -> None:
        self.hosts = {name: Host(name, 10 + place) for place, name in enumerate(names)}

    def __enter__(self) -> "Net":
        ip("link set lo up")
        ip("link add street type bridge")
        ip(f"addr add {STREET}/24 dev street")
        ip("link set street up")
        for host in self.hosts.values():
            ip(f"netns add {host.name}")
            ip(f"link add {host.cable} type veth peer name eth0 netns {host.name}")
            ip(f"link set {host.cable} master street up")
            ip(f"-n {host.name} addr add {host.address}/24 dev eth0")
            ip(f"-n {host.name} link set eth0 up")
            ip(f"-n {host.name} link set lo up")
        return self

    def __exit__(self, *_: object) -> None:
        for host in self.hosts.values():
            subprocess.run(["ip", "netns", "del", host.name], capture_output=True, check=False)
        ip("link del street")

    def cut(self, name: str, way: str) -> None:
        """Nothing gets `in` to the host any more, or nothing `out` of it."""
        self._change("add", self.hosts[name], way)

    def heal(self, name: str, way: str) -> None:
        self._change("del", self.hosts[name], way)

    def _change(self, verb: str, host: Host, way: str) -> None:
        """What others send there, or it to others, falls into a black hole; the kernel says
        nothing to who sent it."""
        if way == "out":
            for half in ("0", "128"):
                ip(f"-n {host.name} route {verb} blackhole {NET}.{half}/25")
            return
        hole = f"route {verb} blackhole {host.address}/32"
        ip(hole)
        for other in self.hosts.values():
            if other is not host:
                ip(f"-n {other.name} {hole}")


def ip(words: str) -> None:
    subprocess.run(["ip", *words.split()], check=True)
