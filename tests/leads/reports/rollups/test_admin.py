"""The sums of reports in the admin: to be looked at, and nothing else."""

import pytest
from django.contrib import admin
from django.urls import reverse

from leads.models import RolledCell, RolledShare, RolledTo
from tests.factories import make_user
from tests.leads.reports.backtest.test_columns import THEN
from tests.leads.reports.backtest.test_columns import company as company
from tests.leads.reports.rollups.counted import rolled_up

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [RolledCell, RolledShare, RolledTo])
def test_a_superuser_may_look_at_sums_and_change_none(client, company, model):
    rolled_up(THEN)
    client.force_login(make_user("Su Per", is_staff=True, is_superuser=True))
    name = f"admin:leads_{model._meta.model_name}"
    one = model.objects.first()

    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    seen = client.get(reverse(f"{name}_change", args=[one.pk]))
    assert seen.status_code == 200
    assert company[0].lead.email not in seen.text
    assert client.get(reverse(f"{name}_add")).status_code == 403
    assert client.post(reverse(f"{name}_delete", args=[one.pk])).status_code == 403


def test_the_numbers_of_single_facts_are_not_shown():
    for model in (RolledCell, RolledShare):
        assert "records" in admin.site.get_model_admin(model).exclude
