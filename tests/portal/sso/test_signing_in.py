"""Signing in with the company: who is let in, as whom, and where they then belong."""

import pytest
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from portal.accounts.models import GroupPlace, Role, User
from portal.ledger.models import LedgerEntry
from portal.notifications.models import Delivery
from tests.factories import make_operations, make_signatory, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna():
    return make_user("Anna Berg", email="anna@concord.test")


def who(client):
    return client.session.get("_auth_user_id")


def kinds(person):
    found = LedgerEntry.objects.about(("user", person.pk)).order_by("seq")
    return list(found.values_list("kind", flat=True))


def test_without_a_provider_there_is_no_button_and_nothing_at_its_addresses(client):
    page = client.get(reverse("account_login"))

    assert "company/begin" not in page.content.decode()
    assert client.post(reverse("company-begin")).status_code == 404
    assert client.get(reverse("company-back")).status_code == 404


def test_the_button_names_the_company_and_keeps_where_one_was_going(client, provider):
    page = client.get(reverse("account_login"), {"next": "/leads/"}).content.decode()

    assert "Sign in with Aubert" in page
    assert page.count('name="next" value="/leads/"') == 2


def test_somebody_with_an_account_is_signed_in_by_their_verified_address(client, sign_in, anna):
    response = sign_in(next="/leads/")

    assert response.status_code == 302
    assert response.headers["Location"] == "/leads/"
    assert who(client) == str(anna.pk)
    assert kinds(anna)[-1] == "identity_linked"
    assert Delivery.objects.filter(recipient=anna, channel="mail").exists()


def test_it_is_asked_for_with_pkce_a_nonce_and_a_state(client, provider, sign_in, anna):
    sign_in()

    asked = provider.asked
    assert asked["code_challenge_method"] == "S256"
    assert len(asked["nonce"]) > 40
    assert len(asked["state"]) >= 16
    assert set(asked["scope"].split()) == {"openid", "profile", "email"}
    assert len(provider.exchanged["code_verifier"]) >= 43


def test_the_session_gets_a_new_key(client, provider, sign_in, anna):
    client.get(reverse("account_login"))
    client.session["seen"] = True
    client.post(reverse("company-begin"))
    before = client.session.session_key

    sign_in()

    assert client.session.session_key != before


def test_later_the_subject_counts_and_not_the_address(client, provider, sign_in, anna):
    sign_in()
    client.logout()
    provider.claims = {"email": "anna.new@concord.test", "email_verified": False}

    sign_in()

    assert who(client) == str(anna.pk)
    assert kinds(anna).count("identity_linked") == 1


def test_a_second_person_with_the_same_address_is_not_the_first(
    client, provider, sign_in, anna
):
    sign_in()
    client.logout()
    provider.claims = {"sub": "another"}

    response = sign_in()

    assert response.status_code == 403
    assert "another person" in response.content.decode()
    assert who(client) is None
    assert SocialAccount.objects.count() == 1


def test_nobody_gets_an_account_by_signing_in(client, sign_in, sales_reps, provider):
    provider.claims = {"groups": ["sales-reps"]}
    people = User.objects.count()

    response = sign_in()

    assert response.status_code == 403
    assert "Ask an administrator" in response.content.decode()
    assert User.objects.count() == people


def test_unless_the_setting_says_so_and_a_group_of_theirs_has_a_place(
    client, sign_in, sales_reps, provider
):
    provider.settings["creates_accounts"] = True

    refused = sign_in()
    provider.claims = {"groups": ["sales-reps"]}
    sign_in()

    made = User.objects.get(email="anna@concord.test")
    assert refused.status_code == 403
    assert who(client) == str(made.pk)
    assert (made.name, made.department_id, made.team) == (
        "Anna Berg", "sales", sales_reps.team
    )  # fmt: skip
    assert not made.has_usable_password()


def test_a_closed_account_stays_closed(client, sign_in, anna):
    anna.is_active = False
    anna.save()

    response = sign_in()

    assert response.status_code == 403
    assert "closed" in response.content.decode()
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize("said", [False, "true", 1, None])
def test_an_address_that_the_provider_does_not_vouch_for_opens_nothing(
    client, provider, sign_in, anna, said
):
    provider.claims = {"email_verified": said}

    response = sign_in()

    assert response.status_code == 403
    assert "vouch" in response.content.decode()
    assert not SocialAccount.objects.exists()


def test_silence_about_an_address_of_the_company_s_own_domain_is_enough(
    client, provider, sign_in, anna
):
    provider.settings["mail_domains"] = ["concord.test"]
    provider.claims = {"email_verified": None}

    sign_in()

    assert who(client) == str(anna.pk)


def test_what_the_token_does_not_say_is_asked_for_at_userinfo(client, provider, sign_in, anna):
    provider.claims = {"email": None, "email_verified": None, "groups": None}
    provider.userinfo = {
        "sub": "anna-0815", "email": "anna@concord.test", "email_verified": True
    }  # fmt: skip

    sign_in()

    assert who(client) == str(anna.pk)


def test_userinfo_about_somebody_else_is_refused(client, provider, sign_in, anna):
    provider.claims = {"email": None}
    provider.userinfo = {"sub": "x", "email": "anna@concord.test", "email_verified": True}

    assert sign_in().status_code == 403
    assert who(client) is None


def test_groups_say_where_somebody_belongs(client, provider, sign_in, anna):
    field = make_team("demand-generation")
    GroupPlace.objects.create(
        group="mkt", role="manager", department=field.department, team=field, rank=1
    )
    GroupPlace.objects.create(group="all", role="auditor")
    provider.claims = {"groups": ["all", "mkt", "nobody knows"]}

    sign_in()

    anna.refresh_from_db()
    assert (anna.department_id, anna.team, anna.role) == ("marketing", field, "manager")
    entry = LedgerEntry.objects.about(("user", anna.pk)).order_by("seq").last()
    assert entry.clear["fields"] == ["department", "role", "team"]
    assert entry.clear["source"] == "identity provider"
    assert entry.actor_id is None


def test_groups_without_a_place_change_nothing(client, provider, sign_in, anna):
    before = (anna.department_id, anna.team_id, anna.role)
    provider.claims = {"groups": ["nobody knows", 7, None]}

    sign_in()

    anna.refresh_from_db()
    assert (anna.department_id, anna.team_id, anna.role) == before


def test_no_group_gives_the_right_to_sign_nor_the_admin(client, provider, sign_in, anna):
    team = make_team("inside-sales")
    GroupPlace.objects.create(
        group="bosses", role="manager", department=team.department, team=team
    )
    provider.claims = {
        "groups": ["bosses"], "is_signatory": True, "is_staff": True, "is_superuser": True,
        "role": "admin",
    }  # fmt: skip

    sign_in()

    anna.refresh_from_db()
    assert anna.role == Role.MANAGER
    assert not (anna.is_signatory)
    assert not (anna.is_staff)
    assert not (anna.is_superuser)
    assert "admin" not in GroupPlace._meta.get_field("role").choices[0]


def test_who_changes_sides_by_a_group_signs_no_more(client, provider, sign_in):
    head = make_signatory("sales")
    field = make_team("demand-generation")
    GroupPlace.objects.create(
        group="mkt", role="manager", department=field.department, team=field
    )
    provider.claims = {"email": head.email, "groups": ["mkt"]}

    sign_in()

    head.refresh_from_db()
    assert (head.department_id, head.is_signatory) == ("marketing", False)


def test_an_administrator_is_left_where_they_are(client, provider, sign_in, sales_reps):
    boss = make_operations()
    boss.role, boss.is_staff = Role.ADMIN, True
    boss.save()
    provider.claims = {"email": boss.email, "groups": ["sales-reps"]}

    sign_in()

    boss.refresh_from_db()
    assert (boss.role, boss.department_id, boss.is_staff) == (Role.ADMIN, None, True)


def test_a_second_factor_of_ours_is_still_asked_for(client, sign_in, anna):
    from allauth.mfa.totp.internal.auth import TOTP

    TOTP.activate(anna, "JBSWY3DPEHPK3PXP")

    response = sign_in()

    assert "/2fa/authenticate/" in response.headers["Location"]
    assert who(client) is None


def test_the_page_of_one_s_sign_ins_says_whether_one_is_connected(client, sign_in, anna):
    client.force_login(anna)
    before = client.get(reverse("sign-ins")).text
    client.logout()

    sign_in()

    assert "Not connected to Aubert yet" in before
    assert "By Aubert, connected" in client.get(reverse("sign-ins")).text
