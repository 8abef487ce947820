"""The look in a real browser: read by everybody, used by keys, quiet under the strict CSP."""

import pytest

from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)
SIZES = [(1440, "light"), (390, "dark"), (320, "light")]
MARKED = "form.row.on"


@pytest.fixture
def staff():
    return make_user("Sigrid Admin", team=None, role="admin", is_staff=True)


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_every_component_is_open_to_everybody(open_page, violations, staff, width, scheme):
    page = open_page("/style/", user=staff, width=width, scheme=scheme)

    assert violations(page) == []
    assert page.complaints == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("path", ["/accounts/login/", "/accounts/password/reset/"])
def test_the_way_in_is_open_to_everybody(open_page, violations, path):
    page = open_page(path)

    assert violations(page) == []
    assert page.complaints == []


def test_keys_choose_a_row_and_act_on_it(open_page, staff):
    page = open_page("/style/", user=staff)
    page.keyboard.press("j")
    page.keyboard.press("j")
    chosen = page.locator(MARKED).get_attribute("id")

    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("a")

    assert chosen == "gustav-rehn"
    assert "do=accept" in sent.value.post_data


def test_a_key_reaches_an_act_that_lies_in_a_closed_menu(open_page, staff):
    page = open_page("/style/", user=staff)

    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.keyboard.press("v")

    assert "do=voicemail" in sent.value.post_data


def test_a_letter_typed_into_a_field_is_a_letter(open_page, staff):
    page = open_page("/style/", user=staff)

    page.locator("#id_note").press_sequentially("javc?")

    assert page.locator("#id_note").input_value() == "javc?"
    assert page.url.endswith("/style/")


def test_single_keys_that_are_turned_off_do_nothing(open_page, staff):
    page = open_page("/style/", user=staff)
    page.evaluate("document.body.dataset.keys = 'off'")
    before = page.locator(MARKED).get_attribute("id")

    page.keyboard.press("j")

    assert page.locator(MARKED).get_attribute("id") == before


def test_the_list_of_keys_opens_by_key_and_by_mouse_without_script(open_page, staff):
    page = open_page("/style/", user=staff)
    page.keyboard.press("?")
    assert page.locator("#all-keys").is_visible()

    plain = open_page("/style/", user=staff, java_script_enabled=False)
    plain.get_by_role("button", name="All keys").click()
    assert plain.locator("#sample-dialog").is_visible()


def test_escape_closes_a_menu_and_gives_the_focus_back(open_page, staff):
    page = open_page("/style/", user=staff)
    page.locator("details.me > summary").click()

    page.keyboard.press("Escape")

    assert not page.locator("details.me").evaluate("menu => menu.open")
    assert page.evaluate("document.activeElement.matches('details.me > summary')")


def test_the_theme_changes_at_once_and_stays(open_page, staff):
    page = open_page("/style/", user=staff)
    page.locator("details.me > summary").click()

    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="Dark").click()
    page.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    page.reload()

    assert page.locator("html").get_attribute("data-theme") == "dark"


def test_the_theme_changes_without_script(open_page, staff):
    page = open_page("/style/", user=staff, java_script_enabled=False)
    page.locator("details.me > summary").click()

    page.get_by_role("button", name="Dark").click()

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.url.endswith("/style/")


def test_the_journey_starts_at_now_on_a_phone(open_page, staff):
    page = open_page("/style/", user=staff, width=390)

    box = page.get_by_role("region", name="Journey drawing")

    now = 0.73 * box.evaluate("box => box.scrollWidth")
    left = box.evaluate("box => box.scrollLeft")
    assert left < now < left + box.evaluate("box => box.clientWidth")


def test_a_broken_request_is_said_aloud(open_page, staff):
    page = open_page("/style/", user=staff)

    page.evaluate("htmx.ajax('GET', '/nowhere/', '#main').catch(() => {})")
    said = page.get_by_role("alert").filter(has_text="That did not work")
    said.wait_for()

    assert said.is_visible()
