"""What the launcher writes: each line with the name of the process that said it."""

import os
import sys

COLOURS = {"broker": 36, "web": 32, "worker": 33, "beat": 35, "demo": 34}
WIDTH = max(map(len, COLOURS))


class Terminal:
    """Standard output; `gone` once nobody reads it any more."""

    def __init__(self) -> None:
        self.coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
        self.gone = False

    def say(self, text: str = "") -> None:
        self._write(text)

    def relay(self, name: str, line: str) -> None:
        prefix = f"{name:<{WIDTH}} |"
        if self.coloured:
            prefix = f"\x1b[{COLOURS.get(name, 37)}m{prefix}\x1b[0m"
        self._write(f"{prefix} {line}")

    def _write(self, text: str) -> None:
        try:
            print(text, flush=True)  # noqa: T201  # this is the launcher's voice
        except OSError:
            self.gone = True
