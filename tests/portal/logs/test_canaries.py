"""What is secret or of a person stands in no log, no message of the queue, no error page."""

import inspect

import pytest
from django.contrib.auth.decorators import login_not_required
from django.db import IntegrityError
from django.test import Client
from django.urls import path

from leads.models import Lead
from portal import logs
from portal.celery import app
from portal.urls import handler500 as handler500
from portal.urls import urlpatterns as ours
from tests.factories import PASSWORD, make_signatory, make_user, make_version

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
CANARY = "c4n4ry"
MAIL, PHONE = f"{CANARY}@secret.example", "+49 30 901820999"


@login_not_required
def crash(request):
    """A fault that holds what was sent, as a database's does."""
    sent = request.POST["secret"]
    raise IntegrityError(f"duplicate key\nDETAIL:  Key (email)=({sent}) already exists.")


urlpatterns = [*ours, path("crash", crash)]


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.fixture
def written(caplog):
    """All that was logged, as it would be written, for people and for machines."""
    caplog.set_level("DEBUG")
    forms = (logs.LineFormatter(), logs.JsonFormatter())
    return lambda: "\n".join(form.format(one) for one in caplog.records for form in forms)


def test_a_password_and_an_address_that_were_tried_are_not_written(visitor, written):
    visitor.post("/accounts/login/", {"login": MAIL, "password": CANARY})
    visitor.post("/accounts/password/reset/", {"email": MAIL})

    assert CANARY not in written()


@pytest.mark.parametrize("path", ["/leads/", "/desk/", "/nowhere/", "/crash"])
def test_the_words_of_a_search_are_not_written_nor_passed_on(visitor, written, path):
    visitor.force_login(make_user(team="demand-generation"))

    answer = visitor.get(path, {"q": f"{CANARY} {MAIL}"})

    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]
    assert CANARY not in written()


def test_a_token_that_was_shown_is_not_written(visitor, written):
    for path_ in ("/api/v1/leads", "/metrics", "/api/v1/nothing"):
        visitor.get(path_, headers={"Authorization": f"Bearer {CANARY}"})

    assert CANARY not in written()


def test_a_lead_that_came_is_not_written(written):
    make_version()
    make_user()
    make_user(team="outside-sales")
    make_signatory("marketing")
    person = make_user(team="demand-generation", password=PASSWORD)
    marketer = Client(raise_request_exception=False)
    marketer.force_login(person)
    typed = {"name": f"{CANARY} Lead", "email": MAIL, "phone": PHONE}

    answer = marketer.post("/leads/new/", typed)

    assert answer.status_code == 302
    assert Lead.objects.filter(email=MAIL).exists()
    assert CANARY not in written()
    assert PHONE not in written()


def test_a_fault_says_its_reference_and_nothing_that_was_sent(visitor, written):
    answer = visitor.post(f"/crash?token={CANARY}", {"secret": MAIL, "password": CANARY})

    page = answer.content.decode()
    reference = answer.headers["X-Request-ID"]
    assert (answer.status_code, CANARY in page) == (500, False)
    assert f"<code>{reference}</code>" in page
    assert CANARY not in written()
    assert "duplicate key" in written()


def test_the_queue_carries_numbers_only():
    names = ("leads.", "ledger.", "jobs.", "notifications.")
    mine = [task for name, task in app.tasks.items() if name.startswith(names)]
    taken = [one for task in mine for one in inspect.signature(task.run).parameters.values()]

    assert len(mine) >= 8
    assert [str(one) for one in taken if one.annotation is not int] == []
