"""The clauses about the journey: its stages in order, and the handoffs between them."""

from collections.abc import Iterator

from sla.core.clauses import words
from sla.core.clauses.layout import Draft
from sla.core.criteria import keys
from sla.core.criteria import sentence as criteria_sentence
from sla.core.terms.document import Terms
from sla.core.terms.parts import Handoff, Stage


def journey_clauses(terms: Terms) -> Iterator[Draft]:
    """Yield the order of the stages, then each stage, then each kind of handoff."""
    order = words.listed([stage.name for stage in terms.journey], "and") or "none yet"
    text = f"The stages, in order: {order}. Both departments own every lead in all of them."
    yield Draft("journey", "The stages", (("order", text),))
    for stage in terms.journey:
        yield _stage(stage)
    for handoff in terms.handoffs:
        yield _handoff(terms, handoff)


def _stage(stage: Stage) -> Draft:
    lines = (
        ("criteria", _criteria(stage)),
        ("criteria/keys", _criteria_keys(stage)),
        ("definition", stage.definition),
        ("acts", f"{words.party(stage.acts)} acts."),
        ("contributes/marketing", _contributes("Marketing", stage.marketing)),
        ("contributes/sales", _contributes("Sales", stage.sales)),
        ("legacy", f"Old label: {stage.legacy}." if stage.legacy else ""),
        ("replaces", _replaces(stage)),
    )
    return Draft(f"journey/{stage.key}", words.sentence(stage.name)[:-1], lines)


def _criteria(stage: Stage) -> str:
    here = words.at_stage(stage.name)
    if stage.criteria is None:
        return f"Nothing that can be checked says when a person is {here}."
    return f"A person is {here} when {criteria_sentence(stage.criteria)}."


def _criteria_keys(stage: Stage) -> str:
    if stage.criteria is None:
        return ""
    named = list(map(words.key, keys(stage.criteria)))
    these = "this is" if len(named) == 1 else "these are"
    return f"In evidence and returns {these} called {words.listed(named, 'and')}."


def _contributes(party: str, what: str) -> str:
    return f"{party} contributes: {what}" if what else ""


def _replaces(stage: Stage) -> str:
    if not stage.replaces:
        return ""
    old = words.listed(stage.replaces, "and")
    return f"Leads that were in {old} of an earlier version stand here."


def _handoff(terms: Terms, handoff: Handoff) -> Draft:
    here, there = (words.stage(terms, s) for s in (handoff.from_stage, handoff.to_stage))
    giver, receiver = words.side(handoff.giver), words.side(handoff.receiver)
    sides = f"{giver} hands a person who is {words.at_stage(here)} to {receiver}."
    lines = (
        ("sides", sides),
        ("to_stage", f"Once accepted, the person is {words.at_stage(there)}."),
        ("offer", _offer(handoff, there)),
        ("package", _package(handoff)),
        ("expires_after", _expiry(handoff)),
    )
    return Draft(f"handoffs/{handoff.key}", handoff.name, lines)


def _offer(handoff: Handoff, there: str) -> str:
    if handoff.offer == "automatic":
        return f"The offer makes itself as soon as the criteria of “{there}” are met."
    return "The giver makes the offer."


def _package(handoff: Handoff) -> str:
    if not handoff.package:
        return ""
    what = words.listed([words.field(name) for name in handoff.package], "and")
    if handoff.offer == "automatic":
        return f"With it go {what}; what is missing is listed, and the giver owes it."
    return f"It cannot be offered without {what}."


def _expiry(handoff: Handoff) -> str:
    if handoff.expires_after is None:
        return ""
    allowed = words.in_words(handoff.expires_after)
    return f"What nobody has answered after {allowed} goes back to the giver; a breach stays."
