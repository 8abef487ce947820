"""What changes from one version of the terms to another, in whole sentences."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from sla.core import terms
from sla.core.clauses import Clause, Line, Section, render
from sla.core.terms import Terms

Op = Literal["equal", "insert", "delete"]
Words = tuple[tuple[Op, str], ...]

# A word or a stop, with the blanks after it; a no-break space holds "25 Dec" together.
_WORD = re.compile(
    r"""(?x)
    [(“]+
    | [^ \t\n,;:.)”]+ (?: [,;:.)”]+ (?= [^ \t\n,;:.)”] ) [^ \t\n,;:.)”]+ )* [ \t\n]*
    | [,;:.)”]+ [ \t\n]*
    | [ \t\n]+
    """
)
_LONG = 2000  # words; beyond this, matching every "the" with every other takes seconds


@dataclass(frozen=True, slots=True)
class Change:
    """One sentence that is other than it was, or is new, or is gone.

    `part` and `number` are of the section and clause it stands in (of the old version, if
    it is gone); `path` names the line in every version. `old` is "" for what is new, `new`
    for what is gone. `words` put together without the deleted ones are `new`. `cost` says
    what the change costs, where whoever shows it knows that.
    """

    part: str
    number: str
    path: str
    old: str
    new: str
    words: Words
    cost: str = ""


def compare(old: Any, new: Any) -> list[Change]:
    """Return what changes from the document `old` to `new`, in the order of the clauses.

    Both have the shape of the schema; they may be unfinished drafts. No changes means that
    both read, and are evaluated, alike. Raises TermsError as `terms.read` does.
    """
    return compare_terms(terms.read(old), terms.read(new))


def compare_terms(old: Terms, new: Terms) -> list[Change]:
    """Return what `compare` does, of two documents that were read before."""
    pairs = zip(render(old), render(new), strict=True)
    return [change for before, after in pairs for change in _section(before, after)]


def words(old: str, new: str) -> Words:
    """Return the words of both texts in order, each kept, inserted or deleted."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    matcher = SequenceMatcher(
        None, _bare(before), _bare(after), autojunk=len(before) + len(after) > _LONG
    )
    found: list[tuple[Op, str]] = []
    for op, i, j, k, m in matcher.get_opcodes():
        if op == "equal":
            found.append(("equal", "".join(after[k:m])))
            continue
        gone, come = "".join(before[i:j]), "".join(after[k:m])
        if gone:
            found.append(("delete", _blank_lost(before[:i], after[:k]) + gone))
        if come:
            found.append(("insert", come))
    return tuple(found)


def _blank_lost(before: Sequence[str], after: Sequence[str]) -> str:
    """The blank that parted the last kept word from what follows it, if it is there no more."""
    if not before or not after or after[-1] != after[-1].rstrip():
        return ""
    return before[-1][len(before[-1].rstrip()) :]


def _bare(said: Sequence[str]) -> list[str]:
    return [word.rstrip() for word in said]


def _section(old: Section, new: Section) -> Iterator[Change]:
    before = {clause.path: clause for clause in old.clauses}
    after = {clause.path: clause for clause in new.clauses}
    yield from _order(old, new)
    for path, clause in after.items():
        if path in before:
            yield from _clause(new.title, before[path], clause)
        else:
            yield _change(new.title, clause.number, path, "", _whole(clause))
    for path, clause in before.items():
        if path not in after:
            yield _change(old.title, clause.number, path, _whole(clause), "")


def _order(old: Section, new: Section) -> Iterator[Change]:
    """Clauses of one kind that both have, and that stand in another order."""
    for kind in dict.fromkeys(_kind(clause) for clause in new.clauses):
        if kind == "journey":
            continue  # its first clause tells the order of the stages
        paths = {c.path for c in old.clauses} & {
            c.path for c in new.clauses if _kind(c) == kind
        }
        before = [clause for clause in old.clauses if clause.path in paths]
        after = [clause for clause in new.clauses if clause.path in paths]
        if [clause.path for clause in before] != [clause.path for clause in after]:
            said, says = _in_order(before), _in_order(after)
            yield _change(new.title, str(new.number), f"{kind}/order", said, says)


def _kind(clause: Clause) -> str:
    return clause.path.partition("/")[0]


def _in_order(clauses: Sequence[Clause]) -> str:
    return f"In this order: {'; '.join(clause.title for clause in clauses)}."


def _clause(part: str, old: Clause, new: Clause) -> Iterator[Change]:
    before = {line.key: line.text for line in _lines(old)}
    after = {line.key: line.text for line in _lines(new)}
    for key in [*after, *(key for key in before if key not in after)]:
        said, says = before.get(key, ""), after.get(key, "")
        if said != says:
            yield _change(part, new.number, f"{new.path}/{key}", said, says)


def _lines(clause: Clause) -> tuple[Line, ...]:
    return (Line("heading", f"{clause.title}."), *clause.lines)


def _whole(clause: Clause) -> str:
    return " ".join(line.text for line in _lines(clause))


def _change(part: str, number: str, path: str, old: str, new: str) -> Change:
    return Change(part, number, path, old, new, words(old, new))
