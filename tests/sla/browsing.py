"""A page's form as a browser sends it: every control with its value, lines ended by CRLF."""

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self.inside, self.select, self.chosen, self.area = False, "", [], None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        said: dict[str, Any] = dict(attributes)
        if tag == "form":
            self.inside = said.get("id") == "draft"
        if not self.inside or tag == "button":
            return
        if tag == "input" and said.get("name") and self._counts(said):
            value = "on" if said.get("type") == "checkbox" else ""
            self._send(said["name"], said.get("value") or value)
        elif tag == "select":
            self.select, self.chosen = said["name"], []
        elif tag == "option" and self.select and (not self.chosen or "selected" in said):
            self.chosen = [said["value"]]
        elif tag == "textarea":
            self.area = (said["name"], [])

    def handle_data(self, data: str) -> None:
        if self.area:
            self.area[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select" and self.select:
            self._send(self.select, *self.chosen)
            self.select = ""
        elif tag == "textarea" and self.area:
            text = "".join(self.area[1]).removeprefix("\n")
            self._send(self.area[0], text.replace("\n", "\r\n"))
            self.area = None

    def _counts(self, said: dict[str, Any]) -> bool:
        return said.get("type") != "checkbox" or "checked" in said

    def _send(self, name: str, *values: str) -> None:
        self.sent.setdefault(name, []).extend(values)


def as_sent(html: str) -> dict[str, list[str]]:
    """What the form `draft` of a page sends if nobody touches it."""
    form = _Form()
    form.feed(html)
    form.sent.pop("csrfmiddlewaretoken", None)
    return form.sent
