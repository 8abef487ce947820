"""Every text of the portal has its German, with the same values in it, and is compiled."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest
from django.utils.translation import template

from portal.errors import DomainError
from tests.source import nodes

pytestmark = pytest.mark.source

ROOT = Path(__file__).resolve().parent.parent
APPS = ("portal", "leads", "sla")
WORDED = {
    "_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "Phrase": 1,
    "ngettext": 2, "ngettext_lazy": 2, "pgettext": 2, "pgettext_lazy": 2,
}  # fmt: skip
MARK = re.compile(r"\b(_|gettext|ngettext|pgettext|npgettext)\((?=u?['\"])")
PLACES = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+")
Text = tuple[str | None, str, str]


@pytest.fixture(scope="module")
def german() -> polib.POFile:
    return polib.pofile(str(ROOT / "locale/de/LC_MESSAGES/django.po"))


def said() -> Iterator[Text]:
    """(context, one, many) of each text in code and templates."""
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            yield from _of_code(path)
    for path in (ROOT / "templates").rglob("*.*"):
        if path.suffix in {".html", ".txt"}:
            yield from _of_template(path.read_text(), str(path))


def _of_code(path: Path) -> Iterator[Text]:
    for node in nodes(path):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            wanted = WORDED.get(node.func.id, 0)
            words = [one.value for one in node.args[:wanted] if isinstance(one, ast.Constant)]
            if wanted and len(words) == wanted and all(isinstance(one, str) for one in words):
                yield _text(node.func.id, words)


def _of_template(source: str, origin: str) -> Iterator[Text]:
    code = template.templatize(source, origin=origin)
    for found in MARK.finditer(code):
        words, rest = [], code[found.end() :]
        while literal := re.match(r"u?('(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")\s*,?\s*", rest):
            words.append(ast.literal_eval(literal[1]))
            rest = rest[literal.end() :]
        yield _text(found[1], words)


def _text(name: str, words: list[str]) -> Text:
    if name.startswith("pgettext"):
        return words[0], words[1], ""
    return None, words[0], words[1] if name.startswith("ngettext") else ""


def test_every_text_is_in_the_catalogue_and_nothing_that_nobody_says(german):
    known = {(one.msgctxt, one.msgid) for one in german}

    wanted = {(context, one) for context, one, _many in said() if one}

    assert len(wanted) > 3_000
    assert wanted - known == set(), "make messages gathers them"
    assert known - wanted == set(), "make messages drops them"


def test_every_text_has_its_german(german):
    assert [one.msgid for one in german.untranslated_entries()] == []
    assert [one.msgid for one in german.fuzzy_entries()] == []


def test_what_is_put_into_a_text_is_put_into_its_german_too(german):
    wrong = []
    for one in german:
        many = sorted(PLACES.findall(one.msgid_plural or one.msgid))
        for text in one.msgstr_plural.values() if one.msgid_plural else [one.msgstr]:
            found = sorted(PLACES.findall(text))
            single = one.msgid_plural and text == one.msgstr_plural[0]
            if found != many and not (single and set(found) <= set(many)):
                wrong.append((one.msgid, text))

    assert wrong == []


def refusals() -> set[str]:
    """The names of all errors whose text a person reads, imported by now or not."""
    bases = {
        node.name: {ast.unparse(base).rpartition(".")[2] for base in node.bases}
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        for node in nodes(path)
        if isinstance(node, ast.ClassDef)
    }
    found = {DomainError.__name__}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found


def test_no_refusal_is_written_past_the_catalogue():
    """Nor what people are told: titles and texts of messages."""
    names, wrong = refusals(), []
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "demo" in path.parts:
                continue
            for node in nodes(path):
                if not isinstance(node, ast.Call):
                    continue
                called = ast.unparse(node.func).rpartition(".")[2]
                words = node.args[:1] if called in names else []
                if called in {"tell", "Notice"}:
                    words = [one.value for one in node.keywords if one.arg == "title"]
                if any(isinstance(one, ast.Constant | ast.JoinedStr) for one in words):
                    wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {called}")

    assert wrong == []


def test_what_is_served_is_compiled_from_what_is_read(german):
    compiled = polib.mofile(str(ROOT / "locale/de/LC_MESSAGES/django.mo"))

    def content(catalogue):
        return {
            (one.msgctxt, one.msgid): one.msgstr or tuple(one.msgstr_plural.values())
            for one in catalogue
        }

    assert content(compiled) == content(german)
