"""One text field at one door: what it takes, and in which dress."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from django.http import HttpResponse

from tests.security.xss import places
from tests.security.xss.places import Place

Wrap = Callable[[str, str], str]
WRAPS: dict[str, Wrap] = {
    "alone": lambda text, was: text,
    "in what stood there": lambda text, was: re.sub(r"[^\W\d_]+", lambda _: text, was, count=1),
    "address": lambda text, was: f"{text}@acme.example",
    "link": lambda text, was: f"https://acme.example/{text}",
}
HINTS = {"address": "mail|person|address", "link": "link|url|address"}


@dataclass
class Door:
    """A field: its name, its room in characters, and what sends a text to it."""

    name: str
    room: int
    send: Callable[[str, Wrap], HttpResponse]
    stands: dict[str, str] = field(default_factory=dict)
    wrap: str = ""
    reaches: set[Place] = field(default_factory=set)

    def find(self, mark: str) -> None:
        """Try the dresses in turn with a harmless text until it is kept somewhere."""
        for name in self._dresses():
            wrap = WRAPS[name]
            before = places.changes()
            answer = self.send(mark, wrap)
            assert answer.status_code < 500, (self.name, name, answer.status_code)
            reached = places.where(mark) if places.changes() != before else None
            if reached:
                self.wrap, self.reaches = name, reached
                return

    def _dresses(self) -> list[str]:
        """As an address or a link only where such a thing may be asked for."""
        special = [one for one, hint in HINTS.items() if re.search(hint, self.name)]
        return ["alone", "in what stood there", *special]

    def offer(self, text: str) -> HttpResponse:
        """Send what may be a hostile text as the harmless one was sent."""
        return self.send(text, WRAPS[self.wrap or "alone"])
