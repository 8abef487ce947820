"""A team in the admin: its name, manager and calendar; what figures are counted by stays."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from portal.accounts.models import Team
from tests.factories import make_team

pytestmark = pytest.mark.django_db


def fields(team):
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_superuser=True, is_staff=True, is_active=True)
    page = admin.site.get_model_admin(Team)
    return set(page.get_form(request, team).base_fields)


def test_a_team_that_is_there_keeps_its_department_and_key():
    team = make_team("inside-sales")

    assert fields(None) - fields(team) == {"department", "key"}
    assert {"name", "manager", "steward", "calendar"} <= fields(team)
