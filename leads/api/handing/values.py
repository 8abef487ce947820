"""Values by their names in the terms, filled in or put right: read as the page reads them."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError

from leads.actions import composing
from leads.actions.answering.correcting import is_correctable
from leads.actions.handing import handoffs, rounds
from leads.actions.journeys.facts import facts_of
from leads.forms.package import BY_HAND, Value, part
from leads.models import Handoff, Lead
from portal.rest import Problem
from sla.core.criteria import FieldIs, leaves
from sla.core.terms import Handoff as Kind
from sla.core.terms import Terms

Given = Mapping[str, Value | None]
NOT_ASKED = "this is not asked for here, or is known already"


def of_an_offer(lead: Lead, kind: str, given: Given, at: datetime) -> dict[str, Value]:
    """The blanks of an offer. Raises Problem 422, and what an offer without a version does."""
    version = handoffs.version_of(lead, at)
    agreed = handoffs.agreed_of(version, kind)
    if not given:
        return {}
    asked = composing.asked(lead, version, agreed, at, facts_of(lead, at))
    return _taken(given, asked)


def of_a_package(handoff: Handoff, given: Given, at: datetime) -> dict[str, Value]:
    """The parts that the package of an offered handoff lacks. Raises Problem 422."""
    agreed = handoff.version.parsed.handoff(handoff.kind)
    missing = rounds.missing_parts(handoff.lead, agreed, at)
    return _taken(given, dict.fromkeys(missing, ""))


def of_an_answer(handoff: Handoff, given: Given) -> dict[str, Value]:
    """What the giver puts right on a return. Raises Problem 422."""
    agreed = handoff.version.parsed.handoff(handoff.kind)
    return _taken(given, _correctable(handoff.version.parsed, agreed))


def _correctable(terms: Terms, agreed: Kind) -> dict[str, str]:
    """Fields of the criteria and of the package, with their types."""
    trees = [stage.criteria for stage in terms.journey if stage.criteria is not None]
    asked = {
        leaf.field: leaf.type
        for tree in trees
        for leaf in leaves(tree)
        if isinstance(leaf, FieldIs)
    }
    named = dict.fromkeys(("lead.email", "lead.phone", *agreed.package), "")
    return {name: kind for name, kind in {**named, **asked}.items() if is_correctable(name)}


def _taken(given: Given, asked: Mapping[str, str]) -> dict[str, Value]:
    """The values as the form of the page would read them."""
    values, faults = {}, []
    for name, value in given.items():
        if name not in asked or name in BY_HAND:
            faults.append((f"body.values.{name}", NOT_ASKED))
            continue
        try:
            read = part(name, asked[name]).clean("" if value is None else str(value))
        except ValidationError as error:
            faults.append((f"body.values.{name}", " ".join(error.messages)))
            continue
        if read is not None and read != "":
            values[name] = read
    if faults:
        raise Problem(422, "Some values do not fit.", kind="invalid", errors=faults)
    return values
