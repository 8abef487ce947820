"""Endpoints in the admin: secrets go in and never come out; a button says whether it works."""

import pytest

from portal import wallclock
from portal.accounts.models import Role
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Endpoint
from tests.factories import MONDAY_NINE, make_team, make_user
from tests.portal.endpoints import OTHER_SECRET, SECRET, make_endpoint
from tests.portal.hostile import answering, serving

pytestmark = pytest.mark.django_db
ADD = "/admin/notifications/endpoint/add/"


@pytest.fixture(autouse=True)
def monday_nine(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: MONDAY_NINE)


@pytest.fixture
def staff(client):
    client.force_login(make_user("Ad Min", team=None, role=Role.ADMIN, is_staff=True))
    return client


def fields(**changes):
    known = {"kind": "slack", "name": "ops", "is_enabled": "on", "secrets": ""}
    return known | {"address": "https://hooks.example.test/services/T0SECRET"} | changes


def change(endpoint):
    return f"/admin/notifications/endpoint/{endpoint.pk}/change/"


def test_an_address_goes_in_and_is_shown_to_nobody(staff):
    staff.post(ADD, fields())

    endpoint = Endpoint.objects.get()
    page = staff.get(change(endpoint)).text
    assert endpoint.address.endswith("T0SECRET")
    assert "T0SECRET" not in endpoint.sealed_address
    assert "T0SECRET" not in page
    assert "hooks.example.test" in page
    entry = LedgerEntry.objects.get(kind="configured")
    assert "T0SECRET" not in str(entry.clear)


def test_who_keeps_a_new_one_is_led_to_the_button_that_tries_it_and_back_to_the_steps(staff):
    page = staff.post(ADD, fields(), follow=True)

    assert page.redirect_chain == [(change(Endpoint.objects.get()), 302)]
    assert "Now send a test message" in page.text
    assert 'action="/admin/notifications/endpoint/' in page.text
    assert '<a href="/setup/">Set up</a>' in page.text


def test_empty_fields_keep_what_is_there(staff):
    endpoint = make_endpoint("webhook", name="ops")

    staff.post(change(endpoint), fields(kind="webhook", address="", name="renamed"))

    endpoint.refresh_from_db()
    assert endpoint.name == "renamed"
    assert endpoint.address == "https://hooks.example.test/in"
    assert endpoint.secrets == [SECRET]


def test_a_webhook_without_a_secret_is_given_one_that_is_shown_once(staff):
    page = staff.post(ADD, fields(kind="webhook"), follow=True).text

    (secret,) = Endpoint.objects.get().secrets
    assert secret in page
    assert secret not in staff.get(change(Endpoint.objects.get())).text


def test_two_secrets_let_one_be_replaced(staff):
    staff.post(ADD, fields(kind="webhook", secrets=f"{SECRET}\n{OTHER_SECRET}"))

    assert Endpoint.objects.get().secrets == [SECRET, OTHER_SECRET]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"address": ""}, id="no address"),
        pytest.param({"address": "http://hooks.example.test/"}, id="plain http"),
        pytest.param({"address": "https://a:b@hooks.example.test/"}, id="a password"),
        pytest.param({"address": "https://hooks.example.test:22/"}, id="a port"),
        pytest.param({"address": "file:///etc/passwd"}, id="a file"),
        pytest.param({"kind": "slack_bot"}, id="a bot without a token"),
        pytest.param({"kind": "webhook", "secrets": "short"}, id="a bad secret"),
        pytest.param({"kind": "pigeon"}, id="no such kind"),
    ],
)
def test_what_cannot_work_is_said_before_it_is_kept(staff, changes):
    assert staff.post(ADD, fields(**changes)).status_code == 200
    assert not Endpoint.objects.exists()


def test_a_team_or_a_department_and_not_both(staff):
    team = make_team()

    page = staff.post(ADD, fields(team=team.pk, department=team.department_id))

    assert "not both" in page.text
    assert not Endpoint.objects.exists()


def test_switching_it_on_again_closes_the_circuit(staff):
    endpoint = make_endpoint(name="ops", is_enabled=False)
    Endpoint.objects.update(failures=7, open_until=MONDAY_NINE)

    staff.post(change(endpoint), fields(address=""))

    endpoint.refresh_from_db()
    assert (endpoint.is_enabled, endpoint.failures, endpoint.open_until) == (True, 0, None)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("200 OK", "It was taken by 127.0.0.1"),
        ("403 Forbidden", "It did not arrive. It answered 403."),
        ("302 Found", "a redirect, which is not followed"),
    ],
)
def test_the_button_says_in_words_what_came_of_it(staff, settings, status, said):
    with serving(answering(status)) as server:
        settings.INTERNAL_HOSTS = frozenset({f"127.0.0.1:{server.port}"})
        endpoint = make_endpoint(address=server.url(), allows_http=True)
        assert "Send a test message" in staff.get(change(endpoint)).text

        page = staff.post(f"/admin/notifications/endpoint/{endpoint.pk}/test/", follow=True)

    assert said in page.text
    assert b"#T-0" in server.heard[0]


def test_the_answer_of_a_stranger_is_not_shown(staff, settings):
    with serving(answering("500 Oops", b"<b>root:x:0</b>")) as server:
        settings.INTERNAL_HOSTS = frozenset({f"127.0.0.1:{server.port}"})
        endpoint = make_endpoint(address=server.url(), allows_http=True)

        page = staff.post(f"/admin/notifications/endpoint/{endpoint.pk}/test/", follow=True)

    assert "root:x" not in page.text


def test_an_address_inside_is_refused_when_it_is_tried(staff):
    endpoint = make_endpoint(address="https://127.0.0.1/")

    page = staff.post(f"/admin/notifications/endpoint/{endpoint.pk}/test/", follow=True)

    assert "inside a network" in page.text


def test_nobody_else_sends_a_test(client):
    endpoint = make_endpoint()
    client.force_login(make_user())

    answer = client.post(f"/admin/notifications/endpoint/{endpoint.pk}/test/")

    assert answer.status_code == 302
    assert "/login/" in answer.url
