"""No page of an agreement asks the database more often because there are more versions."""

import pytest
from django.urls import reverse

from portal import wallclock
from sla.forms.parts import PARTS
from tests.factories import make_operations, make_signatory
from tests.kept import kept
from tests.sla.versions import HOUR, NINE, a_draft, a_proposal, a_signed_version

pytestmark = pytest.mark.django_db
MOST = 12
SIGNING = 16  # who signs, by what, under which warnings, against what


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(wallclock, "now", lambda: NINE + HOUR)


@pytest.fixture(scope="module")
def versions(django_db_setup, django_db_blocker):
    """One in force, one proposed and one being written, of one agreement."""
    with kept(django_db_blocker):
        signed = a_signed_version()
        proposed = a_proposal()
        yield signed, proposed, a_draft()


def asked(client, person, path, most, limit):
    client.force_login(person)
    client.get(path)
    with limit(most):
        answer = client.get(path)

    assert answer.status_code == 200


def address(version, name, *rest):
    return reverse(f"sla:{name}", args=[version.agreement.key, version.number, *rest])


def test_the_text_in_force(client, versions, django_assert_max_num_queries):
    path = reverse("sla:agreement", args=[versions[0].agreement.key])

    asked(client, make_operations(), path, MOST, django_assert_max_num_queries)


@pytest.mark.parametrize("which", range(3))
def test_a_version(client, versions, which, django_assert_max_num_queries):
    path = address(versions[which], "version")

    asked(client, make_operations(), path, MOST, django_assert_max_num_queries)


@pytest.mark.parametrize("part", ["", *PARTS])
def test_what_is_being_written(client, versions, part, django_assert_max_num_queries):
    draft = versions[2]
    path = address(draft, "draft-part", part) if part else address(draft, "draft-edit")

    asked(client, make_operations(), path, MOST, django_assert_max_num_queries)


def test_the_page_on_which_one_signs(client, versions, django_assert_max_num_queries):
    path = address(versions[1], "version-sign")

    asked(client, make_signatory("sales"), path, SIGNING, django_assert_max_num_queries)
