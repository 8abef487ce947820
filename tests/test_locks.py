"""How rows are locked: with FOR NO KEY UPDATE, never FOR UPDATE.

PostgreSQL checks foreign keys at the end of a transaction, when the end of the ledger is
held already. A row locked FOR UPDATE makes that check wait, and two actions that need each
other's rows then wait for ever. No key of ours changes, so the weaker lock says enough.
"""

import ast
from pathlib import Path

import pytest

from tests.source import nodes

pytestmark = pytest.mark.source

ROOT = Path(__file__).parent.parent
FILES = [
    path
    for app in ("portal", "sla", "leads")
    for path in sorted((ROOT / app).rglob("*.py"))
    if "select_for_update" in path.read_text(encoding="utf-8")
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_lock_leaves_the_key_alone(path):
    calls = [
        node
        for node in nodes(path)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "select_for_update"
    ]
    bare = [c.lineno for c in calls if "no_key" not in {word.arg for word in c.keywords}]
    assert bare == []
