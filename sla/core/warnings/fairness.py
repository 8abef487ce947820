"""Who is charged with what: one-sided handoffs, and figures moved to the other department."""

import re
from collections.abc import Iterator

from sla.core.saying import Say
from sla.core.saying import gettext_noop as _
from sla.core.terms.document import GIVEN, Terms
from sla.core.terms.parts import Commitment, Obligation
from sla.core.warnings.company import Caution, Directory

RECEIVED = frozenset({"accept", "first_attempt", "cadence", "disposition"})
"""The kinds that the receiver of a handoff owes."""

_BARE = {
    ("receiver",): _("The receiver owes nothing by a clock."),
    ("giver",): _("The giver owes nothing by a clock."),
    ("receiver", "giver"): _("Neither the receiver nor the giver owes anything by a clock."),
}
_INSIDE_SALES = re.compile(r"\b(inside.?sales|sdrs?|isrs?|bdrs?)\b")


def one_sided_handoffs(terms: Terms, _there: Directory, say: Say) -> Iterator[Caution]:
    """One for each kind of handoff on which only one side owes anything."""
    for handoff in terms.handoffs:
        kinds = {owed.kind for owed in terms.obligations_on(handoff.key)}
        bare = [
            who for who, owes in (("receiver", RECEIVED), ("giver", GIVEN)) if not owes & kinds
        ]
        if bare:
            yield Caution(
                code=f"one_sided_handoff:{handoff.key}",
                grave=True,
                fact=say(_("A one-sided handoff: {name}.")).format(name=handoff.name),
                why=say(_BARE[tuple(bare)]),
                path=f"handoffs/{handoff.key}",
            )


def unaccepted_handoffs(terms: Terms, _there: Directory, say: Say) -> Iterator[Caution]:
    """One for each kind of handoff that nobody has to accept or return in time."""
    for handoff in terms.handoffs:
        if all(owed.kind != "accept" for owed in terms.obligations_on(handoff.key)):
            yield Caution(
                code=f"no_accept:{handoff.key}",
                grave=False,
                fact=say(_("Nobody has to accept or return in time: {name}.")).format(
                    name=handoff.name
                ),
                why=say(_("An offer may lie unanswered, and no clock says so.")),
                path=f"handoffs/{handoff.key}",
            )


def charged_up_funnel(terms: Terms, _there: Directory, say: Say) -> Iterator[Caution]:
    """One for each outcome of Sales that Marketing is to answer for."""
    for owed in terms.obligations:
        if owed.accountable == "marketing" and _is_of_sales(terms, owed):
            yield _charged(
                "sales_outcome_to_marketing", f"obligations/{owed.key}", owed.name, say
            )
    for volume in terms.commitments:
        if volume.department == "marketing" and _counts_for(terms, volume) == "sales":
            yield _charged(
                "sales_outcome_to_marketing", f"commitments/{volume.key}", volume.name, say
            )


def charged_down_funnel(terms: Terms, _there: Directory, say: Say) -> Iterator[Caution]:
    """One for each piece of content or demand that Sales is to answer for."""
    for owed in terms.obligations:
        if owed.accountable == "sales" and _is_of_marketing(terms, owed):
            yield _charged("demand_to_sales", f"obligations/{owed.key}", owed.name, say)
    for volume in terms.commitments:
        if volume.department == "sales" and _counts_for(terms, volume) == "marketing":
            yield _charged("demand_to_sales", f"commitments/{volume.key}", volume.name, say)


def inside_sales_under_marketing(
    terms: Terms, directory: Directory, say: Say
) -> Iterator[Caution]:
    """One for each inside sales team that belongs to Marketing, today or in the terms."""
    sides = [side for handoff in terms.handoffs for side in (handoff.giver, handoff.receiver)]
    placed = {side.team: "handoffs" for side in sides if side.department == "marketing"}
    placed |= {team.key: "" for team in directory.teams if team.department == "marketing"}
    for key, path in sorted((key, path) for key, path in placed.items() if key):
        if _INSIDE_SALES.search(key.replace("_", " ")):
            yield Caution(
                code=f"inside_sales_under_marketing:{key}",
                grave=False,
                fact=say(_("Inside sales under Marketing: {name}.")).format(
                    name=key.replace("-", " ")
                ),
                why=say(_("Marketing would hand over to itself, and judge its own leads.")),
                path=path,
            )


def _charged(kind: str, path: str, name: str, say: Say) -> Caution:
    fact, why = _CHARGED[kind]
    code, said = f"{kind}:{path.partition('/')[2]}", say(fact).format(name=name)
    return Caution(code, False, said, say(why), path)


_CHARGED = {
    "sales_outcome_to_marketing": (
        _("A Sales outcome charged to Marketing: {name}."),
        _("Marketing answers for what Sales decides: a figure moved up the funnel."),
    ),
    "demand_to_sales": (
        _("Content or demand charged to Sales: {name}."),
        _("Sales answers for what Marketing decides: a figure moved down the funnel."),
    ),
}


def _is_of_sales(terms: Terms, owed: Obligation) -> bool:
    handoffs = [one for one in terms.handoffs if owed.handoff in (None, one.key)]
    return owed.kind in RECEIVED and any(h.receiver.department == "sales" for h in handoffs)


def _is_of_marketing(terms: Terms, owed: Obligation) -> bool:
    if owed.kind == "contribution":
        return True
    handoffs = [one for one in terms.handoffs if owed.handoff in (None, one.key)]
    return owed.kind in GIVEN and any(h.giver.department == "marketing" for h in handoffs)


def _counts_for(terms: Terms, volume: Commitment) -> str:
    """The department that decides what a volume counts."""
    if volume.measure == "content":
        return "marketing"
    if volume.measure == "stage_entries":
        return terms.stage(volume.stage or "").acts
    return terms.obligation(volume.obligation or "").accountable
