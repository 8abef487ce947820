"""How much of the code its tests would notice: break it in one place at a time, run them.

    .venv/bin/python -m tools.mutate                   # all parts, the figures as a table
    .venv/bin/python -m tools.mutate working-time      # one of them
    .venv/bin/python -m tools.mutate ledger --most 32  # no more than 32 mutants of each file

A mutant is the file with one comparison, sum, constant, condition or call changed. It is
*killed* if a test of its part fails (or takes ten times as long); who *survives* is named with
its line. Each runs in a forked process whose import of that one file gives the mutant, so the
working tree is never touched. Own and small, as the known tools copy the tree and start
pytest anew for every mutant: here the libraries are loaded once. With `--most` those of a file
are drawn by chance, the same ones each time: a share of all, and said so in the table.
"""

import argparse
import ast
import copy
import os
import random
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder, SourceFileLoader
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SEED = 5
LOADED = ("django", "hypothesis", "jsonschema", "numpy", "pytest", "pytest_django", "rfc8785")


@dataclass(frozen=True)
class Part:
    """Files that are broken, and the tests that must notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


PARTS = {
    "working-time": Part(
        ("sla/core/workingtime.py", "sla/core/openings/grid.py",
         "sla/core/openings/rules.py", "sla/core/openings/table.py"),
        ("tests/core/test_workingtime.py", "tests/core/test_workingtime_calendar.py",
         "tests/core/test_workingtime_batches.py", "tests/core/test_workingtime_laws.py"),
    ),
    "clocks": Part(
        ("leads/core/rungs.py", "sla/core/ladder.py"),
        ("tests/core/test_ladder.py", "tests/core/test_ladder_laws.py",
         "tests/core/test_rungs.py"),
    ),
    "ledger": Part(
        ("portal/ledger/chain.py", "portal/ledger/verify_chain.py"),
        ("tests/portal/test_ledger_chain.py", "tests/portal/test_ledger_verify.py",
         "tests/portal/test_ledger_stranger.py"),
    ),
    "authorization": Part(
        ("portal/accounts/permissions.py",), ("tests/portal/test_permissions.py",)
    ),
    "signing": Part(
        ("sla/actions/signing.py",),
        ("tests/sla/test_signing.py", "tests/sla/test_forging.py",
         "tests/sla/test_signing_requests.py", "tests/sla/test_signed_by_head.py",
         "tests/portal/sso/test_signing.py", "tests/leads/commitments/test_agreed.py"),
    ),
}  # fmt: skip

OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot,
    ast.IsNot: ast.Is, ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult, ast.Mod: ast.Mult, ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd, ast.Break: ast.Continue, ast.Continue: ast.Break,
}  # fmt: skip


def changed(node: ast.AST) -> Iterator[tuple[str, Any]]:
    """What a node becomes, one change at a time, with words for it."""
    if isinstance(node, ast.Compare | ast.BoolOp | ast.BinOp):
        for made in _operators(node):
            yield ast.unparse(made), made
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield ast.unparse(node.operand), node.operand
    elif isinstance(node, ast.Constant):
        yield from _constant(node)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        yield f"without {ast.unparse(node)}", ast.Pass()
    elif isinstance(node, ast.Return) and _says_something(node.value):
        yield "return None", ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Break | ast.Continue):
        made = OTHER[type(node)]()
        yield ast.unparse(made), made


def _operators(node: ast.Compare | ast.BoolOp | ast.BinOp) -> Iterator[Any]:
    for at, sign in enumerate(node.ops if isinstance(node, ast.Compare) else [node.op]):
        if other := OTHER.get(type(sign)):
            made: Any = copy.deepcopy(node)
            if isinstance(node, ast.Compare):
                made.ops[at] = other()
            else:
                made.op = other()
            yield made


def _says_something(value: ast.expr | None) -> bool:
    """Whether None instead would be another answer: False is no, too."""
    return not (value is None or (isinstance(value, ast.Constant) and not value.value))


def _constant(node: ast.Constant) -> Iterator[tuple[str, ast.Constant]]:
    if isinstance(node.value, bool):
        yield str(not node.value), ast.Constant(not node.value)
    elif isinstance(node.value, int):
        yield str(node.value + 1), ast.Constant(node.value + 1)
    elif isinstance(node.value, str) and node.value and " " not in node.value:
        yield repr(node.value + "?"), ast.Constant(node.value + "?")


def mutants(text: str) -> Iterator[tuple[int, str, ast.Module]]:
    """Line, words and tree of each mutant. Types, docstrings and texts for people stay."""
    tree = ast.parse(text)
    apart = _apart(tree)
    for number, node in enumerate(ast.walk(tree)):
        if node in apart:
            continue
        for words, made in changed(node):
            other = ast.parse(text)
            target = list(ast.walk(other))[number]
            new = ast.copy_location(made, target)
            yield getattr(node, "lineno", 0), words, _replaced(other, target, new)


def _apart(tree: ast.Module) -> set[ast.AST]:
    """What no test is asked about: annotations, docstrings, what is said to people."""
    found: set[ast.AST] = set()
    for node in ast.walk(tree):
        hidden: list[ast.AST | None] = []
        if isinstance(node, ast.FunctionDef):
            hidden += [node.returns, *(one.annotation for one in node.args.args)]
            hidden += [one.annotation for one in node.args.kwonlyargs]
            hidden += node.decorator_list
        elif isinstance(node, ast.ClassDef):
            hidden += node.decorator_list
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value) == "Literal":
            hidden.append(node.slice)
        elif isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            hidden.append(node)
        elif isinstance(node, ast.AnnAssign):
            hidden.append(node.annotation)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            hidden.append(node.value)
        elif isinstance(node, ast.Raise):
            hidden += [one for call in ast.walk(node) if isinstance(call, ast.Call)
                       for one in call.args]  # fmt: skip
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in {"_", "gettext", "print"}:
            hidden.append(node)
        found |= {one for top in hidden if top is not None for one in ast.walk(top)}
    return found


def _replaced(tree: ast.Module, old: ast.AST, new: ast.AST) -> ast.Module:
    class Replace(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            return new if node is old else self.generic_visit(node)

    Replace().visit(tree)
    return ast.fix_missing_locations(tree)


def survives(file: Path, tree: ast.Module | None, tests: tuple[str, ...], most: float) -> bool:
    """Whether the tests pass within `most` seconds on the mutant; None: on the file itself."""
    child = os.fork()
    if child == 0:
        silent = os.open(os.devnull, os.O_RDWR)
        os.dup2(silent, 1), os.dup2(silent, 2)
        signal.alarm(int(most))
        if tree is not None:
            _import_instead(file, compile(tree, str(file), "exec"))
        import pytest

        words = ["-x", "-q", "-n0", "-p", "no:cacheprovider", "-m", "not slow", *tests]
        os._exit(int(pytest.main(words)))
    _, status = os.waitpid(child, 0)
    return status == 0


def _import_instead(file: Path, code: Any) -> None:
    class Mutant(SourceFileLoader):
        def get_code(self, fullname: str) -> Any:
            return code

    class Finder(PathFinder):
        @classmethod
        def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> Any:
            spec = PathFinder.find_spec(fullname, path, target)
            if spec is not None and spec.origin == str(file):
                spec.loader = Mutant(fullname, str(file))
            return spec

    sys.meta_path.insert(0, Finder)


def judge(name: str, part: Part, limit: int) -> Iterator[tuple[str, int, int, int]]:
    """Of each file: its name, how many mutants it has, how many were tried, `limit` at most,
    how many of those were killed. Survivors are printed as they are found."""
    began = time.monotonic()
    if not survives(ROOT / part.files[0], None, part.tests, 600):
        raise SystemExit(f"{name}: the tests fail without any mutant")
    most = max(20.0, 10 * (time.monotonic() - began))
    for file in part.files:
        made = list(mutants((ROOT / file).read_text()))
        tried, lived = sampled(made, limit), 0
        for line, words, tree in tried:
            if survives(ROOT / file, tree, part.tests, most):
                lived += 1
                print(f"{file}:{line} survives: {words[:90]}", flush=True)
        yield file, len(made), len(tried), len(tried) - lived


def sampled(made: list[Any], limit: int) -> list[Any]:
    """At most `limit` of them in their order, the same ones each time; 0: all."""
    if not limit or limit >= len(made):
        return made
    drawn = random.Random(SEED).sample(range(len(made)), limit)  # noqa: S311  # no secret
    return [made[number] for number in sorted(drawn)]


def main(arguments: list[str]) -> int:
    """0 if each part that was asked for kills nine of ten."""
    parser = argparse.ArgumentParser()
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--most", type=int, default=0, help="mutants of a file; 0: all")
    asked = parser.parse_args(arguments)
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    for module in LOADED:
        __import__(module)
    low = []
    print("| part | file | mutants | tried | killed | score |\n|---|---|---:|---:|---:|---:|")
    for name in asked.parts or PARTS:
        of_all = 0, 0
        for file, made, tried, killed in judge(name, PARTS[name], asked.most):
            of_all = of_all[0] + tried, of_all[1] + killed
            share = f"{100 * killed / tried:.1f} %"
            print(f"| {name} | `{file}` | {made} | {tried} | {killed} | {share} |", flush=True)
        low += [name] if of_all[1] < 0.9 * of_all[0] else []
    print(
        f"below nine of ten: {', '.join(low)}" if low else "nine of ten at least, in each part"
    )
    return int(bool(low))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
