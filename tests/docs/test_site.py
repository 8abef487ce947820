"""The documentation as pages: whole, in the portal's words, loading nothing from elsewhere."""

import re
from pathlib import Path

import polib
import pytest

from tools.docs import check, glossary

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
NAV = (ROOT / "mkdocs.yml").read_text().partition("\nnav:\n")[2]
SAID = re.compile(r"(?<![*\w])\*([A-Z][^*\n]+)\*(?!\*)")
# Pages that lead somebody by the words on the screen.
LED = [DOCS / "first-agreement.md", *sorted((DOCS / "days").glob("*.md"))]
# Parts of a page that are drawn from data, or another page's own words.
NOT_OURS = {"The classic model"}


def test_the_words_are_those_of_the_portal():
    assert (DOCS / "glossary.md").read_text() == glossary.page()


def test_every_page_has_its_place_in_the_navigation_once():
    named = re.findall(r"([\w/-]+\.md)$", NAV, re.M)
    pages = [path.relative_to(DOCS).as_posix() for path in DOCS.rglob("*.md")]

    assert len(named) == len(set(named))
    assert {one for one in pages if not one.startswith("results/")} <= set(named)


@pytest.mark.parametrize("path", LED, ids=lambda path: path.stem)
def test_what_a_page_tells_to_press_stands_on_a_screen(path):
    texts = {one.msgid for one in polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po"))}
    known = {text.replace("’", "'").rstrip(".") for text in texts} | NOT_OURS

    said = {one.replace("’", "'").rstrip(".") for one in SAID.findall(path.read_text())}

    assert [one for one in sorted(said) if one not in known] == []


def test_every_picture_is_shown_and_small():
    text = "".join(path.read_text() for path in [*DOCS.rglob("*.md"), ROOT / "README.md"])
    pictures = sorted((DOCS / "pictures").iterdir())

    assert len(pictures) >= 10
    assert [one.name for one in pictures if f"pictures/{one.name}" not in text] == []
    assert [one.name for one in pictures if one.stat().st_size > 150_000] == []


WHOLE = '<h1 id="a">A</h1><a href="b.html#x">b</a><a href="https://example.org">out</a>'
OTHER = '<p id="x"><a href="index.html#a">back</a><img src="p.webp"></p>'


@pytest.fixture
def site(tmp_path):
    (tmp_path / "p.webp").write_bytes(b"")
    (tmp_path / "index.html").write_text(WHOLE)
    (tmp_path / "b.html").write_text(OTHER)
    return tmp_path


def test_a_whole_site_has_no_fault(site):
    assert check.faults(site) == []
    assert check.main([str(site)]) == 0


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('<a href="gone.html">', "leads nowhere: gone.html"),
        ('<a href="b.html#gone">', "leads nowhere: b.html#gone"),
        ('<img src="https://example.org/p.png">', "loads https://example.org/p.png"),
        ('<script src="//cdn.example.org/x.js"></script>', "loads //cdn.example.org/x.js"),
        ('<link rel="stylesheet" href="https://fonts.example.org/f">', "loads https://fonts"),
    ],
)
def test_what_is_lost_or_comes_from_elsewhere_is_found(site, more, fault):
    (site / "index.html").write_text(WHOLE + more)

    found = check.faults(site)

    assert [one for one in found if fault in one]
    assert check.main([str(site)]) == 1
