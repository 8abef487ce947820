"""Pages that refuse, or failed: each says what happened and what to do next."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from tests.factories import make_user
from tests.portal.test_look import page

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["400.html", "413.html", "403_csrf.html", "500.html", "503.html"]
)
def test_the_page_of_a_fault_needs_no_request_and_no_database(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        text = render_to_string(name)

    assert text.count("<h1>") == 1
    assert 'class="btn btn-1"' in text


@pytest.mark.parametrize("name", ["403.html", "404.html", "405.html", "409.html", "429.html"])
def test_htmx_gets_a_refusal_without_the_page_around_it(name):
    request = RequestFactory().get("/")
    request.user, request.htmx = make_user(), True

    text = render_to_string(name, {"message": "Anna accepted this 4 s ago."}, request)

    assert "<html" not in text


def test_a_refusal_is_read_aloud_in_the_place_of_what_was_asked():
    text = page('{% include "components/refusal.html" %}', message="Anna accepted this.")

    assert 'role="alert"' in text
    assert "Anna accepted this." in text
    assert "Nothing of yours was lost." in text


@pytest.fixture
def visitor(client):
    client.raise_request_exception = False
    return client


@pytest.mark.urls("tests.portal.faulty_urls")
@pytest.mark.parametrize(
    ("path", "status", "next_step"),
    [
        ("/faulty/suspect", 400, "Go back, load the page again"),
        ("/faulty/forbid", 403, "Sign in first."),
        ("/no-such-page", 404, "To the first page"),
        ("/faulty/refuse", 409, "Show it as it is now"),
        ("/faulty/swamp", 413, "Go back and send it in parts"),
        ("/faulty/crash", 500, "Go back and look whether it was done"),
        ("/faulty/stumble", 503, "Try again"),
    ],
)
def test_each_says_what_to_do_next_in_the_look_of_the_portal(visitor, path, status, next_step):
    answer = visitor.get(path)

    assert answer.status_code == status
    assert next_step in answer.text
    assert answer.text.count("<h1>") == 1
    assert "portal.css" in answer.text or "css/base" in answer.text


def test_who_lands_on_the_address_of_a_button_is_told_to_press_it_again(client):
    client.force_login(make_user())

    answer = client.get(reverse("leads:handoff-accept", args=[1]))

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "press it once more" in answer.text


def test_who_tries_too_often_is_told_to_wait_and_of_the_way_round(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "2/m/ip", "login_failed": "2/m/ip,2/m/key"}
    wrong = {"login": "anna@example.test", "password": "guess"}

    answers = [client.post(reverse("account_login"), wrong) for _ in range(4)]

    assert answers[-1].status_code == 429
    assert "That was tried too often" in answers[-1].text
    assert reverse("account_reset_password") in answers[-1].text


def test_a_form_beyond_all_measure_is_refused_with_its_limits(client):
    client.force_login(make_user())

    answer = client.post(reverse("profile"), {"name": "x" * (3 << 20)})

    assert answer.status_code == 413
    assert "a form 2 MB and 2,000 fields" in answer.text
