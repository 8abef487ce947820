"""Nothing is done without an entry: all actions are walked, and what each calls is followed
through the modules until it writes the ledger. One that reaches no entry fails."""

import ast
from functools import cache
from pathlib import Path

from django.conf import settings

from portal.ledger.kinds import Kind

ROOT = Path(settings.ROOT)
WRITERS = {"append", "append_many"}
# Actions that chain nothing of their own, each with the reason.
SILENT = {
    "leads.actions.commitments.watching.watch_all": "plans when to look; each look has its own",
    "leads.actions.events.incoming.settling._broke_down": "a try failed and comes again",
    "leads.actions.imports.files.brought.go_on": "each row it goes on with has its own",
    "sla.actions.notices.tell_head": "a message; the head it tells of has its own entry",
}


def files():
    for app in ("portal", "sla", "leads"):
        for path in sorted((ROOT / app).rglob("*.py")):
            if not {"migrations", "tests"} & set(path.parts):
                yield path.relative_to(ROOT)


def module_of(path):
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


class Module:
    """The functions of a file, and what each name in it stands for elsewhere."""

    def __init__(self, path):
        tree = ast.parse((ROOT / path).read_text())
        self.functions = {
            node.name: node
            for node in ast.walk(tree)
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        self.names = {}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for one in node.names:
                    self.names[one.asname or one.name] = (node.module, one.name)

    def calls(self, function):
        """(what the call stands on, the name that is called)."""
        for node in ast.walk(self.functions[function]):
            if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
                if isinstance(node, ast.Name):
                    yield "", node.id
                elif isinstance(node.value, ast.Name):
                    yield node.value.id, node.attr


MODULES = {module_of(path): path for path in files()}


@cache
def read(module):
    return Module(MODULES[module])


def follow(module, on, name):
    """Where a name leads: (module, function), or None outside the project."""
    here = read(module)
    if not on and name in here.functions:
        return module, name
    source, original = here.names.get(on or name, ("", ""))
    if not source:
        return None
    where, what = (f"{source}.{original}", name) if on else (source, original)
    for _step in range(5):  # through packages that hand a name on
        if where not in MODULES:
            return None
        there = read(where)
        if what in there.functions:
            return where, what
        if what not in there.names:
            return None
        where, what = there.names[what]
    return None


def reaches(module, function):
    """Whether a function, or one that it calls or hands on, writes the ledger."""
    waiting, seen = [(module, function)], set()
    while waiting:
        one = waiting.pop()
        if one in seen:
            continue
        seen.add(one)
        for on, name in read(one[0]).calls(one[1]):
            source = read(one[0]).names.get(on or name, ("", ""))
            if name in WRITERS and (on == "ledger" or source[0].startswith("portal.ledger")):
                return True
            if (found := follow(one[0], on, name)) is not None:
                waiting.append(found)
    return False


def recorded():
    for module in MODULES:
        for name, node in read(module).functions.items():
            if any(ast.unparse(one).endswith("recorded") for one in node.decorator_list):
                yield f"{module}.{name}"


def test_there_are_actions_to_walk():
    assert len(list(recorded())) > 80


def test_every_action_writes_an_entry_or_says_why_not():
    silent = {one for one in recorded() if not reaches(*one.rsplit(".", 1))}

    assert silent == SILENT.keys()


def test_every_kind_of_entry_is_written_somewhere():
    text = "".join(
        (ROOT / path).read_text()
        for path in files()
        if path.as_posix() != "portal/ledger/kinds.py"
    )
    moves = (ROOT / "leads/core/handoff.py").read_text()
    unwritten = [
        kind.value
        for kind in Kind
        if f"Kind.{kind.name}" not in text and f'"{kind.value}"' not in text + moves
        and not kind.value.startswith("handoff_")
    ]  # fmt: skip
    assert unwritten == []
