"""Reads the HTML that came back: whether any element or attribute was made of a text."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import html

ALIEN = {
    "animate", "applet", "audio", "base", "embed", "foreignobject", "frame", "frameset",
    "iframe", "isindex", "listing", "marquee", "math", "object", "plaintext", "set", "video",
    "xmp",
}  # fmt: skip
HANDLER = re.compile(r"on|(data-)?hx-on|srcdoc$|style$")
LEADS = {"href", "src", "action", "formaction", "xlink:href", "data", "to"}
CALLS = re.compile(r"(javascript|vbscript|data):", re.IGNORECASE)
BLANK = re.compile(r"[\x00-\x20]+")
# A file of recovery codes is in its link; it holds nothing that anybody wrote.
OURS = "data:text/plain;charset=utf-8,"


class Reader:
    """Asks for addresses as somebody; `faults` says what is not ours on a page."""

    def __init__(self) -> None:
        self.faults, self.visits = list[str](), 0

    def visit(self, path: str, client: Client, texts: list[str]) -> tuple[int, set[str]]:
        """The status, and those of `texts` that stand on the page as texts."""
        answer = client.get(path)
        return answer.status_code, self._read(path, answer, texts)

    def show(self, answer: HttpResponse, client: Client, texts: list[str]) -> set[str]:
        """The same of what was answered to a form."""
        return self._read("answered", answer, texts)

    def _read(self, path: str, answer: HttpResponse, texts: list[str]) -> set[str]:
        self.visits += 1
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            return set()
        said = b"".join(iter(answer)).decode()
        if not said.strip():
            return set()
        page = html.fromstring(said)
        words = [page.text_content()]
        for one in page.iter():
            if not isinstance(one.tag, str):
                continue
            words += one.attrib.values()
            self.faults += [f"{path}: {what}" for what in _strange(one)]
        whole = " ".join("\n".join(words).split())
        return {text for text in texts if text in whole}


def _strange(one: Any) -> list[str]:
    """What about an element no template of ours writes."""
    found = [f"<{one.tag}>"] if one.tag in ALIEN else []
    if one.tag == "script" and not one.get("src") and "json" not in one.get("type", ""):
        found.append(f"<script> of its own: {(one.text or '')[:60]}")
    if one.tag == "meta" and one.get("http-equiv"):
        found.append("<meta http-equiv>")
    for name, value in one.attrib.items():
        leads = name.lower() in LEADS and CALLS.match(BLANK.sub("", value))
        if HANDLER.match(name.lower()) or (leads and not value.startswith(OURS)):
            found.append(f"{name}={value[:60]!r} of <{one.tag}>")
    return found
