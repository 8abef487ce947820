"""The shell around each page, the tags of the look, the style guide, the error pages."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import reverse

from portal import roof
from portal.accounts.models import Role
from portal.look import shell
from portal.look.context import Shell
from portal.look.context import shell as processor
from portal.look.samples import NOW
from tests.factories import make_user

pytestmark = pytest.mark.django_db
NOBODY = AnonymousUser()


@pytest.fixture
def bound():
    """Bind readers for one test; those of the roof are put back."""
    roof.bind_all()
    before = shell.bind()
    yield shell.bind
    shell.bind(**vars(before))


def page(source: str, user: object = NOBODY, **context: object) -> str:
    request = RequestFactory().get("/somewhere/")
    request.user, request.session = user, {}
    request.htmx = False
    template = engines["django"].from_string("{% load look %}" + source)
    return template.render(context, request)


def shell_of(user: object = NOBODY, path: str = "/", **cookies: str) -> Shell:
    request = RequestFactory().get(path)
    request.user = user
    request.COOKIES.update(cookies)
    return Shell(request)


# --- tags


def test_an_icon_is_decoration_unless_it_is_named():
    assert 'aria-hidden="true"' in page('{% icon "check" %}')
    assert 'role="img" aria-label="Met"' in page('{% icon "check" "Met" %}')


def test_a_state_has_icon_word_and_form():
    badge = page('{% state "late" %}')

    assert "st-late" in badge
    assert "#i-alert-triangle" in badge
    assert "Late" in badge


def test_a_party_has_its_shape_and_its_word_whether_key_or_row():
    anna = make_user("Anna Keller")

    assert page("{% dept 'sales' %}") == '<span class="dept sl">Sales</span>'
    assert page("{% dept user.department %}", anna) == '<span class="dept sl">Sales</span>'
    assert page("{% dept None 'Olga Petrova' %}") == "<strong>Olga Petrova</strong>"


def test_a_seat_says_whose_it_is():
    assert 'aria-label="Sales seat: Anna Keller"' in page(
        '{% who "Anna Keller" "sales" True %}'
    )


def test_names_are_text_wherever_a_tag_writes_them():
    hostile = '"><script>x</script>'
    tags = (
        '{% who n "sales" True %}{% dept "sales" n %}{% state "back" n %}{% verdict "no" n %}'
    )

    assert "<script>" not in page(tags + "{% icon 'x' n %}", n=hostile)


def test_an_instant_carries_the_moment_for_machines():
    assert page("{% instant at %}", at=NOW).startswith('<time datetime="2026-10-14T12:12:00Z">')
    assert page("{% instant at %}", at=None) == ""


# --- the shell


def test_the_shell_is_empty_where_nothing_is_bound(bound):
    bound(**vars(shell.Readers()))

    around = shell_of(make_user())

    assert around.places == []
    assert around.unread == 0
    assert around.trust == shell.Trust()
    assert around.strip is None


def test_each_reader_is_asked_once_for_a_page(bound):
    asked = []
    bound(unread=lambda user: asked.append(user) or 7)
    around = shell_of(make_user())

    assert [around.unread, around.unread] == [7, 7]
    assert len(asked) == 1


def test_a_reader_that_does_not_exist_cannot_be_bound():
    with pytest.raises(TypeError, match="weather"):
        shell.bind(weather=lambda: "fine")


def test_a_visitor_costs_no_query(django_assert_num_queries, bound):
    bound(**vars(shell.Readers()))
    with django_assert_num_queries(0):
        page('{% include "account/gate.html" %}')


def test_the_place_one_is_in_is_marked_and_missing_pages_are_left_out(bound):
    places = (
        shell.Place("one", "One", "inbox", "preferences"),
        shell.Place("two", "Two", "users", "no-such-view"),
    )
    bound(places=places)

    marked = shell_of(make_user(), "/preferences/more/").places

    assert [(place["label"], place["here"]) for place in marked] == [("One", True)]


def test_who_reads_no_leads_is_led_to_none(bound):
    place = shell.Place("one", "One", "inbox", "preferences", of_leads=True)
    bound(places=(place,), search="preferences")

    admin = shell_of(make_user(team=None, role=Role.ADMIN, is_staff=True), "/")
    auditor = shell_of(make_user(team=None, role=Role.AUDITOR), "/")

    assert (admin.places, admin.search_url) == ([], "")
    assert (len(auditor.places), auditor.search_url) == (1, "/preferences/")


def test_the_footer_says_what_is_in_force_and_how_old_the_last_check_is(bound):
    around = shell.Trust(
        agreement="Inbound leads, version 4",
        entries=48211,
        head="9f3c71ab" + "0" * 56,
        checked_at=NOW,
    )
    bound(trust=lambda user, at: around)
    request = RequestFactory().get("/")
    request.user = make_user()
    processor(request)["shell"].at = NOW + timedelta(seconds=6)

    footer = render_to_string("components/shell/footer.html", {}, request)

    assert "Inbound leads, version 4" in footer
    assert "48,211 entries" in footer
    assert "9f3c 71ab" in footer
    assert "Clocks checked 6\u00a0s ago" in footer


def test_a_theme_that_nobody_offers_is_no_theme():
    assert shell_of(theme="dark").theme == "dark"
    assert shell_of(theme='"><script>').theme == ""


# --- preferences


def test_a_theme_is_kept_in_the_browser_and_shown_without_script(client):
    client.force_login(make_user())

    client.post(reverse("preferences"), {"theme": "dark", "next": "/accounts/2fa/"})

    assert 'data-theme="dark"' in client.get("/accounts/2fa/").text


def test_old_labels_are_kept_with_the_person(client):
    anna = make_user()
    client.force_login(anna)

    client.post(reverse("preferences"), {"names": "legacy"})

    anna.refresh_from_db()
    assert anna.prefers_legacy


def test_single_keys_can_be_turned_off(client):
    client.force_login(make_user())

    client.post(reverse("preferences"), {"keys": "off"})

    assert 'data-keys="off"' in client.get("/accounts/2fa/").text


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil", ""])
def test_a_preference_leads_back_into_the_portal_only(client, target):
    client.force_login(make_user())

    answer = client.post(reverse("preferences"), {"theme": "dark", "next": target})

    assert answer.url == "/"


def test_a_preference_is_set_by_a_form_only(client):
    client.force_login(make_user())

    assert client.get(reverse("preferences")).status_code == 405


def test_a_page_is_written_in_the_time_of_its_reader(client, bound):
    noon = datetime(2026, 1, 5, 12, tzinfo=UTC)
    bound(trust=lambda user, at: shell.Trust(entries=1, published_at=noon))

    for zone, clock in (("Asia/Tokyo", "21:00"), ("America/New_York", "07:00")):
        client.force_login(make_user(zone=zone))
        assert '<time datetime="2026-01-05T12:00:00Z">' in client.get("/accounts/2fa/").text
        assert f"{clock}</time>" in client.get("/accounts/2fa/").text


# --- the bell


def test_the_bell_says_how_many_are_not_seen(client, bound):
    bound(unread=lambda user: 2, alerts="bell")
    client.force_login(make_user())

    bell = client.get(reverse("bell"), headers={"HX-Request": "true"}).text

    assert "<b>2</b>" in bell
    assert "not seen" in bell
    assert "<html" not in bell


# --- the style guide


def test_staff_read_the_style_guide(client):
    client.force_login(make_user(team=None, role="admin", is_staff=True))

    page = client.get(reverse("style"))

    assert page.status_code == 200
    assert "38\u00a0min" in page.text


def test_every_component_has_its_place_in_the_style_guide(client):
    """What a script draws by itself, or a whole page is laid in, has none."""
    client.force_login(make_user(is_staff=True, team=None, role="admin"))
    folder = Path(settings.TEMPLATES[0]["DIRS"][0])
    components = {str(one.relative_to(folder)) for one in folder.glob("components/**/*.html")}

    shown = {one.name for one in client.get("/style/").templates}

    assert len(components) > 40
    assert components - shown == set()


def test_nobody_else_reads_the_style_guide(client):
    client.force_login(make_user())

    assert client.get(reverse("style")).status_code == 403


# --- ways in, and ways out


def test_the_login_page_offers_people_of_a_demo_only_in_a_demo(client, bound):
    anna = shell.Persona("Anna Keller", "sales", "Calls leads.", "anna")
    login = reverse("account_login")

    real = client.get(login).text
    bound(demo_logins=lambda: [anna], demo_login="preferences")
    demo = client.get(login).text

    assert "Be somebody" not in real
    assert '<button class="card" name="as" value="anna">' in demo


def test_a_wrong_field_names_the_reason_and_is_joined_to_it(client):
    client.force_login(make_user(team=None, role="admin", is_staff=True))

    text = client.get(reverse("style")).text

    assert 'aria-describedby="id_size_helptext id_size_error"' in text
    assert 'id="id_size_error"' in text


def test_somebody_turns_on_the_second_step_without_an_image_from_elsewhere(client):
    anna = make_user(password="correct horse battery staple")
    credentials = {"login": anna.email, "password": "correct horse battery staple"}
    client.post(reverse("account_login"), credentials)
    client.post(reverse("account_reauthenticate"), {"password": credentials["password"]})

    text = client.get(reverse("mfa_activate_totp")).text

    assert 'class="qr-dark"' in text
    assert "data:" not in text
