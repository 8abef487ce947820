"""The lane says which browser it ran in."""

from playwright.sync_api import Browser


def test_the_pages_are_seen_in_a_chromium_that_is_named(browser: Browser, capsys):
    with capsys.disabled():
        print(f"\nChromium {browser.version}")

    assert browser.browser_type.name == "chromium"
    assert int(browser.version.partition(".")[0]) >= 120
