"""How a story presses what it sees: by mouse, by keyboard alone, by thumb, without script."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

MANNERS = [
    "mouse",
    *(pytest.param(name, marks=pytest.mark.slow) for name in ("keyboard", "phone", "plain")),
]
OPTIONS: dict[str, dict[str, Any]] = {
    "phone": {"has_touch": True, "is_mobile": True},
    "plain": {"java_script_enabled": False},
}
MOST_STEPS = 600  # of the tabulator, around the longest page


def take(manner: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a story's controls be pressed in this manner, until its end."""
    for name, does in {"keyboard": BY_KEYS, "phone": BY_THUMB}.get(manner, {}).items():
        monkeypatch.setattr(Locator, name, does)


def go(control: Locator) -> None:
    """Press the tabulator until the control has the focus, as somebody without a mouse does."""
    expect(control).to_be_visible()
    keyboard = control.page.keyboard
    for _step in range(MOST_STEPS):
        if control.evaluate("it => it === document.activeElement"):
            return
        keyboard.press("Tab")
    pytest.fail(f"The keyboard does not reach {control}")


def _press(control: Locator, **_options: Any) -> None:
    go(control)
    kind = control.evaluate("it => it.type || ''")
    control.page.keyboard.press("Space" if kind in {"checkbox", "radio"} else "Enter")


def _check(control: Locator, **_options: Any) -> None:
    if control.is_checked():
        return
    if control.evaluate("it => it.type") == "radio":
        _choose(control)
    else:
        go(control)
        control.page.keyboard.press("Space")
    expect(control).to_be_checked()


def _choose(radio: Locator) -> None:
    """The tabulator reaches one of the group, arrows the others."""
    page = radio.page
    within = "it => (f => f.name === it.name && f.form === it.form)(document.activeElement)"
    for _step in range(MOST_STEPS):
        if radio.evaluate(within):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    for _step in range(20):
        if radio.is_checked():
            return
        page.keyboard.press("ArrowDown")


def _type(control: Locator, words: str, **_options: Any) -> None:
    go(control)
    control.page.keyboard.press("ControlOrMeta+a")
    control.page.keyboard.insert_text(words)


def _select(control: Locator, words: str, **_options: Any) -> None:
    go(control)
    control.page.keyboard.type(words)
    expect(control.locator("option:checked")).to_have_text(words)


def _tap(control: Locator, **_options: Any) -> None:
    control.tap()


def _tap_check(control: Locator, **_options: Any) -> None:
    if not control.is_checked():
        control.tap()
    expect(control).to_be_checked()


BY_KEYS: dict[str, Callable[..., None]] = {
    "click": _press, "check": _check, "fill": _type, "select_option": _select,
}  # fmt: skip
BY_THUMB: dict[str, Callable[..., None]] = {"click": _tap, "check": _tap_check}


def opened(page: Page) -> Locator:
    """What a button opened: a dialog over the page, or a page of its own without script."""
    over = page.get_by_role("dialog")
    return over if page.evaluate("'htmx' in window") else page.get_by_role("main")
