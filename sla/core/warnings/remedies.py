"""What would solve a warning: in which part of the terms, or who does it outside of them."""

from dataclasses import dataclass

from sla.core.saying import Say, plainly
from sla.core.saying import gettext_noop as _
from sla.core.warnings.company import Caution


@dataclass(frozen=True, slots=True)
class Remedy:
    """`what` to do, in a sentence; `part` of the editor where, "" if not in the terms."""

    what: str
    part: str = ""


_TEXT, _PROMISES, _HANDOFFS = "words", "promises", "handoffs"
_BY_KIND = {
    "unowned_clock": Remedy(
        _("Choose a team with people and a steward, or let an administrator name them."),
        _HANDOFFS,
    ),
    "impossible_target": Remedy(
        _("Count it on the calendar of those who owe it, or allow more time."), _PROMISES
    ),
    "one_sided_handoff": Remedy(_("Let the other side owe something by a clock."), _PROMISES),
    "no_accept": Remedy(_("Promise that somebody accepts or returns in time."), _PROMISES),
    "sales_outcome_to_marketing": Remedy(
        _("Let Sales answer for it, or count something that Marketing decides."), _PROMISES
    ),
    "demand_to_sales": Remedy(
        _("Let Marketing answer for it, or count something that Sales decides."), _PROMISES
    ),
    "inside_sales_under_marketing": Remedy(
        _("Name a team of Sales, or let an administrator move the team."), _HANDOFFS
    ),
    "stage_without_criteria": Remedy(_("Say what can be checked about it."), "journey"),
    "unconfirmed_benchmark": Remedy(_("Confirm the rate, or change it."), "volumes"),
    "reason_disputes_nothing": Remedy(_("Say which criterion it disputes."), "returns"),
    "unmapped_word": Remedy(_("Give the word to a stage as its old label."), "journey"),
    "short_without_push": Remedy(
        _("Tell the owner by Slack or Teams before it is due, and let everybody connect."),
        "ladders",
    ),
    "unknown_person": Remedy(_("Name somebody who is there, or a role."), "ladders"),
}
_OF_VOLUMES = ("sales_outcome_to_marketing", "demand_to_sales", "unknown_person")


def remedy(caution: Caution, say: Say = plainly) -> Remedy:
    """Return what would solve a warning. Each kind has its own."""
    found = _of(caution)
    return Remedy(say(found.what), found.part)


def _of(caution: Caution) -> Remedy:
    found = _BY_KIND[caution.kind]
    if caution.kind in _OF_VOLUMES and caution.path.startswith("commitments/"):
        return Remedy(found.what, "volumes")
    if caution.kind == "unmapped_word" and not caution.path.startswith("journey"):
        what = _("Say it in the words of the journey, or map it.")
        return Remedy(what, _part_of(caution.path))
    return found


def _part_of(path: str) -> str:
    """The part of the editor in which the text of a clause is written."""
    return {
        "handoffs": _HANDOFFS,
        "obligations": _PROMISES,
        "commitments": "volumes",
        "return_reasons": "returns",
    }.get(path.partition("/")[0], _TEXT)
