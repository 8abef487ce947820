"""Draw the pictures of docs/ from a demo that runs.

    PORT=8000 make demo                                  # in one terminal
    .venv/bin/python -m tools.docs.pictures http://localhost:8000

opens each page as the person whose day it is, light, 1440 wide or as on a phone, and writes
`docs/pictures/NAME.webp`. Names after the address draw those only. Needs Chromium.
"""

import base64
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

KEPT = Path(__file__).parents[2] / "docs" / "pictures"
DESK, PHONE = (1440, 900), (390, 844)
MOST_BYTES = 150_000


@dataclass(frozen=True)
class Picture:
    """Whose page, where it begins, and how it goes on from there.

    `link`: a pattern; the first address on the page that fits it is opened. `file`: what is
    brought by the form of the page, as a file of leads.
    """

    who: str
    path: str
    link: str = ""
    size: tuple[int, int] = DESK
    file: str = ""


FILE = """First name;Last name;E-mail;Company;Lead source;Created;Stage
Ana;Lima;ana@lima.example;Lima;Website;03.11.2026;MQL
Ben;Roth;ben@roth.example;Roth & Co;Fair;14.11.2026;MQL
Eva;Kern;eva@kern.example;Kern;Website;21.11.2026;SAL
"""


PICTURES = {
    "desk": Picture("anna.keller", "/desk/"),
    "desk-marketer": Picture("lena.brandt", "/desk/"),
    "lead": Picture("anna.keller", "/desk/", r"^/leads/\d+/$"),
    "phone": Picture("greta.holm", "/desk/?kind=accept", r"^/h(andoffs)?/\d+/", PHONE),
    "review": Picture("priya.nair", "/review/"),
    "team": Picture("marta.silva", "/desk/team/"),
    "clock": Picture("marta.silva", "/desk/team/", r"^/clocks/\d+/$"),
    "imports": Picture("olga.petrova", "/imports/", file=FILE),
    "scorecard": Picture("andrew.uhl", "/scorecard/"),
    "questions": Picture("lena.brandt", "/agreements/new/"),
    "sign": Picture("marta.silva", "/desk/", r"/versions/\d+/sign/$"),
}


def main(arguments: list[str]) -> int:
    """0 if every picture was drawn and is small enough."""
    if not arguments:
        print("usage: python -m tools.docs.pictures ADDRESS [NAME ...]", file=sys.stderr)
        return 2
    address, *names = arguments
    KEPT.mkdir(exist_ok=True)
    large = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        for name in names or PICTURES:
            drawn = _draw(browser, address.rstrip("/"), PICTURES[name])
            (KEPT / f"{name}.webp").write_bytes(drawn)
            print(f"{name}.webp: {len(drawn):,} bytes")
            large += [name] if len(drawn) > MOST_BYTES else []
        browser.close()
    if large:
        print(f"too large: {', '.join(large)}", file=sys.stderr)
    return int(bool(large))


def _draw(browser: Browser, address: str, picture: Picture) -> bytes:
    width, height = picture.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="light", locale="en-GB",
        reduced_motion="reduce",
    )  # fmt: skip
    try:
        page = _signed_in(context, address, picture.who)
        page.goto(address + picture.path)
        if picture.link:
            page.goto(address + _first(page, picture))
        if picture.file:
            brought = {
                "name": "leads.csv",
                "mimeType": "text/csv",
                "buffer": picture.file.encode(),
            }
            page.locator("input[type=file]").set_input_files(brought)  # type: ignore[arg-type]
            page.get_by_role("button", name="Look at the file").click()
            page.get_by_role("heading", name="What do the columns mean?").wait_for()
        page.wait_for_load_state("networkidle")
        return _shot(page)
    finally:
        context.close()


def _first(page: Page, picture: Picture) -> str:
    """The first address of the page that fits; on a phone, the page made for it."""
    found = page.locator("main a[href]").evaluate_all(
        "all => all.map(one => one.getAttribute('href'))"
    )
    link: str = next(one for one in found if re.search(picture.link, one))
    if picture.size == PHONE:
        return re.sub(r"^/handoffs/(\d+)/.*", r"/h/\1/", link)
    return link


def _signed_in(context: BrowserContext, address: str, who: str) -> Page:
    """A page of that person, by their card on the page of signing in."""
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{address}/accounts/login/")
    page.locator(f"button[name='as'][value^='{who}@']").click()
    page.wait_for_load_state()
    page.goto(f"{address}/desk/")
    tries = page.get_by_role("button", name="Do not show it again")
    if tries.count():
        tries.click()
        page.wait_for_load_state()
    return page


def _shot(page: Page) -> bytes:
    """What the window shows, as WebP: Chromium's own, which Playwright does not offer."""
    session = page.context.new_cdp_session(page)
    made = session.send("Page.captureScreenshot", {"format": "webp", "quality": 82})
    return base64.b64decode(made["data"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
