"""What the portal does without, so that nothing can be put into it from outside."""

import ast
import re

import pytest

from tests.source import nodes
from tests.test_architecture import FILES, ROOT

pytestmark = pytest.mark.source

# Nothing from outside is unpickled, evaluated, or asked of a directory by LDAP or of XML by
# a path; there is no second template language, no socket that stays open, no GraphQL. Signed
# XML of the company's provider is read in one folder, by a reader that resolves nothing.
READS_XML = "portal/accounts/sso/saml/"
BANNED = {
    "pickle", "marshal", "shelve", "dill", "yaml", "ldap", "ldap3", "lxml", "jinja2", "mako",
    "graphql", "graphene", "strawberry", "channels", "websockets", "pymemcache", "pylibmc",
    "memcache", "cffi", "xml.sax.expatreader", "xml.dom", "PIL",
}  # fmt: skip
CALLED = {
    "eval", "exec", "__import__", "system", "popen", "from_string", "Template", "xpath",
}  # fmt: skip
SCRIPTS = sorted((ROOT / "static" / "portal").glob("*.js"))


def test_nothing_is_evaluated_unpickled_or_asked_of_what_is_not_there():
    found = {str(path): _wrong(path) for path in FILES}
    for path in [path for path in found if path.startswith(READS_XML)]:
        found[path] = [name for name in found[path] if name != "lxml"]

    assert {path: names for path, names in found.items() if names} == {}


def _wrong(path):
    found = []
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found += [one.name for one in node.names if _is_banned(one.name)]
        elif isinstance(node, ast.ImportFrom) and _is_banned(node.module or ""):
            found.append(node.module)
        elif isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            shell = any(word.arg == "shell" for word in node.keywords)
            found += [name] if name in CALLED or shell else []
    return found


def _is_banned(module):
    return any(module == name or module.startswith(f"{name}.") for name in BANNED)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_a_script_makes_no_page_of_texts_and_listens_to_no_other_window(path):
    banned = (
        r"innerHTML|outerHTML\s*=|insertAdjacentHTML|document\.write|\beval\(|new Function"
        r"|setTimeout\(\s*[\"'`]|postMessage|[\"']message[\"']|WebSocket|EventSource"
        r"|localStorage|sessionStorage|document\.cookie"
    )
    assert re.findall(banned, path.read_text()) == []


# A key that is a word of another part, written into an object that the line before made: the
# value is a text, and a text is no prototype.
WRITTEN_BY_NAME = {"passkey.js": ["response[part] ="], "tryout.js": ["headers[control.name] ="]}


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_no_script_lets_what_it_is_told_change_how_objects_are_made(path):
    told = path.read_text()
    merges = (
        r"__proto__|\bprototype\b|\bconstructor\b|setPrototypeOf|defineProperty|\bmerge\b"
        r"|for\s*\(\s*(?:const|let|var)\s+\w+\s+in\b"
        r"|Object\.assign\((?!document\.createElement\(|control, \{)"
    )

    assert re.findall(merges, told) == []
    by_name = re.findall(r"\w+\[[^\]\"'\d][^\]]*\]\s*=(?![=>])", told)
    assert by_name == WRITTEN_BY_NAME.get(path.name, [])


def test_the_queue_carries_json_alone():
    from django.conf import settings

    assert settings.CELERY_ACCEPT_CONTENT == ["json"]
    assert settings.CELERY_TASK_SERIALIZER == "json"
    assert getattr(settings, "SESSION_SERIALIZER", "").rpartition(".")[2] == "JSONSerializer"
