"""What is written in a form of the set-up stands there again, though no button was pressed."""

import pytest

from portal.accounts.models import Role
from portal.unfinished.models import Unfinished
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_form_is_kept_as_it_is_written_and_stands_again_elsewhere(open_page, violations):
    admin = make_user("Tove", team=None, role=Role.ADMIN, is_staff=True)
    page = open_page("/setup/company/", user=admin)
    with page.expect_response(lambda answer: answer.status == 204):
        page.get_by_label("Name of the company").fill("Acme")
    assert Unfinished.objects.get().fields["name"] == ["Acme"]

    again = open_page("/setup/company/", user=admin)

    assert again.get_by_label("Name of the company").input_value() == "Acme"
    assert again.get_by_text("Kept by Tove").is_visible()
    assert violations(again) == []
    again.get_by_role("button", name="Begin again").click()
    again.get_by_text("Kept by Tove").wait_for(state="detached")
    assert not Unfinished.objects.exists()
    assert page.complaints == again.complaints == []
