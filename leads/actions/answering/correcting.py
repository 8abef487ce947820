"""What was wrong with a lead, put right by who gives it: a value that was known is another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from leads.actions.composing import Value, arrival_of
from leads.actions.intake import people
from leads.actions.intake.arrival import cleaned
from leads.actions.saving import save
from leads.errors import CannotBeCorrected
from leads.models import Lead
from portal import ledger
from portal.accounts.models import User

OF_THE_COMPANY = ("country", "employees", "industry", "name")
CORRECTABLE = frozenset(
    {"lead.email", "lead.phone", "lead.job_title", "lead.country"}
    | {f"company.{field}" for field in OF_THE_COMPANY}
)
"""Where somebody came from first, their consent and how a company stands with us are not."""


def is_correctable(name: str) -> bool:
    return name in CORRECTABLE or name.startswith("attributes.")


def correct(lead: Lead, values: Mapping[str, Value], *, by: User, at: datetime) -> list[str]:
    """Set the values on the locked `lead` and its company; return the names that changed.

    `by` stands as who set them. Raises CannotBeCorrected for another field, and for an
    address that is somebody else's open lead. An inner step.
    """
    if not all(is_correctable(name) for name in values):
        raise CannotBeCorrected(_("This is not corrected here."))
    own = {name: value for name, value in values.items() if not _stays(lead, name)}
    told = cleaned(arrival_of(own, set_by=str(by)))
    changed = people.learn(lead, told, at=at, by=by, overwrite=True)
    if "lead.email" in values and told.email and lead.email != told.email:
        raise CannotBeCorrected(
            _("%(email)s is the address of another open lead.") % {"email": told.email}
        )
    return changed + _correct_company(lead, values, by=by, at=at)


def _stays(lead: Lead, name: str) -> bool:
    """Whether the value is of a company that is there, and so is set by hand."""
    return name.startswith("company.") and lead.company is not None


def _correct_company(
    lead: Lead, values: Mapping[str, Value], *, by: User, at: datetime
) -> list[str]:
    company = lead.company
    if company is None:
        return []
    told = cleaned(arrival_of(values, set_by=str(by)))
    changed: list[str] = []
    for field in OF_THE_COMPANY:
        name, said = f"company.{field}", getattr(told, f"company_{field}")
        if name in values and said not in (None, "", getattr(company, field)):
            setattr(company, field, said)
            company.provenance[name] = {"by": str(by), "at": at.isoformat()}
            changed.append(name)
    if changed:
        save(company, *(name[8:] for name in changed), "provenance", at=at, by=by)
        _record(lead, changed, by=by, at=at)
    return changed


def _record(lead: Lead, changed: list[str], *, by: User, at: datetime) -> None:
    values: dict[str, Any] = {name: getattr(lead.company, name[8:]) for name in changed}
    ledger.append(
        "lead_updated", at=at, by=by, subject=("lead", lead.pk),
        clear={"fields": sorted(changed), "source": "portal"}, committed={"values": values},
    )  # fmt: skip
