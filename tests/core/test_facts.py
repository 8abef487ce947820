"""Which touches are attempts and contacts."""

import pytest

from sla.core.facts import (
    ATTEMPTS,
    CONTACTS,
    MATERIALS,
    TOUCH_KINDS,
    bare,
    is_attempt,
    is_contact,
)


@pytest.mark.parametrize(
    ("kind", "direction", "attempt", "contact"),
    [
        ("call", "outbound", True, False),
        ("call", "two_way", True, True),
        ("call", "inbound", False, False),
        ("voicemail", "outbound", True, False),
        ("personal_mail", "outbound", True, False),
        ("meeting", "inbound", True, False),
        ("meeting", "two_way", True, True),
        ("mail", "outbound", False, False),
        ("mail", "two_way", False, False),
        ("webinar", "two_way", False, False),
    ],
)
def test_an_attempt_is_outbound_by_a_person_and_a_contact_is_two_way(
    kind, direction, attempt, contact
):
    assert (is_attempt(kind, direction), is_contact(kind, direction)) == (attempt, contact)


def test_every_kind_that_is_spoken_of_is_registered():
    assert set(TOUCH_KINDS) >= ATTEMPTS | CONTACTS | set(MATERIALS)


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("the job title", "job title"),
        ("die Telefonnummer", "Telefonnummer"),
        ("consent to be contacted", "consent to be contacted"),
    ],
)
def test_a_form_names_a_field_without_its_article(label, words):
    assert bare(label) == words
