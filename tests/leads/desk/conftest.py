"""A desk and what it says."""

import pytest
from django.urls import reverse


@pytest.fixture
def desk(client):
    """`desk(person, "?kind=accept")` -> the text of their desk; `desk.names` of a text."""

    def read(person, query=""):
        client.force_login(person)
        return client.get(reverse("leads:desk") + query).text

    return read
