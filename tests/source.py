"""The source, parsed once however many tests read it."""

import ast
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@cache
def tree(path: Path) -> ast.Module:
    """A file of the repository; `path` from its root, or absolute."""
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Everything in it, outer before inner."""
    return tuple(ast.walk(tree(path)))
