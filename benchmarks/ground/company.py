"""A company whose agreement is in force: two departments, three teams, forty people."""

from datetime import UTC, datetime, timedelta

from portal.accounts.models import Department, Role, Team, User
from sla.core import terms
from sla.models import Agreement, Version

BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)
TEAMS = (
    ("demand-generation", "marketing", "Demand generation"),
    ("inside-sales", "sales", "Inside sales"),
    ("outside-sales", "sales", "Outside sales"),
)
SELLERS = 40
ZONES = ("Europe/Berlin", "Europe/Lisbon", "America/New_York", "UTC")


def found() -> Version:
    """Make it, and return the version that governs."""
    for key in ("marketing", "sales"):
        home, _ = Department.objects.get_or_create(key=key)
        home.head = _person(f"Head of {key}", home, role=Role.MANAGER)
        home.save()
    for key, department, name in TEAMS:
        _team(key, Department.objects.get(key=department), name)
    inside = Team.objects.get(key="inside-sales")
    for number in range(SELLERS):
        zone = ZONES[number % len(ZONES)]
        _person(f"Seller {number:02}", inside.department, team=inside, zone=zone)
    return _version()


def _team(key: str, department: Department, name: str) -> Team:
    manager = _person(f"Manager of {name}", department, role=Role.MANAGER)
    steward = _person(f"Steward of {name}", department)
    return Team.objects.create(
        key=key, department=department, name=name, manager=manager, steward=steward,
        calendar="berlin",
    )  # fmt: skip


def _person(name: str, department: Department, **fields: object) -> User:
    mail = f"{name.lower().replace(' ', '.')}@concord.test"
    fields = {"zone": "Europe/Berlin"} | fields
    return User.objects.create(email=mail, name=name, department=department, **fields)


def _version() -> Version:
    text = terms.template("classic")
    agreement = Agreement.objects.create(key="inbound", name="Inbound", is_default=True)
    signed = BEGAN - timedelta(days=7)
    return Version.objects.create(
        agreement=agreement, number=1, state=Version.State.SIGNED, terms=text,
        digest=terms.digest(text), created_at=signed, saved_at=signed, proposed_at=signed,
        signed_at=signed, effective_from=signed,
    )  # fmt: skip
