"""The company that a person comes from: found by its domain or its exact name, or made."""

from datetime import datetime
from typing import Any

from leads.actions.intake.arrival import Arrival
from leads.actions.saving import save
from leads.models import Company
from portal.bulk import made

# Field of the company -> field of the arrival.
FIELDS = {
    "name": "company_name",
    "country": "company_country",
    "employees": "company_employees",
    "industry": "company_industry",
}
_NOT_YET = (Company.Status.PROSPECT, Company.Status.OPEN_DEAL)


def company_of(arrival: Arrival, at: datetime) -> Company | None:
    """The company that a clean arrival names, with what it newly says of it: an inner step.

    A known domain names one company. Without a domain only the very same name finds one,
    and only if it has none either or is the only one; else a new company is made. None if
    nothing is said of a company.
    """
    company = find(arrival)
    if company is not None:
        _learn(company, arrival, at)
        return company
    if not (arrival.company_domain or arrival.company_name):
        return None
    company = new(arrival, at)
    save(company, at=at, by=None)
    return company


def find(arrival: Arrival) -> Company | None:
    if arrival.company_domain:
        return Company.objects.filter(domain=arrival.company_domain).first()
    if not arrival.company_name:
        return None
    named = Company.objects.named(arrival.company_name).order_by("pk")
    alike = list(named[:2])
    return alike[0] if len(alike) == 1 else named.filter(domain="").first()


def new(arrival: Arrival, at: datetime) -> Company:
    """A company as the arrival tells of it, not saved yet."""
    company = made(Company, name=arrival.company_domain, domain=arrival.company_domain)
    if company.domain:
        company.provenance["company.domain"] = origin(arrival, at)
    take(company, arrival, at)
    return company


def news(company: Company, arrival: Arrival) -> dict[str, Any]:
    """The fields of the company that are not known yet, as the arrival tells them; and that
    it became a customer, if it was none."""
    told = {}
    for field, source in FIELDS.items():
        said, known = getattr(arrival, source), getattr(company, field)
        unnamed = field == "name" and known == company.domain
        if said not in (None, "", known) and (known in (None, "") or unnamed):
            told[field] = said
    if arrival.customer and company.status in _NOT_YET:
        told["status"] = Company.Status.CUSTOMER
    return told


def take(company: Company, arrival: Arrival, at: datetime) -> list[str]:
    """Fill in what is not known yet, with who said so; return the changed fields."""
    told = news(company, arrival)
    for field, said in told.items():
        setattr(company, field, said)
        company.provenance[f"company.{field}"] = origin(arrival, at)
    if "status" in told:
        company.owned_since = told["owned_since"] = at
    return list(told)


def origin(arrival: Arrival, at: datetime) -> dict[str, Any]:
    """Who set a value, and when it became known here."""
    return {"by": arrival.set_by, "at": at.isoformat()}


def _learn(company: Company, arrival: Arrival, at: datetime) -> None:
    if changed := take(company, arrival, at):
        save(company, *changed, "provenance", at=at, by=None)
