"""Who administers the portal, the directory with their token, and somebody who sells."""

import pytest

from portal.accounts.models import Role, Scope
from tests.factories import (
    PASSWORD,
    make_user,
)
from tests.portal.scim.directory import Directory, token_of


@pytest.fixture
def boss():
    return make_user("Ada Admin", team=None, role=Role.ADMIN, is_staff=True)


@pytest.fixture
def scim(boss):
    return Directory(token_of(boss, Scope.DIRECTORY))


@pytest.fixture
def seller():
    person = make_user("Sven Seller", password=PASSWORD)
    make_user("Rita Rest", team=person.team)
    return person
