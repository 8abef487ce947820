"""Who works at Halden Instruments: teams in three time zones, who left, who is away."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password

from leads.models import Company
from portal import ledger
from portal.accounts.models import Absence, Department, Role, Team, User

PASSWORD = "halden instruments demo"  # noqa: S105  # printed on the login page of the demo
DOMAIN = "halden.example"
DAY = timedelta(days=1)
BERLIN, NEW_YORK, SAO_PAULO = "Europe/Berlin", "America/New_York", "America/Sao_Paulo"
OFFICE = ("mon", "tue", "wed", "thu", "fri")
HOURS = {NEW_YORK: ["08:30", "17:30"], SAO_PAULO: ["09:00", "18:00"]}

# key, name, department, calendar, routing
TEAMS: tuple[tuple[str, str, str, str, dict[str, Any]], ...] = (
    ("demand-generation", "Demand generation", "marketing", "berlin", {}),
    ("content", "Content", "marketing", "sao-paulo", {"segments": ["content"]}),
    ("field", "Field", "marketing", "new-york", {"segments": ["event", "partner"]}),
    ("inside-sales", "Inside sales", "sales", "berlin", {"method": "weighted"}),
    ("outside-sales", "Outside sales", "sales", "berlin", {}),
)


@dataclass(frozen=True)
class Person:
    """One colleague. `weight` 0 takes no turns; `since` and `left` are days before today."""

    name: str
    title: str
    team: str = ""
    zone: str = BERLIN
    weight: int = 1
    since: int = 1000
    left: int = 0
    runs: str = ""  # manager, steward, head, signatory
    role: str = Role.MEMBER
    card: str = ""  # what the login page says of them


PEOPLE = (
    Person("Priya Nair", "Head of Marketing", "demand-generation", weight=0,
           runs="manager head signatory", role=Role.MANAGER,
           card="Head of Marketing. She has signed version 3."),
    Person("Lena Brandt", "Campaign manager", "demand-generation",
           card="Runs campaigns. Returned leads wait for her answer."),
    Person("Kofi Mensah", "Paid media", "demand-generation"),
    Person("Ida Sørensen", "Marketing operations", "demand-generation", runs="steward"),
    Person("Paul Richter", "Campaign manager", "demand-generation", left=400),
    Person("Jonas Weber", "Head of content", "content", weight=0, runs="manager",
           role=Role.MANAGER),
    Person("Camila Duarte", "Editor", "content", SAO_PAULO, runs="steward"),
    Person("Thiago Prado", "Customer stories", "content", SAO_PAULO, since=420),
    Person("Erin Walsh", "Head of field marketing", "field", NEW_YORK, weight=0,
           runs="manager", role=Role.MANAGER),
    Person("Dana Kowalski", "Events", "field", NEW_YORK, runs="steward"),
    Person("Miguel Santos", "Partners", "field", NEW_YORK),
    Person("Marta Silva", "Manager, Inside sales", "inside-sales", weight=0,
           runs="manager signatory", role=Role.MANAGER,
           card="Manages inside sales. One version waits for her signature."),
    Person("Anna Keller", "Sales development", "inside-sales", weight=4,
           card="Calls leads. Some of her clocks run out in minutes."),
    Person("Yusuf Demir", "Sales development", "inside-sales", weight=4),
    Person("Sophie Lang", "Sales development", "inside-sales", weight=3),
    Person("Milan Horvat", "Sales development", "inside-sales", weight=3),
    Person("Petra Jansen", "Sales development", "inside-sales", weight=2, runs="steward"),
    Person("Emre Aydin", "Sales development", "inside-sales", weight=1, since=260),
    Person("Felix Brandl", "Sales development", "inside-sales", weight=3, left=330),
    Person("Nora Winkler", "Sales development", "inside-sales", weight=2, left=540),
    Person("David Hoffmann", "Head of Sales", "outside-sales", weight=0,
           runs="manager head signatory", role=Role.MANAGER),
    Person("Greta Holm", "Account executive", "outside-sales",
           card="Wins customers. Two offers wait for her."),
    Person("Stefan Roth", "Account executive", "outside-sales", runs="steward"),
    Person("Claire Bennett", "Account executive", "outside-sales", NEW_YORK),
    Person("Rafael Costa", "Account executive", "outside-sales", SAO_PAULO),
    Person("Mark Ellis", "Account executive", "outside-sales", NEW_YORK, left=250),
    Person("Olga Petrova", "Revenue operations", role=Role.OPERATIONS,
           card="Operations. Imports, routing, drafts; never accepts or signs."),
    Person("Andrew Uhl", "Internal audit", role=Role.AUDITOR,
           card="Auditor. Reads all, changes nothing."),
    Person("Tove Lindgren", "Administrator", role=Role.ADMIN,
           card="Administrator. People, teams and configuration; sees no leads."),
)  # fmt: skip

# In the order of the cards on the login page.
SHOWN = (
    "Lena Brandt", "Anna Keller", "Greta Holm", "Priya Nair", "Marta Silva", "Olga Petrova",
    "Andrew Uhl", "Tove Lindgren",
)  # fmt: skip

# Away: who, from and until (days from today), deputy. Today Milan Horvat is on leave.
AWAY = (
    ("Milan Horvat", -4, 8, "Anna Keller"),
    ("Anna Keller", -130, -116, "Yusuf Demir"),
    ("Yusuf Demir", -95, -81, "Sophie Lang"),
    ("Sophie Lang", -60, -50, "Petra Jansen"),
    ("Kofi Mensah", -75, -61, "Lena Brandt"),
    ("Lena Brandt", -160, -150, "Kofi Mensah"),
    ("Rafael Costa", -40, -26, "Greta Holm"),
    ("Greta Holm", -210, -196, "Stefan Roth"),
    ("Camila Duarte", -30, -23, "Thiago Prado"),
    ("Anna Keller", -490, -476, "Sophie Lang"),
    ("Yusuf Demir", -455, -441, "Milan Horvat"),
    ("Stefan Roth", -430, -416, "Greta Holm"),
)
NOTICE = 45  # days before leaving in which nobody gets anything new

# Companies that are no prospects: name, domain, standing, account owner.
KNOWN = (
    ("Harz Paper", "harz-paper.example", "customer", "Stefan Roth"),
    ("Delta Dairy", "delta-dairy.example", "customer", "Claire Bennett"),
    ("Santos Foods", "santos-foods.example", "customer", "Rafael Costa"),
    ("Gävle Timber", "gavle-timber.example", "customer", "Greta Holm"),
    ("Vibrex", "vibrex.example", "competitor", ""),
    ("Halden Instruments", DOMAIN, "own", ""),
)


def email(name: str) -> str:
    plain = name.lower().translate(str.maketrans("øäöü", "oaou"))
    return f"{plain.replace(' ', '.')}@{DOMAIN}"


def hire(*, now: datetime) -> dict[str, User]:
    """Make teams and people as they are today; return the people by name: an inner step."""
    today = now.replace(hour=6, minute=0, second=0, microsecond=0)
    teams = {key: _team(key, name, home, calendar, routing)
             for key, name, home, calendar, routing in TEAMS}  # fmt: skip
    secret = make_password(PASSWORD)
    people = {one.name: _person(one, teams, secret, today) for one in PEOPLE}
    for one in PEOPLE:
        _let_run(one, people[one.name], teams)
    for team in teams.values():
        team.save()
    _absences(people, today)
    for name, domain, status, owner in KNOWN:
        Company.objects.create(
            name=name, domain=domain, status=status, owner=people.get(owner), country="DE"
        )
    return people


def logins() -> list[tuple[User, str]]:
    """The people of the login page, each with what is said of them."""
    cards = {email(one.name): one.card for one in PEOPLE if one.name in SHOWN}
    found = {user.email: user for user in User.objects.active().filter(email__in=cards)}
    order = [email(name) for name in SHOWN]
    return [(found[mail], cards[mail]) for mail in order if mail in found]


def _team(key: str, name: str, home: str, calendar: str, routing: dict[str, Any]) -> Team:
    return Team.objects.create(
        key=key, name=name, department_id=home, calendar=calendar, routing=routing
    )


def _person(one: Person, teams: dict[str, Team], secret: str, today: datetime) -> User:
    team = teams.get(one.team)
    hours = {day: [HOURS[one.zone]] for day in OFFICE} if one.zone in HOURS else None
    admin = one.role == Role.ADMIN
    user = User(
        email=email(one.name), name=one.name, title=one.title, role=one.role, team=team,
        department_id=team.department_id if team else None, zone=one.zone, hours=hours,
        weight=one.weight, capacity=80 if one.team == "inside-sales" else None,
        is_signatory="signatory" in one.runs, is_staff=admin, is_superuser=admin,
        is_active=not one.left, joined_at=today - one.since * DAY,
        left_at=today - one.left * DAY if one.left else None, password=secret,
    )  # fmt: skip
    user.save()
    ledger.append(
        ledger.Kind.ACCOUNT_CHANGED, subject=("user", user.pk), clear={"role": str(user.role)}
    )
    return user


def _let_run(one: Person, user: User, teams: dict[str, Team]) -> None:
    if "manager" in one.runs:
        teams[one.team].manager = user
    if "steward" in one.runs:
        teams[one.team].steward = user
    if "head" in one.runs:
        Department.objects.filter(pk=user.department_id).update(head=user)


def _absences(people: dict[str, User], today: datetime) -> None:
    rows = [
        Absence(
            user=people[name], starts_at=today + start * DAY, ends_at=today + end * DAY,
            deputy=people[deputy],
        )
        for name, start, end, deputy in AWAY
    ]  # fmt: skip
    for one in PEOPLE:
        if one.left:
            end = today - one.left * DAY
            rows.append(
                Absence(user=people[one.name], starts_at=end - NOTICE * DAY, ends_at=end)
            )
    for row in rows:
        row.save()


def birthday(now: datetime) -> datetime:
    """When the company begins: two years before its today, at midnight UTC."""
    return (now - 730 * DAY).astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
