"""What the documents name is there: links, places on pages, files, targets, commands."""

import re
import shlex
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

from portal.operations.doctor import CHECKS

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", ROOT / "deploy" / "environment.md",
                *(ROOT / "docs").rglob("*.md")])  # fmt: skip
MAKEFILE = (ROOT / "Makefile").read_text()
TARGETS = set(re.findall(r"(?m)^([a-z-]+):.*## ", MAKEFILE))
FENCE = re.compile(r"(?ms)^```.*?^```$")
LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
# Places that only their owner has, or that a command makes.
MADE = ("docs/results/", "deploy/secrets")
each = pytest.mark.parametrize(
    "document", PAGES, ids=lambda one: one.relative_to(ROOT).as_posix()
)


def prose(page):
    return FENCE.sub("", page.read_text())


def anchors(page):
    """The places of a page, as readers of Markdown name them."""
    found = re.findall(r"(?m)^#+ +(.+?) *$", prose(page))
    plain = [re.sub(r"[^\w\- ]", "", one.lower()) for one in found]
    return {one.replace(" ", "-") for one in plain}


@each
def test_every_link_leads_somewhere(document):
    lost = []
    for link in LINK.findall(prose(document)):
        if link.startswith(("http:", "https:", "mailto:")):
            continue
        path, _, place = link.partition("#")
        there = document if not path else (document.parent / path).resolve()
        if not there.exists() or (place and place not in anchors(there)):
            lost.append(link)

    assert lost == []


@each
def test_every_target_it_names_is_one_of_the_makefile(document):
    pattern = r"(?:^ {4}|`|&& )(?:[A-Z_]+=\S+ )*make ([a-z][a-z-]*)"
    named = re.findall(pattern, document.read_text(), re.MULTILINE)

    assert set(named) - TARGETS == set()


def said(page):
    """The words after `manage.py`, as far as they stand together."""
    text = re.sub(r"\\\n\s+", " ", page.read_text())
    for one in re.findall(r"manage\.py +([a-z_]+[^`\n|#]*)", text):
        yield one.strip().rstrip(".,;:)")


def is_understood(words):
    """Whether a command is there and takes every option, and each word for a verb."""
    name, *rest = words
    app = get_commands().get(name)
    if app is None:
        return False
    parser = load_command_class(app, name).create_parser("manage.py", name)
    known = {option for action in parser._actions for option in action.option_strings}
    verbs = [action.choices for action in parser._actions if action.nargs == "A..."]
    known |= {option for found in verbs for verb in found.values()
              for action in verb._actions for option in action.option_strings}  # fmt: skip
    given = [word.partition("=")[0] for word in rest if word.startswith("--")]
    return set(given) <= known and (not verbs or not rest or rest[0] in verbs[0])


@each
def test_every_command_it_names_is_there_and_takes_what_is_given(document):
    wrong = []
    for line in said(document):
        try:
            words = shlex.split(line)
        except ValueError:  # prose that goes on behind it
            words = line.split()[:1]
        if not is_understood(words):
            wrong.append(line)

    assert wrong == []


def is_a_name_in(name):
    """Something of a module, as `portal/roof.py`'s `around` is called `portal/roof.around`."""
    module, _, inside = name.rpartition(".")
    return inside.isidentifier() and (ROOT / f"{module}.py").is_file()


@each
def test_every_file_it_names_is_there(document):
    named = re.findall(
        r"`((?:portal|sla|leads|tests|tools|deploy|docs|static|templates)/[\w./-]+)`",
        document.read_text(),
    )

    found = [name for name in named if not name.startswith(MADE)]
    missing = [name for name in found if not (ROOT / name).exists()]
    assert [name for name in missing if not is_a_name_in(name)] == []


def test_the_guide_names_what_the_doctor_looks_at():
    text = (ROOT / "docs" / "admin.md").read_text()
    paragraph = text.partition("## The doctor")[2].partition("## ")[0].lower()
    called = {"secret key": "key", "migrations": "tables", "outbox": "messages",
              "dead letters": "messages", "worker": "processes", "beat": "processes",
              "sweeper": "processes"}  # fmt: skip

    assert [name for name in CHECKS if called.get(name, name) not in paragraph] == []


def test_every_document_is_reached_from_the_readme():
    reached, todo = set(), [ROOT / "README.md"]
    while todo:
        page = todo.pop()
        if page in reached or not page.exists():
            continue
        reached.add(page)
        text = page.read_text()
        paths = [link.partition("#")[0] for link in LINK.findall(text) if ".md" in link]
        todo += [(page.parent / path).resolve() for path in paths]
        todo += [ROOT / name for name in re.findall(r"`((?:docs|deploy)/[\w/-]+\.md)`", text)]

    assert {page.relative_to(ROOT).as_posix() for page in PAGES if page not in reached} == set()
