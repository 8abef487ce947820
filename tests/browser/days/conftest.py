"""The demo company as `make demo` starts it, and its people, who come in by the login page.

CONCORD_SCREENSHOTS names a folder that pictures of each step go to. CONCORD_SEEDED names
the DATA_DIR of a demo company that nobody has used yet: a copy of it saves the making.
"""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.days import hands

ROOT = Path(__file__).parents[3]
SHOTS = os.environ.get("CONCORD_SCREENSHOTS", "")
SEEDED = os.environ.get("CONCORD_SEEDED", "")
PATIENCE = 600.0  # seconds; a slow machine is no failure
expect.set_options(timeout=30_000)

PEOPLE = {
    "marketer": "Lena Brandt",
    "sdr": "Anna Keller",
    "ae": "Greta Holm",
    "marketing manager": "Priya Nair",
    "sales manager": "Marta Silva",
    "operations": "Olga Petrova",
    "auditor": "Andrew Uhl",
    "admin": "Tove Lindgren",
}


@dataclass(frozen=True)
class Demo:
    """A running demo company: its address, and what its terminal has said."""

    url: str
    log: Path

    def secret_of(self, role: str) -> str:
        """The secret of a signatory's one-time codes, as the terminal printed it."""
        found = re.search(rf"{address_of(role)}.*; secret (\w+)", self.log.read_text())
        assert found, f"the terminal says no secret of {role}"
        return found[1]


def address_of(role: str) -> str:
    return PEOPLE[role].lower().replace(" ", ".") + "@halden.example"


@pytest.fixture(scope="session", params=hands.MANNERS)
def manner(request: pytest.FixtureRequest) -> str:
    """How the people of a story press what they see."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def demo(manner: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`manage.py demo` with a folder and a port of its own, stopped as Ctrl-C stops it; one
    for each manner, as what a story did cannot be done again."""
    folder = tmp_path_factory.mktemp("demo")
    if SEEDED:
        shutil.copytree(SEEDED, folder / "data")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {
        "DATA_DIR": str(folder / "data"),
        "PORT": str(port),
        "DJANGO_SETTINGS_MODULE": "portal.settings.local",
        "DATABASE_URL": "",
        "REDIS_URL": "",
    }
    log = folder / "log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "demo"],
            cwd=ROOT, env=environment, stdout=out, stderr=out, stdin=subprocess.DEVNULL,
        )  # fmt: skip
    try:
        _wait_for(process, log)
        yield Demo(f"http://localhost:{port}", log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=PATIENCE)


def _wait_for(process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while "Ctrl-C stops it." not in log.read_text():
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"The demo did not start:\n{log.read_text()}")
        time.sleep(0.2)


class People:
    """Opens the demo as somebody: each with a browser of their own."""

    def __init__(self, browser: Browser, demo: Demo, story: str, manner: str) -> None:
        self.browser, self.demo, self.story = browser, demo, story
        self.options, self.width = hands.OPTIONS.get(manner, {}), 1440
        if manner == "phone":
            self.width = 390
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.seen = 0

    def __call__(self, role: str, *, width: int | None = None, **options: Any) -> Page:
        """The first page of `role`, who came in by the card of the login page."""
        page = self.stranger(width=width, **options)
        page.get_by_role("button", name=PEOPLE[role]).click()
        expect(page).not_to_have_url(re.compile("/login/"))
        return page

    def stranger(self, *, width: int | None = None, **options: Any) -> Page:
        """The login page, as somebody sees it who is nobody yet."""
        context = self.browser.new_context(
            viewport={"width": width or self.width, "height": 900}, reduced_motion="reduce",
            **self.options | options,
        )  # fmt: skip
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", lambda said: self._heard(page, said.type, said.text))
        page.on("pageerror", lambda error: self._heard(page, "error", str(error)))
        page.goto(self.demo.url)
        return page

    def find(self, page: Page, name: str) -> None:
        """Look for a lead as the page offers it, and open it."""
        box = page.get_by_role("searchbox", name="Search leads")
        if not box.is_visible():
            page.get_by_role("link", name="Search", exact=True).click()
            box = page.get_by_role("main").get_by_role("searchbox").first
        box.fill(name)
        page.keyboard.press("Enter")
        page.get_by_role("link", name=name).first.click()

    def look(self, page: Page, name: str) -> None:
        """Keep a picture, where CONCORD_SCREENSHOTS names a folder for it."""
        if SHOTS:
            self.seen += 1
            path = Path(SHOTS) / f"{self.story}-{self.seen:02}-{name}.png"
            heard = len(self.complaints)
            page.screenshot(path=path, full_page=True)
            page.evaluate("1")  # what it said has arrived by then
            del self.complaints[heard:]  # taking it sets styles that the policy forbids

    def _heard(self, page: Page, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(f"{page.url}: {text}")

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def be(
    browser: Browser, demo: Demo, manner: str, request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[People]:  # fmt: skip
    """`be("sdr")` -> the page of that person. No page of the story may complain."""
    story = request.node.name.partition("[")[0].removeprefix("test_")
    people = People(browser, demo, f"{story}-{manner}", manner)
    hands.take(manner, monkeypatch)
    yield people
    people.close()
    assert people.complaints == []
