"""Refusals of the domain as problems: the status, and which field of the call it is about."""

import re
from collections.abc import Iterator

from leads import errors
from portal.errors import DomainError
from portal.rest import Problem

FORBIDDEN: tuple[type[DomainError], ...] = (errors.NotYours,)
FIELDS: dict[type[DomainError], str] = {
    errors.UnknownTouch: "body.kind",
    errors.UnknownFact: "body.fact",
    errors.UnknownStage: "body.to_stage",
    errors.UnknownReason: "body.reason",
    errors.NoSuchHandoff: "body.kind",
    errors.NotInTheTeam: "body.to",
    errors.DayIsPast: "body.on",
    errors.NobodyNamed: "body.name",
    errors.CannotBeCorrected: "body.values",
}
"""What does not fit, whatever the state: 422. Everything else is a matter of state: 409."""


def problem_of(error: DomainError, *, forbidden: tuple[type[DomainError], ...] = ()) -> Problem:
    """The problem that says the same; its kind is named after the error."""
    kind = re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    field = FIELDS.get(type(error))
    status = 403 if isinstance(error, (*FORBIDDEN, *forbidden)) else 422 if field else 409
    found = [(field, str(error))] if field else list(_lacks(error))
    return Problem(status, str(error), kind=kind, errors=found)


def _lacks(error: DomainError) -> Iterator[tuple[str, str]]:
    """The parts of a package and the criteria that stand in the way, by their names."""
    if isinstance(error, errors.PackageIncomplete):
        yield from ((name, "missing") for name in error.missing)
    if isinstance(error, errors.CriteriaUnmet):
        yield from ((f"criteria.{key}", "not met") for key in error.unmet)
