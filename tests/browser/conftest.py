"""A real Chromium, signed in, that reports whatever the page complains about."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

AXE = (Path(__file__).parent / "axe/axe.min.js").read_text()
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


@pytest.fixture
def open_page(browser: Browser, live_server: Any) -> Any:
    """`open_page("/path/", user=…, width=…, scheme=…)` -> a page with its `complaints`."""
    contexts: list[BrowserContext] = []

    def open_one(
        path: str, *, user: Any = None, width: int = 1440, scheme: str = "light", **options: Any
    ) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        contexts.append(context)
        if user is not None:
            context.add_cookies([_session(user, live_server.url)])
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield open_one
    for context in contexts:
        context.close()


def _session(user: Any, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    assert SessionStore(key).exists(key)
    return {"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe finds wrong with a page, one line for each rule with its first place."""

    def run(page: Page) -> list[str]:
        page.evaluate(AXE)
        found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
        return [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found["violations"]]

    return run
