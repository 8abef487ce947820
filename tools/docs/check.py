"""What a built site must be: whole, and loading nothing from anywhere else.

`python -m tools.docs.check FOLDER` follows every link, picture, script and style of every
page inside the folder, and refuses any that a browser would fetch from another host.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

# What a browser fetches by itself; of `link` only these.
FETCHED = {"img": "src", "script": "src", "source": "src", "iframe": "src", "link": "href"}
LINKS = {"stylesheet", "icon", "preload", "preconnect", "dns-prefetch", "modulepreload"}


class _Page(HTMLParser):
    """The places of a page, where it leads, and what it loads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.leads: list[str] = []
        self.loads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        self.places |= {said[name] for name in ("id", "name") if said.get(name)}
        if tag == "a" and said.get("href"):
            self.leads.append(said["href"])
        if tag in FETCHED and said.get(FETCHED[tag]) and _fetches(tag, said):
            self.loads.append(said[FETCHED[tag]])


def _fetches(tag: str, said: dict[str, str]) -> bool:
    return tag != "link" or bool(LINKS & set(said.get("rel", "").split()))


def faults(site: Path) -> list[str]:
    """One line for each link that leads nowhere, and for each thing loaded from elsewhere."""
    pages = {path: _Page(path.read_text()) for path in sorted(site.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        name = path.relative_to(site)
        if name.name == "404.html":  # its links begin at the root of a server
            continue
        found += [f"{name}: loads {one}" for one in page.loads if _is_elsewhere(one)]
        inside = [one for one in page.leads + page.loads if not urlsplit(one).scheme]
        found += [f"{name}: leads nowhere: {one}" for one in inside
                  if not _is_there(path, one, pages)]  # fmt: skip
    return found


def _is_elsewhere(link: str) -> bool:
    return bool(urlsplit(link).netloc) or urlsplit(link).scheme in {"http", "https"}


def _is_there(path: Path, link: str, pages: dict[Path, _Page]) -> bool:
    parts = urlsplit(link)
    there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if not parts.fragment or parts.fragment.startswith("__"):  # the theme's own switches
        return there.exists()
    return there in pages and unquote(parts.fragment) in pages[there].places


def main(arguments: list[str]) -> int:
    """0 if there are pages and no faults; 2 for a call that says no folder."""
    if len(arguments) != 1:
        print("usage: python -m tools.docs.check FOLDER", file=sys.stderr)
        return 2
    site = Path(arguments[0]).resolve()
    found = faults(site)
    print("\n".join(found) or "every link leads somewhere, nothing comes from elsewhere")
    return int(bool(found) or not (site / "index.html").exists())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
