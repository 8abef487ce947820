"""Each kind of leaf of the terms changed once, and what the editor's form of it sends."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.template.loader import render_to_string

from sla.core.terms.checks import faults_of
from sla.core.terms.reading import read_terms
from sla.forms.around import Around
from sla.forms.editor import PartForm
from sla.forms.parts import PARTS
from sla.forms.tree.posted import posted_from
from tests.core.agreements import everything
from tests.core.terms_walk import Leaf, alternatives, leaves
from tests.core.test_terms_leaves import misshapen
from tests.sla.browsing import as_sent

PARTED = {name: key for key, part in PARTS.items() for name in part.names}


@dataclass(frozen=True)
class Changed:
    """`everything()` with another value for one leaf of it."""

    leaf: Leaf
    document: dict[str, Any]


def sent(part, document):
    """What the form of a part sends of a document, untouched."""
    form = PartForm(PARTS[part], Around(document))
    drawn = "".join(render_to_string(node.template, {"node": node}) for node in form.nodes())
    return _sent(f'<input name="as_" value="{form.said["as_"]}">{drawn}')


def read(part, document, entered):
    """The terms that come of it when somebody enters that in the form of a document."""
    form = PartForm(PARTS[part], Around(document), posted_from(entered))
    assert form.is_valid(), form.page.errors
    return form.result()


def edited(one):
    """Whether people see the change in the row, or the field, of the form where it is."""
    top, *inside = one.leaf.path
    if top not in PARTED:
        return False
    return _row_of(one.document, top, _place(top, inside)) != _row_before(
        top, _place(top, inside)
    )


def _place(top, inside):
    """Which row of a list holds it; a key that is called otherwise stays where it was."""
    if not inside or isinstance(inside[0], int):
        return inside[0] if inside else 0
    named = everything()[top]
    return list(named).index(inside[0])


@cache
def _row_before(top, index):
    return _row_of(everything(), top, index)


def _row_of(document, top, index):
    """What the row sends, and not the names under which it was before."""
    form = PartForm(PARTS[PARTED[top]], Around(document))
    said = _sent("".join(_drawn(form.nodes(), top, index)))
    return {n: value for n, value in said.items() if not n.endswith(("_", "-was"))}


def _drawn(nodes, top, index) -> Iterator[str]:
    """One row of a list alone: a long form takes a second to draw."""
    for node in nodes:
        if node.template == "sla/editor/_rows.html" and node.path == top:
            said = {"node": node.nodes[index], "list": node.part}
            yield render_to_string("sla/editor/_row.html", said)
        elif not node.path or node.path.partition("-")[0] == top:
            yield render_to_string(node.template, {"node": node})


def _sent(html):
    return as_sent(f'<form id="draft">{html}')


def other(document, leaf):
    """The document with another value for a leaf that the terms accept; None for none."""
    for found in alternatives(leaf, document):
        fits = leaf.kind == "key" or not misshapen(found, leaf)
        if fits and not list(faults_of(read_terms(found), found)):
            return found
    return None


@cache
def one_of_each() -> dict[str, Changed]:
    """For each kind of leaf that can be changed, a document with that changed."""
    document, found = everything(), {}
    for leaf in leaves(document):
        if leaf.pattern not in found and (changed_one := other(document, leaf)):
            found[leaf.pattern] = Changed(leaf, changed_one)
    return found


def all_together() -> tuple[set[str], dict[str, Any]]:
    """A document in which as many kinds of leaves as go together are changed, and which."""
    document, tried, done = everything(), set(), set()
    while leaf := next((one for one in leaves(document) if one.pattern not in tried), None):
        tried.add(leaf.pattern)
        if changed_one := other(document, leaf):
            document = changed_one
            done.add(leaf.pattern)
    return done, document
