"""Teams and people in the admin: which fields a page has, and what figures are counted by."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import RequestFactory

from portal.accounts.models import Absence, Team, User
from tests.factories import make_team

pytestmark = pytest.mark.django_db


def form(model, row=None):
    request = RequestFactory().get("/")
    request.user = get_user_model()(is_superuser=True, is_staff=True, is_active=True)
    return admin.site.get_model_admin(model).get_form(request, row)


def test_a_team_that_is_there_keeps_its_department_and_key():
    new, kept = (
        set(form(Team, team).base_fields) for team in (None, make_team("inside-sales"))
    )

    assert new - kept == {"department", "key"}
    assert {"name", "manager", "steward", "calendar"} <= kept


@pytest.mark.parametrize("model", [User, Team, Absence], ids=lambda model: model.__name__)
def test_a_row_that_is_added_gets_the_focus_by_the_admin_s_script_alone(model):
    """Two that give it race each other, and Chromium complains of the one that comes late."""
    assert "autofocus" not in form(model)().as_p()
