"""The rules of the house, checked on every run: who may import whom, and what is done
in one place only. A failure names the file and the line. Fix the code; or change the
rule here, and say why in docs/decisions.md.
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import nodes

ROOT = Path(__file__).parent.parent
FILES = [
    path.relative_to(ROOT)
    for app in ("portal", "sla", "leads")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts
]
# The ground: what every floor may stand on. The roof joins the apps and may import them all.
GROUND = tuple(
    f"portal.{name}"
    for name in (
        "accounts", "adminsite", "bulk", "demo.simulation", "errors", "http", "jobs", "ledger",
        "logs", "look", "notifications", "operations.pulse", "reader", "rest", "settings",
        "spreadsheet", "telemetry", "timed", "unfinished", "wallclock",
    )
)  # fmt: skip
MAY_IMPORT = {"portal": GROUND, "sla": GROUND, "leads": (*GROUND, "sla")}
ROOF = {
    "portal/urls.py",
    "portal/api.py",
    "portal/home.py",
    "portal/roof.py",
    "portal/health.py",
    "portal/metrics.py",
    "portal/celery.py",
    "portal/scheduler.py",
    "portal/wsgi.py",
    "portal/adapter.py",
    "portal/middleware.py",
}
ROOF_FOLDERS = ("portal/demo/", "portal/operations/", "portal/settings/")
CORE = [path for path in FILES if "core" in path.parts]
DOOR_NAMES = {
    "views", "views.py", "api", "api.py", "tasks.py", "management", "admin.py",
}  # fmt: skip
DOORS = [path for path in FILES if DOOR_NAMES & set(path.parts)]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WRITES = {"save", "create", "update", "delete", "bulk_create", "bulk_update", "get_or_create"}
# Django's own hook in an admin class is called save_model; super().save_model is no write.
MOST_LINES = 300
MOST_FILES = 10
# Fuller than a folder should be; none of them may grow further.
CROWDED = {
    "portal": 19,
    "portal/ledger": 12,
    "sla/actions": 12,
    "sla/core": 13,
    "sla/views": 13,
    "leads/models": 15,
    "leads/demo": 15,
}


def find(path: Path, kind: type[ast.AST]) -> list:
    return [node for node in nodes(path) if isinstance(node, kind)]


def imports(path: Path) -> Iterator[str]:
    for node in find(path, ast.Import):
        yield from (alias.name for alias in node.names)
    for node in find(path, ast.ImportFrom):
        if node.module in {"portal", "portal.notifications"}:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        else:
            yield node.module or "(relative)"


def under(name: str, packages: tuple[str, ...]) -> bool:
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def is_roof(path: Path) -> bool:
    name = path.as_posix()
    return name in ROOF or name.startswith(ROOF_FOLDERS)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_an_app_imports_only_the_floors_below_it(path):
    home = path.parts[0]
    ours = [name for name in imports(path) if under(name, ("portal", "sla", "leads"))]
    allowed = MAY_IMPORT[home] if home == "portal" else (home, *MAY_IMPORT[home])
    climbs = [name for name in ours if name != "portal" and not under(name, allowed)]
    assert is_roof(path) or climbs == []


@pytest.mark.parametrize("path", CORE, ids=str)
def test_the_core_is_plain_python(path):
    allowed = (
        *sys.stdlib_module_names, "jsonschema", "numpy", "phonenumbers", "rfc8785", "sla.core",
        "leads.core",
    )  # fmt: skip
    assert [name for name in imports(path) if not under(name, allowed)] == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_only_a_door_asks_the_clock_and_only_the_clock_asks_the_system(path):
    reads = [
        ast.unparse(node)
        for node in find(path, ast.Attribute)
        if node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name | ast.Attribute)
    ]
    reads = [
        read
        for read in reads
        if read.split(".")[0] in {"datetime", "date", "timezone", "wallclock", "django"}
    ]
    if (
        path in DOORS
        or is_roof(path)
        or path.as_posix() in {"portal/adminsite.py", "portal/look/context.py"}
    ):
        reads = [read for read in reads if read != "wallclock.now"]
    for node in find(path, ast.ImportFrom):
        reads += [alias.name for alias in node.names if alias.name == "now"]
    for node in find(path, ast.keyword):
        reads += [node.arg] if str(node.arg).startswith("auto_now") else []
    assert path.as_posix() == "portal/wallclock.py" or reads == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_the_state_of_a_handoff_changes_in_one_place(path):
    writes = [
        node.lineno
        for node in find(path, ast.Attribute)
        if node.attr == "state"
        and isinstance(node.ctx, ast.Store)
        and "handoff" in ast.unparse(node.value)
    ]
    assert path.as_posix() == "leads/actions/handing/transitions.py" or writes == []


@pytest.mark.parametrize("path", DOORS, ids=str)
def test_a_door_writes_nothing_itself(path):
    calls = [node.func for node in find(path, ast.Call)]
    names = [(call.lineno, call.attr) for call in calls if isinstance(call, ast.Attribute)]
    actions = {"drafting", "fields", "widgets"}
    written = [
        (call.lineno, call.attr)
        for call in calls
        if isinstance(call, ast.Attribute)
        and call.attr in WRITES
        and ast.unparse(call.value).split(".")[0] not in actions
    ]
    assert names is not None
    assert written == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_clock_of_its_own(path):
    assert re.findall(r"\|\s*time(?:since|until)|{%\s*now\b", path.read_text()) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_a_template_trusts_no_text_and_styles_nothing_itself(path):
    text = path.read_text()
    assert re.findall(r"\|\s*safe\b|{%\s*autoescape off|\sstyle=|\son\w+=[\"']", text) == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_signals_no_save_overrides_no_countdowns_and_no_trusted_html(path):
    text = (ROOT / path).read_text()
    banned = (
        r"mark_safe|\.extra\(|RawSQL|fields = [\"']__all__|except Exception|countdown=|\beta="
    )
    assert re.findall(banned, text) == []
    overrides = [
        node.lineno
        for node in find(path, ast.FunctionDef)
        if node.name == "save" and "models" in path.parts
    ]
    assert overrides == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_can_be_read_in_one_sitting(path):
    assert len((ROOT / path).read_text().splitlines()) <= MOST_LINES


def test_a_folder_holds_ten_files_and_a_crowded_one_does_not_grow():
    held = Counter(path.parent.as_posix() for path in FILES if path.name != "__init__.py")

    assert {folder: n for folder, n in held.items() if n > MOST_FILES} == CROWDED


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_function_fits_on_a_screen(path):
    long = [
        (node.name, node.end_lineno - node.lineno + 1)
        for kind in (ast.FunctionDef, ast.AsyncFunctionDef)
        for node in find(path, kind)
        if _body_length(node) > 40
    ]
    assert long == []


def _body_length(node: ast.FunctionDef) -> int:
    """Lines of a function without its signature and docstring."""
    body = node.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if documented and len(body) > 1 else body[0]
    return (node.end_lineno or 0) - first.lineno + 1


def test_there_are_no_rooms_without_a_noun():
    names = [path.as_posix() for path in FILES if path.stem in {"utils", "services", "helpers"}]
    assert names == []
