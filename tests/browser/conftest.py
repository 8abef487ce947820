"""A real Chromium, signed in, that reports whatever the page complains about."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from portal import wallclock
from tests.browser.company import Company, build

AXE = (Path(__file__).parent / "axe/axe.min.js").read_text()
PATIENCE = 90_000  # milliseconds; a machine that is slow is no failure
expect.set_options(timeout=PATIENCE)
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Playwright's loop runs in this thread; Django would refuse the database to it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium; without its sandbox, which root may not have."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("This lane needs Chromium: apt-get install chromium")
    return {
        **browser_type_launch_args,
        "executable_path": chromium,
        "args": ["--no-sandbox"],
    }


class Visitor:
    """Opens pages of one portal, each in a context of its own, and closes them all."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser, self.url = browser, url
        self.contexts: list[BrowserContext] = []

    def __call__(
        self, path: str, *, user: Any = None, width: int = 1440, scheme: str = "light",
        fake_time: bool = False, **options: Any,
    ) -> Page:  # fmt: skip
        """A page with its `complaints` and what was `loaded` for it; `fake_time` lets
        `page.clock` move its timers."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",  # a colour is judged when it has arrived
            **options,
        )
        context.set_default_timeout(PATIENCE)
        self.contexts.append(context)
        if user is not None:
            context.add_cookies([_session(user, self.url)])
        page = context.new_page()
        if fake_time:
            page.clock.install()
        page.complaints, page.loaded = [], []
        page.on("response", lambda response: page.loaded.append(response))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(self.url + path)
        return page

    def close(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Iterator[Visitor]:
    """`open_page("/path/", user=…, width=…, scheme=…)` -> a page with its `complaints`."""
    visitor = Visitor(browser, live_server.url)
    yield visitor
    visitor.close()


def _session(user: Any, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert SessionStore(key).exists(key)
    return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}


@pytest.fixture
def violations() -> Callable[..., list[str]]:
    """What axe finds wrong with a page, one line for each rule with its first place."""

    def run(page: Page) -> list[str]:
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE)
        # As the page begins: half a link under the bar that stays on top is not too small.
        page.evaluate("scrollTo({top: 0, behavior: 'instant'})")
        options = {"runOnly": RULES, "resultTypes": ["violations"], "preload": False}
        found = page.evaluate("options => axe.run(document, options)", options)
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]

    return run


@contextmanager
def time_from(at: datetime) -> Iterator[None]:
    """The portal's time runs on from `at`."""
    ahead = at - datetime.now(UTC)
    before = wallclock.bind(lambda: ahead)
    try:
        yield
    finally:
        wallclock.bind(before)


@pytest.fixture(scope="module")
def company(django_db_setup: None, django_db_blocker: Any) -> Iterator[Company]:
    """A small demo company with something in every state, for a whole module."""
    with django_db_blocker.unblock():
        try:
            made = build()
            with time_from(made.now):
                yield made
        finally:
            call_command("flush", verbosity=0, interactive=False)


@pytest.fixture(scope="module")
def visit(company: Company, browser: Browser) -> Iterator[Visitor]:
    """As `open_page`, of that company."""
    server = LiveServer("localhost")
    visitor = Visitor(browser, server.url)
    yield visitor
    visitor.close()
    server.stop()
