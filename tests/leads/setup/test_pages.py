"""The first steps on their pages: company, teams, people, heads, and what is left."""

import re
from datetime import timedelta

import pytest

from leads.actions.setup.teams import proposed
from portal.accounts.actions import inviting
from portal.accounts.models import Department, Invitation, Role, Team, User
from portal.demo import setup
from portal.ledger.models import LedgerEntry
from sla.models import Office
from tests.factories import MONDAY_NINE, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.now(MONDAY_NINE)]
COMPANY = {
    "name": "Acme", "zone": "Europe/Berlin", "country": "DE", "region": "BE",
    "opens": "09:00", "closes": "17:00", "days": ["mon", "tue", "wed", "thu", "fri"],
}  # fmt: skip
SHEET = (
    "Name\tE-mail\tTeam\tManager?\n"
    "Priya Nair\tpriya@acme.example\tDemand generation\tyes\n"
    "Lena Brandt\tlena@acme.example\tdemand-generation\t\n"
    "Marta Silva\tmarta@acme.example\tInside sales\tyes\n"
    "Anna Keller\tanna@acme.example\tInside sales\tno\n"
)
PASSWORD = "kettle-orbit-29"


@pytest.fixture
def admin(client):
    """Who opened the portal, signed in: administrator and operations in one."""
    token = setup.issue_link(at=MONDAY_NINE)
    who = {"name": "Olga", "email": "olga@acme.example", "password": PASSWORD}
    client.post("/setup/first/", {**who, "link": token, "operates": "on"})
    return client


def teams(client, *changes):
    data = {"team-TOTAL_FORMS": "7", "team-INITIAL_FORMS": "5"}
    for number, one in enumerate(client.get("/setup/teams/").context["forms"].initial):
        data |= {f"team-{number}-{name}": said for name, said in one.items()}
    data |= {f"team-{n}-department": "sales" for n in (5, 6)}
    return client.post("/setup/teams/", data | dict(changes))


def staffed(client):
    client.post("/setup/company/", COMPANY)
    teams(client)
    client.post("/setup/people/", {"text": SHEET, "do": "add"})
    return {user.name.split()[0]: user for user in User.objects.all()}


def appointed(client):
    people = staffed(client)
    chosen = {
        "marketing-head": people["Priya"].pk, "marketing-signatory": people["Priya"].pk,
        "sales-head": people["Marta"].pk, "sales-signatory": people["Marta"].pk,
    }  # fmt: skip
    assert client.post("/setup/heads/", chosen).status_code == 302
    return people


def states(client):
    return {step.key: step.state for step in client.get("/setup/").context["steps"]}


def test_who_opened_the_portal_is_led_to_what_is_left(admin):
    assert admin.get("/").headers["Location"] == "/setup/"
    page = admin.get("/setup/")

    assert page.status_code == 200
    assert page.context["next"] == "company"
    assert states(admin)["channel"] == "warning"


def test_the_calendar_is_drawn_before_it_is_kept_and_has_the_holidays_of_two_years(admin):
    drawn = admin.post("/setup/company/", COMPANY | {"do": "look"})
    assert not Office.objects.exists()
    admin.post("/setup/company/", COMPANY)

    calendar = Office.objects.get().calendar
    assert [year.number for year in drawn.context["years"]] == ["2026", "2027"]
    assert calendar["closed_names"]["2026-03-08"]  # a holiday of Berlin alone
    assert (calendar["day"], calendar["valid_through"]) == ("PT8H", "2027-12-31")
    assert admin.get("/setup/company/").context["form"]["closes"].value() == "17:00"


def test_who_keeps_a_country_with_regions_is_asked_for_theirs_once(admin):
    first = admin.post("/setup/company/", COMPANY | {"region": ""})
    asked = admin.get("/setup/company/")
    then = admin.post("/setup/company/", COMPANY | {"regions_of": "DE"})

    assert (first.url, then.url) == ("/setup/company/", "/setup/")
    assert "have holidays of their own" in asked.text
    assert 'name="regions_of" value="DE"' in asked.text
    assert Office.objects.get().region == "BE"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"zone": "Berlin"}, "zone"), ({"closes": "08:00"}, "closes"), ({"days": []}, "days"),
     ({"country": "XX"}, "country"), ({"zone": "", "country": "US"}, "zone"),
     ({"zone": "", "country": ""}, "zone")],
)  # fmt: skip
def test_a_company_that_cannot_be_is_refused_at_its_field(admin, wrong, field):
    refused = admin.post("/setup/company/", COMPANY | wrong)

    assert refused.status_code == 422
    assert field in refused.context["form"].errors
    assert not Office.objects.exists()


def test_a_country_with_one_time_says_it_for_the_company(admin):
    admin.post("/setup/company/", COMPANY | {"zone": ""})

    assert Office.objects.get().calendar["zone"] == "Europe/Berlin"


def test_an_empty_team_changes_its_department_and_one_with_people_says_what_does(admin):
    teams(admin)
    field = Team.objects.get(key="field")
    place = f"team-{[one.key for one in proposed()].index('field')}-department"

    teams(admin, (place, "sales"))
    assert Team.objects.get(key="field").department_id == "sales"

    make_user(team=field)
    place = f"team-{[one.key for one in proposed()].index('field')}-department"
    refused = teams(admin, (place, "marketing"))
    assert refused.status_code == 409
    assert "Field marketing is not empty" in refused.text


def test_teams_are_named_before_renamed_at_will_and_removed_while_empty(admin):
    teams(admin, ("team-0-name", "Growth"), ("team-4-gone", "on"), ("team-5-name", "Partners"))

    there = dict(Team.objects.filter(archived_at=None).values_list("name", "key"))
    assert there["Growth"] == "demand-generation"
    assert there["Partners"] == "partners"
    assert "Outside sales" not in there


def test_a_team_with_people_is_not_removed_and_nothing_else_changes_then(admin):
    staffed(admin)
    places = [one.key for one in proposed()]
    number = places.index("inside-sales")

    refused = teams(admin, (f"team-{number}-gone", "on"), ("team-0-name", "Other"))

    assert refused.status_code == 409
    assert not Team.objects.filter(name="Other").exists()


def test_pasted_people_are_looked_at_row_by_row_before_anybody_is_made(admin):
    admin.post("/setup/company/", COMPANY)
    teams(admin)
    text = SHEET + "Bo\tbo@acme\tInside sales\tno\nCy\tcy@acme.example\tLegal\tmaybe\n"

    page = admin.post("/setup/people/", {"text": text, "do": "look"})

    seen = page.context["seen"]
    assert [len(rows) for rows in (seen.new, seen.there, seen.wrong)] == [4, 0, 2]
    assert [dict(row.faults) for row in seen.wrong] == [
        {"email": "no_mail"}, {"team": "unknown", "manager": "unclear"},
    ]  # fmt: skip
    assert "Mail: is no mail address" in page.text
    assert User.objects.count() == 1


def test_people_are_made_once_and_can_neither_sign_in_nor_are_they_told(admin, mailoutbox):
    people = staffed(admin)
    again = admin.post("/setup/people/", {"text": SHEET, "do": "add"})

    assert again.status_code == 302
    assert User.objects.count() == 5
    assert not people["Anna"].has_usable_password()
    assert (people["Anna"].zone, people["Anna"].joined_at) == ("Europe/Berlin", MONDAY_NINE)
    assert people["Marta"].manages.get().key == "inside-sales"
    assert LedgerEntry.objects.filter(kind="account_changed").count() == 5
    assert mailoutbox == []


def test_rows_with_a_problem_stay_in_the_field_to_be_mended(admin):
    admin.post("/setup/company/", COMPANY)
    teams(admin)

    page = admin.post("/setup/people/", {"text": SHEET + "Bo\tbo@acme\tField\t\n", "do": "add"})

    assert page.context["form"]["text"].value() == "Bo\tbo@acme\tField\t"
    assert User.objects.count() == 5


def test_each_department_has_a_head_and_a_signatory_said_beforehand(admin):
    appointed(admin)

    assert set(Department.objects.values_list("head__name", flat=True)) == {
        "Priya Nair", "Marta Silva",
    }  # fmt: skip
    assert User.objects.signatories().count() == 2
    assert not Team.objects.filter(archived_at=None, steward=None).exists()
    assert states(admin)["parties"] == "done"


def test_the_five_questions_begin_with_the_calendar_of_the_company_and_its_teams(admin):
    appointed(admin)
    teams(admin, ("team-4-gone", "on"))
    page = admin.get("/agreements/new/")
    answers = page.context["form"].initial
    assert page.status_code == 200

    company = page.context["form"].company

    assert company.office["zone"] == "Europe/Berlin"
    assert "inside-sales" in company.teams
    assert answers["answering"] == "demand-generation"


def test_an_invitation_is_a_link_that_works_once_and_only_its_digest_is_kept(admin, client):
    anna = staffed(admin)["Anna"]
    page = admin.post("/setup/invitations/", {"who": anna.pk})
    token = re.search(r"/welcome/#([\w-]+)", page.text)[1]
    client.logout()

    assert client.post("/welcome/", {"link": token}).status_code == 200
    weak = client.post("/welcome/", {"link": token, "password": "anna"})
    came = client.post("/welcome/", {"link": token, "password": PASSWORD})
    client.logout()

    assert weak.status_code == 422
    assert came.headers["Location"] == "/"
    assert client.post("/welcome/", {"link": token}).status_code == 410
    assert token not in Invitation.objects.get().digest
    assert client.login(email="anna@acme.example", password=PASSWORD)


def test_a_new_link_makes_the_one_before_void_and_an_old_one_ends(admin):
    anna = staffed(admin)["Anna"]
    olga = User.objects.get(name="Olga")
    first, second = (
        inviting.invite(people=[anna], by=olga, at=MONDAY_NINE)[0].link for _ in range(2)
    )
    tokens = [link.partition("#")[2] for link in (first, second)]

    assert inviting.find(tokens[0], MONDAY_NINE) is None
    over = admin.post("/welcome/", {"link": first})
    assert (over.status_code, "Ask whoever sent it for another" in over.text) == (404, True)
    assert inviting.find(tokens[1], MONDAY_NINE).user == anna
    assert inviting.find(tokens[1], MONDAY_NINE + timedelta(days=15)) is None


def test_links_for_all_are_made_at_once_and_mail_takes_them_where_it_is_set(admin, mailoutbox):
    staffed(admin)

    page = admin.post("/setup/invitations/", {"who": "all", "do": "mail"})

    assert page.context["mailed"] == 4
    assert {mail.to[0].split("<")[1] for mail in mailoutbox} > {"anna@acme.example>"}
    assert states(admin)["everybody"] == "done"


def test_somebody_who_only_administers_reads_who_does_the_rest(client):
    token = setup.issue_link(at=MONDAY_NINE)
    who = {"name": "Olga", "email": "olga@acme.example", "password": PASSWORD}
    client.post("/setup/first/", {**who, "link": token})

    page = client.get("/setup/")

    assert "Operations does this." in page.text
    assert User.objects.get().role == Role.ADMIN
    assert client.get("/setup/live/").status_code == 404
