"""Each step of the set-up is left half way and gone on with by somebody else, elsewhere."""

from dataclasses import dataclass, field

import pytest
from django.test import Client
from django.urls import reverse

from portal.accounts.models import Role, User
from portal.notifications.models import Delivery, Endpoint
from portal.unfinished.models import Unfinished
from sla.models import Agreement, Office, Version
from tests.factories import make_user
from tests.flows import hubspot
from tests.flows.test_first_hour import (
    COMPANY,
    PASSWORD,
    agree,
    begin,
    bring,
    code,
    enter,
    sign,
)
from tests.flows.test_first_hour import hour as hour  # a fixture
from tests.leads.imports.bringing import bring as bring_file
from tests.sla.test_questions import as_posted

pytestmark = pytest.mark.django_db
HALF = "Bo Lind\tbo@acme.example\tInside sales\t\nCy Ek\tcy@"


@dataclass(frozen=True)
class Left:
    """A form as it was left: where it is, what stood in it, and what stands there again."""

    path: str
    sent: dict = field(default_factory=dict)
    again: tuple = ()
    step: str = ""


FORMS = {
    "company": Left(
        "/setup/company/", {"name": "Acme", "zone": "", "opens": "08:40", "days": ["tue"]},
        ('value="Acme"', 'value="08:40"'), "company",
    ),
    "calendar, drawn": Left(
        "/setup/company/", COMPANY | {"closes": "15:45", "country": "DE", "do": "look"},
        ('value="15:45"', '<option value="DE" selected>'), "company",
    ),
    "calendar that cannot be": Left(
        "/setup/company/", COMPANY | {"closes": "05:15", "do": "keep"},
        ('value="05:15"',), "company",
    ),
    "teams": Left(
        "/setup/teams/",
        {
            "team-TOTAL_FORMS": "7", "team-INITIAL_FORMS": "5", "team-0-key": "field",
            "team-0-name": "Field people", "team-6-name": "Partners",
            "team-6-department": "marketing",
        },
        ('value="Field people"', 'value="Partners"'), "teams",
    ),
    "people": Left("/setup/people/", {"text": HALF}, ("Cy Ek\tcy@",), "people"),
    "people, looked at": Left(
        "/setup/people/", {"text": HALF, "do": "look"}, ("Cy Ek\tcy@",), "people"
    ),
    "heads": Left(
        "/setup/heads/", {"marketing-head": "{Priya}", "sales-head": "", "sales-signatory": ""},
        ('<option value="{Priya}" selected>',), "parties",
    ),
    "questions": Left(
        "/agreements/new/",
        as_posted(monthly="777", trial="PT7H", has_partner=None, attempts=""),
        ('value="777"', 'value="7"'), "agreement",
    ),
    "questions, text updated": Left(
        "/agreements/new/", as_posted(monthly="778") | {"name": "Inbound", "do": "text"},
        ('value="778"', 'value="Inbound"', "778 leads a month"), "agreement",
    ),
    "go live": Left(
        "/setup/live/", {"since": "2026-01-17", "limit": "41"},
        ('value="2026-01-17"', 'value="41"'), "live",
    ),
}  # fmt: skip


@pytest.fixture
def another(client, hour):
    """A colleague with the same rights in another browser, at a company that was begun."""
    begin(client)
    browser = Client()
    browser.force_login(
        make_user("Tove", team=None, role=Role.OPERATIONS, is_staff=True, is_superuser=True)
    )
    return browser


def named(text):
    """The text with numbers of people instead of their first names."""
    for user in User.objects.all():
        text = text.replace(f"{{{user.name.split()[0]}}}", str(user.pk))
    return text


def sent(left):
    given = {"do": "later"} | left.sent
    return {key: named(v) if isinstance(v, str) else v for key, v in given.items()}


@pytest.mark.parametrize("left", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["plain", "as written"])
def test_a_form_that_is_left_stands_again_for_a_colleague_elsewhere(
    client, another, left, headers
):
    answer = client.post(left.path, sent(left), headers=headers)
    assert answer.status_code in (200, 204, 302, 422)

    page = another.get(left.path)

    assert page.status_code == 200
    assert [one for one in left.again if named(one) not in page.text] == []
    assert "Kept by Olga" in page.text
    steps = {step.key: step.text for step in another.get("/setup/").context["steps"]}
    assert [key for key, text in steps.items() if "Begun and kept" in text] == [left.step]


@pytest.mark.parametrize("left", FORMS.values(), ids=FORMS)
def test_what_was_left_is_nothing_yet_and_can_be_begun_again(client, another, left):
    before = nothing_yet()
    client.post(left.path, sent(left))
    assert nothing_yet() == before

    assert another.post(left.path, {"do": "anew"}).url == left.path

    page = client.get(left.path).text
    assert "Kept by" not in page
    assert not Unfinished.objects.exists()


def nothing_yet():
    offices = list(Office.objects.values_list("name", "calendar"))
    return offices, User.objects.count(), Agreement.objects.count(), Delivery.objects.count()


def test_a_form_that_is_done_waits_no_more(client, another):
    for path in ("/setup/company/", "/setup/people/", "/agreements/new/"):
        client.post(path, {"name": "Half", "text": HALF, "do": "later"})
    assert Unfinished.objects.count() == 3

    client.post("/setup/company/", COMPANY | {"regions_of": "DE"})
    people = another.post("/setup/people/", {"text": HALF, "do": "add"})
    agree(client)

    assert Unfinished.objects.begun() == {"setup:people"}  # the row that has to be mended
    assert people.context["form"]["text"].value() == "Cy Ek\tcy@"
    assert another.get("/setup/people/").context["form"]["text"].value() == "Cy Ek\tcy@"


def test_an_agreement_that_is_there_is_asked_about_apart_from_a_new_one(client, another):
    agree(client)
    path = reverse("sla:questions", args=["inbound"])
    client.post(path, as_posted(monthly="901") | {"do": "later"})

    assert 'value="901"' in another.get(path).text
    assert 'value="901"' not in another.get("/agreements/new/").text
    assert "901 leads a month" in another.get(path).text


def test_what_is_too_long_or_empty_is_not_kept_and_letters_nobody_can_store_are_left_out(
    client, another
):
    client.post("/setup/people/", {"do": "later"})
    client.post("/setup/people/", {"text": "x" * 250_001, "do": "later"})
    assert not Unfinished.objects.exists()

    client.post("/setup/people/", {"text": "Bo\x00", "do": "later"})
    assert Unfinished.objects.get().fields == {"text": ["Bo"]}


def test_a_file_waits_at_the_step_where_it_was_left(client, another, hour):
    upload = bring_file(hubspot.contacts(hour[0]), User.objects.get(name="Olga"), at=hour[0])
    path = reverse("leads:import-map", args=[upload.pk])
    assert path in another.get("/imports/").text

    client.post(path, {"source": "our crm", "to_0": "phone", "do": "later"})
    form = another.get(path).context["form"]
    assert (form["source"].value(), form["to_0"].value()) == ("our crm", "phone")

    started = another.get(f"{path}?preset=").context["form"]
    assert started["source"].value() != "our crm"
    another.post(reverse("leads:import-remove", args=[upload.pk]))
    assert not Unfinished.objects.exists()


def test_a_channel_that_was_made_and_not_tried_says_so_until_it_is(client, another, hour):
    def step():
        steps = client.get("/setup/").context["steps"]
        return next(one for one in steps if one.key == "channel")

    endpoint = Endpoint(kind="slack", name="Our Slack")
    endpoint.keep(address="https://hooks.example.test/services/T0")
    endpoint.save()
    assert (step().state, step().label) == ("warning", "Test it")
    assert "/test/" in another.get(step().url).text

    Endpoint.objects.update(sent_at=hour[0])
    assert (step().state, step().text) == ("done", "Our Slack")


def test_who_turned_codes_on_and_left_signs_later_and_the_list_says_who_lacks(
    client, another, hour
):
    agree(client)
    priya, marta = (enter(Client(), client, name) for name in ("Priya", "Marta"))
    page = reverse("sla:version-sign", args=["inbound", 1])
    secret = priya.get(page).context["key_for_app"]["secret"]
    assert priya.get(page).context["key_for_app"]["secret"] == secret  # the app has it already
    priya.post(page, {"codes_on": "1", "password": PASSWORD, "code": code(secret)})
    priya.logout()

    assert sign(marta, hour).status_code == 302
    signing = next(s for s in another.get("/setup/").context["steps"] if s.key == "signing")
    assert "Missing: Marketing" in signing.text
    assert another.get(signing.url).context["needs"] == ["marketing"]
    assert Version.objects.get().state == Version.State.PROPOSED


def test_while_signatures_are_missing_the_list_leads_to_what_would_have_been(
    client, another, hour
):
    agree(client)
    tove = Client()
    tove.force_login(make_user("Ada", team=None, role=Role.ADMIN, is_staff=True))

    signing = next(s for s in another.get("/setup/").context["steps"] if s.key == "signing")
    assert another.get(signing.beside[0]).status_code == 200
    assert signing.beside[0] in another.get("/setup/").text
    for path in ("/setup/", "/setup/signing/"):  # who only administers reads no leads
        assert signing.beside[0] not in tove.get(path).text


def test_a_look_at_going_live_and_a_test_lead_leave_nothing_and_can_be_had_again(
    client, another, hour
):
    agree(client)
    bring(client, hour[0], hubspot.contacts(hour[0]))
    for name in ("Priya", "Marta"):
        sign(enter(Client(), client, name), hour)
    looked = client.post(
        "/setup/live/", {"since": "2026-02-01", "limit": "500", "do": "look"}
    ).context["outlook"]
    tried = client.post(
        "/setup/test/", {"kind": "trial", "country": "DE", "employees": "200"}
    ).context["tried"]

    again = another.post(
        "/setup/live/", {"since": "2026-02-01", "limit": "500", "do": "look"}
    ).context["outlook"]
    other = another.post(
        "/setup/test/", {"kind": "trial", "country": "DE", "employees": "200"}
    ).context["tried"]
    assert again == looked
    assert (other.offered, list(other.why)) == (tried.offered, list(tried.why))
    assert another.get("/setup/").context["next"] == "live"
