"""People are spoken to in their own language: pages by their choice, messages by whom they
are for."""

from datetime import UTC, datetime

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from portal.look import words
from portal.notifications import outbox
from portal.notifications.models import Delivery
from portal.reader.language import Phrase
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_a_page_is_in_the_language_that_its_reader_chose(client):
    anna = make_user()
    client.force_login(anna)
    assert '<html lang="en"' in client.get("/accounts/2fa/").text

    client.post(reverse("preferences"), {"language": "de"})

    answer = client.get("/accounts/2fa/", headers={"Accept-Language": "en"})
    assert '<html lang="de"' in answer.text
    assert "Abmelden" in answer.text
    assert answer.headers["Content-Language"] == "de"


def test_without_a_choice_the_browser_decides(client):
    client.force_login(make_user())

    answer = client.get("/accounts/2fa/", headers={"Accept-Language": "de-AT,de;q=0.9"})

    assert '<html lang="de"' in answer.text


def test_a_choice_can_be_taken_back(client):
    anna = make_user(language="de")
    client.force_login(anna)

    client.post(reverse("preferences"), {"language": ""})

    anna.refresh_from_db()
    assert anna.language == ""
    assert '<html lang="en"' in client.get("/accounts/2fa/").text


def test_a_language_that_nobody_speaks_is_not_kept(client):
    anna = make_user()
    client.force_login(anna)

    client.post(reverse("preferences"), {"language": "xx"})

    anna.refresh_from_db()
    assert anna.language == ""


@pytest.mark.parametrize("teller", ["en", "de"])
def test_a_message_is_worded_for_whom_it_is_for_whoever_causes_it(teller):
    anna, bernd = make_user(), make_user(language="de")

    with translation.override(teller):
        outbox.tell(
            about="lead:1:again",
            to=[anna, bernd],
            channels=["in_app"],
            title=Phrase("%(lead)s raised a hand again") % {"lead": "Ines"},
            at=NOON,
        )

    said = dict(Delivery.objects.values_list("recipient__language", "title"))
    assert said[""] == "Ines raised a hand again"
    assert said["de"] != said[""]
    assert "Ines" in said["de"]


def test_a_mail_speaks_as_its_message_does():
    bernd = make_user(language="de")
    told = {"to": [bernd], "channels": ["mail"], "title": "A", "at": NOON, "level": "late"}
    outbox.tell(about="one", **told)

    outbox.deliver_due(at=NOON)

    (sent,) = mail.outbox
    assert "wegen der Vereinbarung zwischen Marketing und Vertrieb" in sent.body


def test_what_somebody_wrote_and_a_day_look_as_the_language_has_them():
    day = datetime(2026, 5, 3, 12, tzinfo=UTC)

    with translation.override("de"):
        said = words.quoted("Land"), words.day(day, None), date_format(day, "j F Y")

    assert said == ("„Land“", "So 3.\u00a0Mai 2026", "3. Mai 2026")
