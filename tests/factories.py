"""What tests begin with: plain functions that fill in all a test does not care about.

Each makes only what is not there yet, so that `make_lead()` alone stands on two
departments, their teams and a signed agreement. Others add their functions here.
"""

from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password

from leads.actions.handing import handoffs
from leads.models import Assignment, Company, Handoff, Lead, StageEntry
from portal.accounts.models import Department, Role, Team, User
from portal.bulk.prepared import Prepared
from sla.core import terms as core
from sla.models import Agreement, Signature, Version
from tests.written import write, write_remembered

MONDAY_NINE = datetime(2026, 3, 2, 8, tzinfo=UTC)
"""Monday, 2 March 2026, 09:00 in Berlin, when the offices of the agreement open."""
LONG_BEFORE = MONDAY_NINE - timedelta(days=60)
PASSWORD = "correct horse battery staple"
TEAMS = {
    "demand-generation": ("marketing", "Demand generation"),
    "inside-sales": ("sales", "Inside sales"),
    "outside-sales": ("sales", "Outside sales"),
}

_DEPARTMENT = Prepared(
    lambda key: Department.objects.select_related("head").filter(key=key), str
)
_TEAM = Prepared(lambda key: Team.objects.select_related("department").filter(key=key), str)
_DEFAULT = Prepared(lambda: Agreement.objects.filter(is_default=True))
_AGREED = Prepared(
    lambda: Agreement.objects.filter(is_default=True, versions__state="signed")[:1]
)
_LAST = Prepared(
    lambda agreement: (
        Version.objects.filter(agreement=agreement)
        .order_by("-number")
        .values_list("number", flat=True)[:1]
    ),
    int,
)
_numbers = count(1)
NAMES = ("Anna Berg", "Ben Carter", "Cleo Dietz", "Dara Evans", "Emil Frank", "Fay Gomez")


def make_department(key: str) -> Department:
    return _DEPARTMENT.first(key) or write(Department, key=key)


def make_team(
    key: str = "inside-sales", *, department: str | None = None, **fields: Any
) -> Team:
    """The team called `key`, with a manager and a steward of its own, who are not members.

    A key that is not in TEAMS needs its `department`.
    """
    if team := _TEAM.first(key):
        return team
    home, name = TEAMS.get(key, (department or "sales", key))
    at_home = make_department(department or home)
    fields = {"name": name, "calendar": "berlin"} | fields
    for role in ("manager", "steward"):
        fields[role] = fields.get(role) or _officer(fields["name"], at_home, role)
    return write_remembered(Team, key=key, department=at_home, **fields)


def make_user(
    name: str = "", *, team: Team | str | None = "inside-sales", **fields: Any
) -> User:
    """An active member of `team`; with team=None somebody without a department."""
    number = next(_numbers)
    if isinstance(team, str):
        team = make_team(team)
    known: dict[str, Any] = {"role": Role.MEMBER, "zone": "Europe/Berlin"}
    if team is not None:
        known["department"] = team.department
    fields = known | fields
    return write(
        User,
        email=fields.pop("email", f"user{number}@concord.test"),
        password=make_password(fields.pop("password", None)),
        name=name or f"{NAMES[number % len(NAMES)]} {number}",
        team=team,
        **fields,
    )


def make_operations(name: str = "") -> User:
    return make_user(name, team=None, role=Role.OPERATIONS)


def make_signatory(department: str) -> User:
    """The head of a department, who signs for it."""
    home = make_department(department)
    if home.head is None:
        home.head = make_user(
            f"Head of {department}", team=None, department=home, role=Role.MANAGER,
            is_signatory=True,
        )  # fmt: skip
        home.save()
    return home.head


def make_terms(**parts: Any) -> dict[str, Any]:
    """A document of the classic template, with some of its parts replaced."""
    return core.template("classic") | parts


@cache
def _digest_of_classic() -> str:
    return core.digest(make_terms())


def make_version(
    *,
    agreement: Agreement | None = None,
    terms: dict[str, Any] | None = None,
    at: datetime = LONG_BEFORE,
) -> Version:
    """A version that both heads signed at `at` and that is in force from then on."""
    if agreement is None:
        agreement = _DEFAULT.first() or Agreement.objects.create(
            is_default=True, key="inbound", name="Inbound leads"
        )
    digest = core.digest(terms) if terms else _digest_of_classic()
    terms = terms or make_terms()
    version = write(
        Version,
        agreement=agreement,
        number=(_LAST.first(agreement.pk) or 0) + 1,
        state=Version.State.SIGNED,
        terms=terms,
        digest=digest,
        created_at=at,
        saved_at=at,
        proposed_at=at,
        signed_at=at,
        effective_from=at,
    )
    for department in ("marketing", "sales"):
        _sign(version, department, at)
    return version


def make_agreement(**fields: Any) -> Agreement:
    """The default agreement, with a version in force; `fields` as for `make_version`."""
    found = _AGREED.first()
    return found if found and not fields else make_version(**fields).agreement


def make_company(name: str = "", **fields: Any) -> Company:
    number = next(_numbers)
    fields = {"domain": f"company{number}.test", "country": "Germany", "employees": 80} | fields
    return write_remembered(Company, name=name or f"Company {number}", **fields)


def make_lead(
    name: str = "",
    *,
    at: datetime = MONDAY_NINE,
    stage: str = "comparing",
    marketer: User | None = None,
    seller: User | None = None,
    sales_team: Team | str = "inside-sales",
    **fields: Any,
) -> Lead:
    """An open lead that stands at `stage` since `at`, with the seats of both departments.

    Sales' seat is the pool's unless a `seller` is given. The package of the classic
    agreement's first handoff is complete.
    """
    number = next(_numbers)
    fields.setdefault("agreement", None)
    fields["agreement"] = fields["agreement"] or make_agreement()
    if "company" not in fields:
        fields["company"] = make_company()
    email = fields.pop("email", f"lead{number}@example.test")
    lead = write_remembered(
        Lead,
        name=name or f"Lead {number}",
        email=email,
        email_key=fields.pop("email_key", email),
        source=fields.pop("source", "website"),
        received_at=at,
        stage=stage,
        **fields,
    )
    write(StageEntry, lead=lead, stage=stage, entered_at=at)
    marketer = marketer or make_user(team="demand-generation")
    _seat(lead, marketer, marketer.team, at)
    home = seller.team if seller else sales_team
    _seat(lead, seller, make_team(home) if isinstance(home, str) else home, at)
    return lead


def make_handoff(
    *,
    at: datetime = MONDAY_NINE,
    kind: str = "to_inside_sales",
    receiver: User | None = None,
    lead: Lead | None = None,
    **lead_fields: Any,
) -> Handoff:
    """A handoff offered to `receiver` at `at` by the action itself, its clocks running.

    Without a receiver a new member of the receiving team gets it. The company is theirs,
    which is what routing asks first.
    """
    lead = lead or make_lead(at=at, **lead_fields)
    receiver = receiver or make_user(team=_receiving_team(lead, kind, at))
    if lead.company is not None:
        Company.objects.filter(pk=lead.company.pk).update(owner=receiver)
    return handoffs.offer(lead_id=lead.pk, kind=kind, by=None, at=at)


def make_accepted(
    *, at: datetime = MONDAY_NINE, by: User | None = None, **fields: Any
) -> Handoff:
    """A handoff that its receiver accepted at `at`, a minute after the offer."""
    handoff = make_handoff(at=at - timedelta(minutes=1), receiver=by, **fields)
    acceptor = by or handoff.receiver
    assert acceptor is not None
    return handoffs.accept(handoff_id=handoff.pk, by=acceptor, at=at)


def _receiving_team(lead: Lead, kind: str, at: datetime) -> str:
    version = Version.objects.in_force(lead.agreement_id or 0, at)
    assert version is not None
    return version.parsed.handoff(kind).receiver.team or "inside-sales"


def _officer(team: str, department: Department, role: str) -> User:
    return make_user(
        f"{role.title()} of {team}",
        team=None,
        department=department,
        role=Role.MANAGER if role == "manager" else Role.MEMBER,
    )


def _seat(lead: Lead, member: User | None, team: Team | None, at: datetime) -> None:
    assert team is not None
    write(
        Assignment, lead=lead, department_id=team.department_id, team=team, member=member,
        since=at,
    )  # fmt: skip


def _sign(version: Version, department: str, at: datetime) -> None:
    signer = make_signatory(department)
    write(
        Signature,
        version=version,
        revision=version.revision,
        department=make_department(department),
        signer=signer,
        signer_name=signer.name,
        digest=version.digest,
        statement=f"I sign for {department}.",
        method=Signature.Method.PASSWORD_TOTP,
        authenticated_at=at,
        signed_at=at,
    )
